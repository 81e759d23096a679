"""Stranded: requests that wait about a declaration which customs has no more, or never had.

What was to change it is filed anew where customs rejected it: another attempt that says what the change would have
said. Whatever else was to be asked waits for a person.
"""

from collections.abc import Mapping
from typing import Any

from sqlalchemy import Connection, and_, or_, select

from gateway.journal import schema
from gateway.steps.declaring.refile import file_again
from gateway.steps.declaring.requests import CHANGE, LOST, lost
from gateway.steps.ground import moves, notes, source
from gateway.steps.ground.gate import Gate
from gateway.steps.ground.refusal import NotPossible

REJECTED = "rejected"
f = schema.filing
ABOUT = f.alias("about")
GONE = or_(ABOUT.c.state == "withdrawn", and_(ABOUT.c.state == "settled", ABOUT.c.outcome.in_(LOST)))
WAITING = (
    select(f.c.id, f.c.purpose, f.c.item, f.c.connection, ABOUT.c.lrn, ABOUT.c.state, ABOUT.c.outcome)
    .join(ABOUT, ABOUT.c.id == f.c.about)
    .where(f.c.state == "waiting", GONE)
    .order_by(f.c.id)
)


def take_up(gate: Gate) -> int:
    """Decide on all of them; returns how many."""
    with gate.journal.read() as conn:
        rows = conn.execute(WAITING).mappings().all()
    for row in rows:
        with gate.journal.write("stranded.take_up") as conn:
            _decide(gate, conn, row)
    return len(rows)


def _decide(gate: Gate, conn: Connection, row: Mapping[Any, Any]) -> None:
    if row["purpose"] == CHANGE and row["outcome"] == REJECTED:
        try:
            file_again(gate, conn, source.item_row(conn, row["item"]))
        except NotPossible:
            _hold(conn, row)
    else:
        _hold(conn, row)


def _hold(conn: Connection, row: Mapping[Any, Any]) -> None:
    if moves.move(conn, "filing", [row["id"]], "waiting", "held", "T", "write"):
        notes.note(conn, "filing", row["id"], row["connection"], [lost(row, row["purpose"])])
