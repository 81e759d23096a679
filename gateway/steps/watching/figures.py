"""Figures of the whole journal for who watches it: counts by state, ages, what is open. Short read transactions.

Counts by state are read from the indexes of states alone. What customs said is counted for the newest filings of one
day: the whole of it grows without end.
"""

import os
from collections.abc import Iterator, Mapping
from datetime import timedelta
from typing import NamedTuple

from sqlalchemy import Connection, Table, func, select

from gateway.journal import schema
from gateway.journal.ids import floor
from gateway.steps.ground.force import in_force
from gateway.steps.ground.gate import Gate
from gateway.steps.watching.overview import late, stages
from gateway.steps.watching.silence import last_file

s, fl, dl, al = schema.switch, schema.filing, schema.delivery, schema.alert
DAY = timedelta(hours=24)
NEWEST = 10_000  # filings whose outcomes are counted
BY_STATE: Mapping[str, Table] = {
    "gateway_files": schema.file,
    "gateway_items": schema.item,
    "gateway_filings": schema.filing,
    "gateway_decisions": schema.decision,
}


class Figure(NamedTuple):
    """One value of a figure; `labels` in the order of its table."""

    name: str
    labels: tuple[str, ...]
    value: float


def figures(gate: Gate) -> tuple[Figure, ...]:
    """All of them."""
    found: list[Figure] = []
    for part in (_counts, _sent, _outcomes, _steps, _lines, _alarms):
        with gate.journal.read() as conn:
            found += part(gate, conn)
    return tuple(found)


def room(gate: Gate) -> Iterator[Figure]:
    """The disk of journal and spool."""
    disk = os.statvfs(gate.blobs.root)
    yield Figure("gateway_disk_free_bytes", (), disk.f_bavail * disk.f_frsize)
    yield Figure("gateway_disk_free_inodes", (), disk.f_favail)


def _counts(_: Gate, conn: Connection) -> Iterator[Figure]:
    for name, table in BY_STATE.items():
        for state, count in conn.execute(select(table.c.state, func.count()).group_by(table.c.state)):
            yield Figure(name, (state,), count)


def _sent(_: Gate, conn: Connection) -> Iterator[Figure]:
    sent = select(dl.c.connection, dl.c.state, func.count()).group_by(dl.c.state, dl.c.connection)
    for connection, state, count in conn.execute(sent):
        yield Figure("gateway_deliveries", (connection, state), count)
    yield Figure("gateway_audit_rows", (), conn.scalar(select(func.max(schema.audit.c.seq))) or 0)


def _outcomes(gate: Gate, conn: Connection) -> Iterator[Figure]:
    said = select(fl.c.route, fl.c.environment, func.coalesce(fl.c.outcome, "none").label("outcome"))
    newest = said.where(fl.c.id >= floor(gate.now() - DAY)).order_by(fl.c.id.desc()).limit(NEWEST).subquery()
    for route, environment, outcome, count in conn.execute(select(newest, func.count()).group_by(*newest.c)):
        yield Figure("gateway_filing_outcomes", (route, environment, outcome), count)


def _steps(gate: Gate, conn: Connection) -> Iterator[Figure]:
    now = gate.now()
    for one in stages(conn):
        yield Figure("gateway_step_waiting", (one.step,), one.count)
        age = (now - one.oldest).total_seconds() if one.oldest else 0.0
        yield Figure("gateway_step_oldest_seconds", (one.step,), max(0.0, age))
    for overdue in late(gate, conn):
        yield Figure("gateway_filings_overdue", (overdue.connection,), overdue.count)


def _lines(gate: Gate, conn: Connection) -> Iterator[Figure]:
    switches = {(row.kind, row.name): row for row in conn.execute(select(s))}
    for name, line in gate.hub.connections.items():
        row, labels = switches.get(("connection", name)), (name, line.environment)
        well = row is None or (row.state == "active" and not row.failures)
        yield Figure("gateway_connection_up", labels, float(well))
        yield Figure("gateway_connection_failures", labels, row.failures if row else 0)
        if (last := last_file(conn, name)) is not None:
            yield Figure("gateway_connection_last_file_seconds", labels, last.timestamp())
    for (kind, name), row in switches.items():
        if kind == "route" and row.state != "active":
            yield Figure("gateway_route_stopped", (name, row.state), 1.0)


def _alarms(_: Gate, conn: Connection) -> Iterator[Figure]:
    standing = al.c.cleared_at.is_(None)
    open_ = select(al.c.severity, func.count()).where(standing).group_by(al.c.severity)
    counts = {row[0]: row[1] for row in conn.execute(open_)}
    for severity in ("error", "warning"):
        yield Figure("gateway_alarms", (severity,), counts.get(severity, 0))
    untold = select(func.count()).select_from(al).where(standing, al.c.told_at.is_(None))
    yield Figure("gateway_alarms_untold", (), conn.scalar(untold) or 0)
    yield Figure("gateway_ruleset_info", (in_force(conn)[:12],), 1.0)
