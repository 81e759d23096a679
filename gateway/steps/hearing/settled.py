"""Settled: a person says what became of a request that customs does not answer.

It ends the request as customs' own answer would, so that what waits for it goes on; what customs says of the request
later counts more (`gateway.steps.hearing.granted`). Nobody is told: it is the person who knows.
"""

from sqlalchemy import Connection, select

from gateway.findings import Finding
from gateway.journal import schema
from gateway.steps.ground import moves, notes
from gateway.steps.ground.refusal import NotPossible
from gateway.steps.hearing import learn
from gateway.steps.hearing.filings import named
from gateway.steps.hearing.granted import BY_A_PERSON, GRANTED, REFUSED

f = schema.filing
WITH_CUSTOMS = "lodged"


def settle(conn: Connection, text: str, who: str, *, granted: bool, note: str = "") -> str:
    """A request (its LRN, or its id) is granted or refused by a person's word; returns its id. Raises: NotPossible."""
    request = _request(conn, text)
    row = conn.execute(select(f.c.state, f.c.outcome, f.c.connection).where(f.c.id == request)).one()
    if row.state != WITH_CUSTOMS:
        raise NotPossible(f"it is {row.state}{f': {row.outcome}' if row.outcome else ''}")
    values = {"who": who.partition(":")[2] or who, "outcome": GRANTED if granted else REFUSED}
    found = Finding(BY_A_PERSON, "info", values | ({"note": note} if note else {}))
    notes.note(conn, "filing", request, row.connection, [found])
    moves.move(conn, "filing", [request], WITH_CUSTOMS, "settled", who, "settle")
    learn.refold(conn, request)
    return request


def _request(conn: Connection, text: str) -> str:
    """Raises: NotPossible."""
    wanted = {text.strip(), text.strip().upper()}
    found = named(conn, text)
    mine = [one for one in found if one.about and wanted & {one.lrn, one.id}]
    if not mine:
        asked = ", ".join(one.lrn for one in found if one.about and one.state == WITH_CUSTOMS)
        raise NotPossible(f"name a request that customs has: {asked}" if asked else "no request goes by it")
    return mine[0].id
