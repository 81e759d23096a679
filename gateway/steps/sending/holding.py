"""Deliveries that only a person can settle."""

from sqlalchemy import ColumnElement, and_, or_, tuple_

from gateway.journal.schema import delivery as dl
from gateway.steps.ground.gate import Gate

TRIES = 3  # after so many, what a partner refuses is a person's business


def doubtful(gate: Gate) -> ColumnElement[bool]:
    """Name clashes, and doubt where the partner wants nothing sent twice."""
    hold = [(c.name, o.format) for c in gate.hub.connections.values() for o in c.outbound if o.in_doubt == "hold"]
    held = and_(dl.c.state == "unconfirmed", tuple_(dl.c.connection, dl.c.kind).in_(hold))
    return or_(dl.c.state.in_(("in_doubt", "clash")), held)


def refused() -> ColumnElement[bool]:
    """What the partner has refused again and again."""
    return and_(dl.c.state == "queued", dl.c.attempt >= TRIES, dl.c.reason.is_not(None))
