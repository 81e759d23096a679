"""Expire: what waited for a person for as long as its sender agreed to is returned, and the sender is told why.

The partner's file says how long (`holds: {expire: 14d}`); without it things wait for ever. The time counts from the
receipt of an item, from the writing of a declaration that is held. It is a return like one by a person, in the same
states, with `expire` in the audit trail.
"""

from collections.abc import Iterator
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, Select, select

from gateway.journal import schema
from gateway.journal.ids import floor
from gateway.steps.ground import moves
from gateway.steps.ground.gate import Gate

ROUND = 500
i, x, f, fl = schema.item, schema.interchange, schema.file, schema.filing
HELD = (
    select(i.c.id)
    .join(x, x.c.id == i.c.interchange)
    .join(f, f.c.id == i.c.file)
    .where(i.c.state.in_(("held", "quarantined")), i.c.kind == "consignment")
)
_OTHER = fl.alias("other")
UNFILED = (
    select(fl.c.id)
    .join(i, i.c.id == fl.c.item)
    .join(x, x.c.id == i.c.interchange)
    .join(f, f.c.id == i.c.file)
    .where(
        fl.c.state == "held",
        i.c.state == "accepted",
        ~select(_OTHER.c.id)
        .where(_OTHER.c.item == i.c.id, _OTHER.c.id != fl.c.id, _OTHER.c.state != "withdrawn")
        .exists(),
    )
)


def expire(gate: Gate) -> int:
    """Return what has waited too long; returns how much."""
    spans = [span for name in gate.hub.settings.partners if (span := gate.hub.patience(name)) is not None]
    if not spans:
        return 0
    now = gate.now()
    items = list(_over(gate, HELD, i.c.id, now - min(spans)))
    filings = list(_over(gate, UNFILED, fl.c.id, now - min(spans)))
    if items or filings:
        with gate.journal.write("expire.held") as conn:
            for state in ("held", "quarantined"):
                moves.move(conn, "item", items, state, "returned", "N", "expire")
            _withdraw(conn, filings)
    return len(items) + len(filings)


def _over(gate: Gate, waiting: Select[Any], key: Any, latest: datetime) -> Iterator[str]:
    """Ids of what is over its time, sender by sender; nothing that came after `latest` can be."""
    senders = waiting.with_only_columns(f.c.connection, x.c.sender).where(key < floor(latest)).distinct()
    with gate.journal.read() as conn:
        for connection, claimed in conn.execute(senders).all():
            sender = gate.hub.sender(connection, claimed)
            span = gate.hub.patience(sender.partner) if sender else None
            if span is not None:
                due = waiting.where(f.c.connection == connection, x.c.sender == claimed, key < floor(gate.now() - span))
                yield from conn.scalars(due.order_by(key).limit(ROUND))


def _withdraw(conn: Connection, filings: list[str]) -> None:
    """Declarations that are given up, and their items with them."""
    gone = moves.move(conn, "filing", filings, "held", "withdrawn", "N", "expire")
    items = [str(one) for one in conn.scalars(select(fl.c.item).where(fl.c.id.in_(gone)))]
    moves.move(conn, "item", items, "accepted", "returned", "N", "expire")
