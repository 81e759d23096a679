"""What follows when a person lets an item go on: a parcel is filed (again), an answer of customs is heard."""

from collections.abc import Mapping
from typing import Any

from sqlalchemy import Connection, select, update

from gateway.findings.errors import GatewayFault, Permanent
from gateway.journal import schema
from gateway.journal.ids import new_id
from gateway.steps import moves, source
from gateway.steps.collect import Heard, enter_decisions, notification, seen_before
from gateway.steps.gate import Gate
from gateway.steps.outcome import ItemOutcome
from gateway.steps.parts import Place
from gateway.steps.routing import choose
from gateway.steps.settle import PURPOSE
from gateway.steps.setup import setup_for
from gateway.steps.versions import earlier, supersede, withdraw

i, d = schema.item, schema.dossier
Row = Mapping[Any, Any]


class NotPossible(GatewayFault, Permanent):
    """This cannot be done with it now."""


def file_again(gate: Gate, conn: Connection, row: Row) -> None:
    """A filing for an item, written by the compose step with what was waived; older ones that are not out give way."""
    record = source.record_of(gate, conn, row)
    if record is None:
        raise NotPossible("its record is not kept any more; ask the sender for it again")
    route = choose(setup_for(gate, row, gate.ruleset).routes, record)
    if route is not None and route.keep:
        conn.execute(update(i).where(i.c.id == row["id"]).values(kept=True))
        return
    if route is None or not route.connection:
        raise NotPossible("no route takes it; add one to routes.yaml, then retry")
    key = conn.execute(select(d).where(d.c.id == row["dossier"])).mappings().one()
    known = earlier(conn, row["environment"], [key["business_id"]], without=row["id"])[key["business_id"]]
    before = next(one for one in known if one.id == row["dossier"])
    if before.item:
        supersede(conn, before)
    withdraw(conn, before)
    out = [one for one, state, _ in before.filings if state != "withdrawn"]
    filing = new_id()
    moves.enter(conn, "filing", [{
        "id": filing, "dossier": row["dossier"], "environment": row["environment"], "route": route.name,
        "purpose": PURPOSE, "attempt": before.attempts + 1, "item": row["id"], "connection": route.connection,
        "kind": route.target, "declarant": route.filer.declarant, "lrn": f"~{filing}",
        "ruleset": gate.ruleset, "state": "waiting", "replaces": max(out, default=None),
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
