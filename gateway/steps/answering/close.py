"""Close: items of which all is settled and said: accepted with final filings, returned and told."""

from sqlalchemy import ColumnElement, select

from gateway.journal import schema
from gateway.steps.answering.replies import NOBODY
from gateway.steps.ground import moves
from gateway.steps.ground.gate import Gate

ROUND = 1000
d, i, f, a, n = schema.decision, schema.item, schema.filing, schema.answer, schema.finding


def close(gate: Gate) -> int:
    """Walk items to their end; returns how many."""
    settled = select(i.c.id).where(
        i.c.state == "accepted", i.c.kind == "consignment", _filing(), ~_filing(open_=True), ~_unsaid(), ~_unsent()
    )
    told = _answered() | _nobody() | (i.c.kind != "consignment")
    returned = select(i.c.id).where(i.c.state == "returned", told, ~_unsent())
    with gate.journal.read() as conn:
        done = {
            state: list(conn.scalars(found.limit(ROUND)))
            for state, found in (("accepted", settled), ("returned", returned))
        }
    if any(done.values()):
        with gate.journal.write("close.items") as conn:
            for state, ids in done.items():
                moves.move(conn, "item", ids, state, "closed", "N", "close")
    return sum(map(len, done.values()))


def _filing(*, open_: bool = False) -> ColumnElement[bool]:
    """A filing of this item."""
    mine = select(f.c.id).where(f.c.item == i.c.id)
    return (mine.where(f.c.state.not_in(("settled", "withdrawn"))) if open_ else mine).exists()


def _unsaid() -> ColumnElement[bool]:
    """A decision that was not looked at for an answer yet."""
    said = select(d.c.id).join(f, f.c.id == d.c.filing).where(f.c.item == i.c.id)
    return said.where(d.c.state == "matched").exists()


def _answered() -> ColumnElement[bool]:
    return select(a.c.id).where(a.c.item == i.c.id).exists()


def _unsent() -> ColumnElement[bool]:
    return select(a.c.id).where(a.c.item == i.c.id, a.c.delivery.is_(None)).exists()


def _nobody() -> ColumnElement[bool]:
    return select(n.c.subject).where(n.c.subject == i.c.id, n.c.code == NOBODY).exists()
