"""Reserving: a number for each file to be, with the filings that will stand in it; it is rendered afterwards."""

from collections.abc import Sequence

from sqlalchemy import select

from gateway.journal import schema
from gateway.journal.ids import new_id
from gateway.steps.ground import moves
from gateway.steps.ground.gate import Gate
from gateway.steps.ground.many import among
from gateway.steps.sending.collecting import Collected
from gateway.steps.sending.lateness import note_late
from gateway.steps.sending.outgoing import Due, delivery_row, numbered
from gateway.steps.sending.queueing import take_along

f = schema.filing


def reserve(gate: Gate, due: Due, groups: Sequence[Sequence[Collected]]) -> None:
    """A delivery in `drafting` for each group, of those in it that are still written."""
    with gate.journal.write("assemble.reserve_filings") as conn:
        for group in groups:
            wanted = select(f.c.id, f.c.lrn, f.c.lead).where(f.c.state == "written")
            rows = sorted(among(conn, wanted, f.c.id, [one.id for one in group]), key=lambda row: row.id)
            if not rows:
                continue
            one, ids = new_id(), [row.id for row in rows]
            row = delivery_row(gate, conn, due, one, rows[0].lrn, with_number=numbered(gate, due))
            moves.enter(conn, "delivery", [row | {"state": "drafting", "units": len(rows)}], "A", "reserve")
            moves.move(conn, "filing", ids, "written", "assembled", "A", "assemble", delivery=one)
            take_along(conn, [{"one": row.id, "delivery": one} for row in rows if row.lead])
            note_late(gate, conn, due, [one for one in group if one.id in ids])
