"""What goes on and what waits for a person, asked of the journal: the lines of `status`, each with the next command."""

from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any

import msgspec
from sqlalchemy import Connection, func, select

from gateway.journal import schema
from gateway.journal.ids import timestamp
from gateway.steps.gate import Gate

s, f, b, i, fl, dl, d, fi = (
    schema.switch, schema.file, schema.batch, schema.item, schema.filing, schema.delivery, schema.decision,
    schema.finding,
)  # fmt: skip


class Waiting(msgspec.Struct, frozen=True):
    """Something only a person can settle: how many, since when, why most often, and the next command."""

    what: str
    count: int
    oldest: datetime | None
    codes: tuple[tuple[str, int], ...]
    next: str


class LineState(msgspec.Struct, frozen=True):
    """One connection: its switch, when a file last came, what is on its way."""

    name: str
    environment: str
    state: str
    reason: str
    last_in: datetime | None
    quiet: bool
    on_the_way: int


class Overview(msgspec.Struct, frozen=True):
    """The whole picture. `overdue` are filings without an answer in time."""

    lines: tuple[LineState, ...]
    moving: Mapping[str, int]
    waiting: tuple[Waiting, ...]
    overdue: int
    stopped: Mapping[str, str]


PERSON = (
    ("items held", i, i.c.state == "held", "item", "gateway items search --state held"),
    ("items quarantined", i, i.c.state == "quarantined", "item", "gateway items search --state quarantined"),
    ("files refused", f, f.c.state == "refused", "file", "gateway items show FILE"),
    ("files suspect", f, f.c.state == "suspect", "file", "gateway items show FILE"),
    ("filings held", fl, fl.c.state == "held", "filing", "gateway items search --state filing-held"),
    ("deliveries in doubt", dl, dl.c.state.in_(("in_doubt", "clash")), "delivery", "gateway items show DELIVERY"),
    ("decisions unclaimed", d, d.c.state == "unclaimed", "decision", "gateway items show DECISION"),
)
MOVING = (
    ("files to open", f, f.c.state == "received"),
    ("batches to translate", b, b.c.state.in_(("due", "claimed"))),
    ("filings to write", fl, fl.c.state == "waiting"),
    ("filings to assemble", fl, fl.c.state == "written"),
    ("deliveries on the way", dl, dl.c.state.in_(("drafting", "queued", "sending", "publishing"))),
    ("deliveries unconfirmed", dl, dl.c.state == "unconfirmed"),
    ("filings with customs", fl, fl.c.state == "lodged"),
    ("decisions parked", d, d.c.state == "parked"),
)


def overview(gate: Gate, conn: Connection) -> Overview:
    """Everything `status` shows."""
    now = gate.now()
    counts = ((name, conn.scalar(select(func.count()).select_from(t).where(where)) or 0) for name, t, where in MOVING)
    waits = (_waiting(conn, *one) for one in PERSON)
    overdue = select(func.count()).select_from(fl).where(fl.c.state == "lodged", fl.c.answer_due_at < now)
    routes = select(s.c.name, s.c.state).where(s.c.kind == "route", s.c.state != "active")
    return Overview(
        lines=tuple(_line(gate, conn, name, now) for name in gate.hub.connections),
        moving={name: count for name, count in counts if count},
        waiting=tuple(one for one in waits if one is not None),
        overdue=conn.scalar(overdue) or 0,
        stopped={row.name: row.state for row in conn.execute(routes)},
    )


def _waiting(conn: Connection, what: str, table: Any, where: Any, kind: str, command: str) -> Waiting | None:
    count, oldest = conn.execute(select(func.count(), func.min(table.c.id)).where(where)).one()
    if not count:
        return None
    ids = select(table.c.id).where(where)
    why = (
        select(fi.c.code, func.count(fi.c.subject.distinct()))
        .where(fi.c.subject_kind == kind, fi.c.severity == "error", fi.c.subject.in_(ids))
        .group_by(fi.c.code)
        .order_by(func.count().desc())
        .limit(5)
    )
    return Waiting(what, count, timestamp(oldest), tuple((c, n) for c, n in conn.execute(why)), command)


def _line(gate: Gate, conn: Connection, name: str, now: datetime) -> LineState:
    line = gate.hub.connections[name]
    switch = conn.execute(select(s).where(s.c.kind == "connection", s.c.name == name)).mappings().first()
    last = conn.execute(select(f.c.received_at).where(f.c.connection == name).order_by(f.c.id.desc()).limit(1)).scalar()
    going = select(func.count()).where(dl.c.connection == name, dl.c.state.in_(("queued", "sending", "publishing")))
    warn = gate.hub.settings.partners[line.owner].quiet
    return LineState(
        name=name,
        environment=line.environment,
        state=switch["state"] if switch else "active",
        reason=(switch["reason"] or "") if switch else "",
        last_in=last,
        quiet=bool(line.inbound and warn and (last is None or now - last > _limit(warn))),
        on_the_way=conn.scalar(going) or 0,
    )


def _limit(warn: Any) -> timedelta:
    limit: timedelta = warn.warn
    return limit
