"""What a purge would take now: counted, nothing changed."""

from collections.abc import Iterator
from datetime import datetime

import msgspec
from sqlalchemy import Connection, func, select

from gateway.journal import schema
from gateway.steps.ground.gate import Gate
from gateway.steps.keeping.clearing import ACTS, due
from gateway.steps.keeping.purge import KINDS, old_due, raw_due
from gateway.steps.keeping.retention import Class, span_of

b, f = schema.blob, schema.file


class Due(msgspec.Struct, frozen=True):
    """Of one class and connection: how much is over its time, since the day it came. `what` is `bytes` or `rows`."""

    kind: Class
    what: str
    connection: str
    count: int
    bytes: int
    oldest: datetime
    days: int


def overdue(gate: Gate) -> list[Due]:
    """What is over its time, under no hold, and waited for by no work; rows are counted by their files."""
    with gate.journal.read() as conn:
        return [*_bytes(gate, conn), *_rows(gate, conn)]


def _bytes(gate: Gate, conn: Connection) -> Iterator[Due]:
    counted = (func.count(), func.sum(b.c.size))
    raw = select(f.c.connection, *counted, func.min(f.c.received_at)).join(b, b.c.id == f.c.blob)
    for wanted in raw_due(gate):
        found = raw.where(wanted).group_by(f.c.connection)
        yield from (_due(gate, "raw", "bytes", *row) for row in conn.execute(found))
    old = select(b.c.connection, *counted, func.min(b.c.stored_at)).group_by(b.c.connection)
    for kind in KINDS:
        for wanted in old_due(gate, kind):
            yield from (_due(gate, kind, "bytes", *row) for row in conn.execute(old.where(wanted)))


def _rows(gate: Gate, conn: Connection) -> Iterator[Due]:
    counted = select(f.c.connection, func.count(), func.min(f.c.received_at)).group_by(f.c.connection)
    for kind in ACTS:
        for wanted in due(gate, kind):
            for name, count, oldest in conn.execute(counted.where(wanted)):
                yield _due(gate, kind, "rows", name, count, 0, oldest)


def _due(gate: Gate, kind: Class, what: str, name: str, count: int, size: int, oldest: datetime) -> Due:
    return Due(kind, what, name, count, int(size or 0), oldest, span_of(gate, kind, name).days)
