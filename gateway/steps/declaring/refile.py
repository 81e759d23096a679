"""What follows when a person lets an item go on: a parcel is filed (again), an answer of customs is heard."""

from collections.abc import Mapping
from typing import Any

from sqlalchemy import Connection, select, update

from gateway.journal import schema
from gateway.journal.ids import new_id
from gateway.mapping.protocols import DECLARE
from gateway.steps.declaring import change
from gateway.steps.declaring.requests import CHANGE, ask
from gateway.steps.declaring.versions import Earlier, earlier, supersede, withdraw
from gateway.steps.ground import moves, source
from gateway.steps.ground.gate import Gate
from gateway.steps.ground.parts import Place
from gateway.steps.ground.refusal import NotPossible
from gateway.steps.ground.setup import setup_for
from gateway.steps.hearing.collect import Heard, enter_decisions, notification, seen_before
from gateway.steps.working.outcome import ItemOutcome, RoutePlan
from gateway.steps.working.routing import taken

i, d = schema.item, schema.dossier
Row = Mapping[Any, Any]


def file_again(gate: Gate, conn: Connection, row: Row) -> None:
    """Filings for an item, written by the compose step with what was waived; older ones that are not out give way.

    Where customs has a declaration of the parcel and takes changes of it, it is changed; else another one is made.
    """
    record = source.record_of(gate, conn, row)
    if record is None:
        raise NotPossible("its record is not kept any more; ask the sender for it again")
    routes = tuple(taken(setup_for(gate, row, gate.ruleset).routes, record))
    filing = [route for route in routes if not route.keep]
    if routes and not filing:
        conn.execute(update(i).where(i.c.id == row["id"]).values(kept=True))
        return
    if not filing or not all(route.connection for route in filing):
        raise NotPossible("no route takes it; add one to routes.yaml, then retry")
    before = _before(conn, row)
    for route in filing:
        there = change.standing_on(before, route.name)
        if there is not None and change.can_be_changed(conn, there):
            ask(gate, conn, there.id, CHANGE, "T", item=row["id"])
        else:
            _file(gate, conn, row, route, before)


def _before(conn: Connection, row: Row) -> Earlier:
    """What the dossier holds beside an item, with what is not out yet taken back."""
    key = conn.execute(select(d).where(d.c.id == row["dossier"])).mappings().one()
    known = earlier(conn, row["environment"], [key["business_id"]], without=row["id"])[key["business_id"]]
    before = next(one for one in known if one.id == row["dossier"])
    if before.item:
        supersede(conn, before)
    withdraw(conn, before)
    return before


def _file(gate: Gate, conn: Connection, row: Row, route: RoutePlan, before: Earlier) -> None:
    filing = new_id()
    moves.enter(conn, "filing", [{
        "id": filing, "dossier": row["dossier"], "environment": row["environment"], "route": route.name,
        "purpose": DECLARE, "attempt": before.next_attempt(route.name), "item": row["id"],
        "connection": route.connection, "kind": route.target, "declarant": route.filer.declarant, "lrn": f"~{filing}",
        "ruleset": gate.ruleset, "state": "waiting", "replaces": before.replaced(route.name),
    }], "T", "file")  # fmt: skip


def hear(gate: Gate, conn: Connection, row: Row, record: Place) -> None:
    """A decision that a person lets through; a name that another one has already is replaced by one of ours."""
    stored = gate.blobs.read(conn, row["record_blob"], row["record_offset"], row["record_length"])
    outcome = ItemOutcome(
        row["seq"], row["offset"], row["length"], row["line"] or 1, "accepted", kind="decision",
        item_id=row["item_id"] or "", content=row["content_hash"] or "", record=stored,
    )  # fmt: skip
    authority = gate.hub.speaker(row["connection"], row["sender"])
    name = notification(outcome)
    if name in seen_before(conn, authority, row["environment"], [name]):
        name = outcome.content.partition(".")[0]
    enter_decisions(gate, conn, row, [Heard(row["id"], outcome, record, name)])
