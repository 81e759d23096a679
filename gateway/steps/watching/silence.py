"""Who has not been heard of for longer than is normal: a line, or a partner behind a mailbox.

Silence counts from the last file (behind a mailbox: the last envelope of that partner), else from the first day of the
journal.
"""

from collections.abc import Iterator
from datetime import datetime, timedelta
from typing import NamedTuple

from sqlalchemy import Connection as Db
from sqlalchemy import func, select

from gateway.journal import schema
from gateway.journal.ids import timestamp
from gateway.settings.connection import Connection
from gateway.settings.partner import Partner
from gateway.steps.ground.gate import Gate

f, ic = schema.file, schema.interchange


class Silence(NamedTuple):
    """Nobody speaks on a line, or (`partner` is not its owner) a partner behind it does not."""

    line: Connection
    partner: str
    since: datetime
    normal: timedelta


def last_file(conn: Db, connection: str) -> datetime | None:
    """When a file came in last."""
    newest = select(f.c.received_at).where(f.c.connection == connection, f.c.received_at.is_not(None))
    return conn.scalar(newest.order_by(f.c.id.desc()).limit(1))


def silences(gate: Gate, conn: Db) -> Iterator[Silence]:
    """Every silence that is longer than the partner's file calls normal."""
    for line in gate.hub.connections.values():
        for name in dict.fromkeys([line.owner, *line.carries]) if line.inbound else ():
            partner = gate.hub.settings.partners[name]
            if partner.quiet is None:
                continue
            since = _heard(gate, conn, line, partner) or _birth(conn)
            if since is not None and gate.now() - since > partner.quiet.warn:
                yield Silence(line, name, since, partner.quiet.warn)


def _heard(gate: Gate, conn: Db, line: Connection, partner: Partner) -> datetime | None:
    if partner.partner == line.owner:
        return last_file(conn, line.name)
    names = gate.hub.called(partner.partner)
    newest = select(func.max(ic.c.id)).where(ic.c.environment == line.environment, ic.c.sender.in_(names))
    found = conn.scalar(newest)
    return timestamp(found) if found else None


def _birth(conn: Db) -> datetime | None:
    found: datetime | None = conn.scalar(select(func.min(schema.ruleset.c.first_used_at)))
    return found
