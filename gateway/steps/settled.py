"""Settled: a person says what became of a request that customs does not answer.

It ends the request as customs' own answer would, so that what waits for it goes on; what customs says of the request
later counts more (`gateway.steps.granted`). Nobody is told: it is the person who knows.
"""

from sqlalchemy import Connection, select

from gateway.findings import Finding
from gateway.journal import schema
from gateway.steps import learn, moves, notes
from gateway.steps.filings import named
from gateway.steps.granted import BY_A_PERSON, GRANTED, REFUSED
from gateway.steps.refusal import NotPossible

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
