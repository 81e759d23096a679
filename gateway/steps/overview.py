"""What goes on and what waits for a person, asked of the journal: the lines of `status`, each with the next command."""

from collections.abc import Iterator, Mapping
from datetime import datetime
from typing import Any, NamedTuple

import msgspec
from sqlalchemy import ColumnElement, Connection, Table, and_, func, or_, select, tuple_

from gateway.journal import schema
from gateway.journal.ids import timestamp
from gateway.steps import aside, putaway
from gateway.steps.gate import Gate

s, f, b, i, fl, dl, d, a, fi = (
    schema.switch, schema.file, schema.batch, schema.item, schema.filing, schema.delivery, schema.decision,
    schema.answer, schema.finding,
)  # fmt: skip
CODES = 5  # reasons that are named, the most frequent first
WHY = {"INT907": "set aside", "RSP702": "answer cannot be written", "RSP704": "partner is gone"}
TRIES = 3  # after so many, what a partner refuses is a person's business


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


class Row(NamedTuple):
    """One line of what may wait for a person: its subjects, and the kind under which findings name them."""

    what: str
    table: Table
    where: ColumnElement[bool]
    kind: str
    next: str


MOVING = (
    ("files to open", f, f.c.state == "received"),
    ("batches to translate", b, b.c.state.in_(("due", "claimed"))),
    ("filings to write", fl, and_(fl.c.state == "waiting", fl.c.together.is_(None))),
    (
        "filings that wait for others of their declaration",
        fl,
        and_(fl.c.state == "waiting", fl.c.together.is_not(None)),
    ),
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
    overdue = select(func.count()).select_from(fl).where(fl.c.state == "lodged", fl.c.answer_due_at < now)
    routes = select(s.c.name, s.c.state, s.c.environment).where(s.c.kind == "route", s.c.state != "active")
    return Overview(
        lines=tuple(_line(gate, conn, name, now) for name in gate.hub.connections),
        moving={name: count for name, count in counts if count},
        waiting=tuple(_waits(gate, conn)),
        overdue=conn.scalar(overdue) or 0,
        stopped={r.name: f"{r.state} in {r.environment}" if r.environment else r.state for r in conn.execute(routes)},
    )


def _rows(gate: Gate) -> Iterator[Row]:
    """What may wait for a person, besides what is set aside."""
    yield Row("items held", i, i.c.state == "held", "item", "gateway items search --state held")
    yield Row("items quarantined", i, i.c.state == "quarantined", "item", "gateway items search --state quarantined")
    yield Row("files refused", f, f.c.state == "refused", "file", "gateway items show FILE")
    yield Row("files suspect", f, f.c.state == "suspect", "file", "gateway items show FILE")
    faulty = select(fi.c.subject).where(fi.c.subject == f.c.id, fi.c.severity == "error").exists()
    unreadable = and_(f.c.state == "sighted", faulty)
    yield Row("files that cannot be fetched", f, unreadable, "file", "gateway items show FILE")
    untidied = select(fi.c.subject).where(fi.c.subject == f.c.id, fi.c.code == putaway.CODE).exists()
    yield Row("files that the partner keeps although they are ours", f, untidied, "file", "gateway doctor")
    yield Row("filings held", fl, fl.c.state == "held", "filing", "gateway items search --state filing-held")
    yield Row("deliveries in doubt", dl, _doubtful(gate), "delivery", "gateway items retry DELIVERY")
    refused = and_(dl.c.state == "queued", dl.c.attempt >= TRIES, dl.c.reason.is_not(None))
    yield Row("deliveries that the partner refuses", dl, refused, "delivery", "gateway doctor")
    yield Row("decisions unclaimed", d, d.c.state == "unclaimed", "decision", "gateway filings claim")
    lines = list(gate.hub.connections)
    gone = "gateway config show"
    yield Row(
        "filings for a connection that is gone", fl, _stranded(fl, lines, fl.c.state == "written"), "filing", gone
    )
    yield Row("answers for a connection that is gone", a, _stranded(a, lines, a.c.delivery.is_(None)), "answer", gone)
    queued = dl.c.state.in_(("drafting", "queued", "publishing"))
    yield Row("deliveries for a connection that is gone", dl, _stranded(dl, lines, queued), "delivery", gone)


def _doubtful(gate: Gate) -> ColumnElement[bool]:
    """What only a person can settle: name clashes, and doubt where the partner wants nothing sent twice."""
    hold = [(c.name, o.format) for c in gate.hub.connections.values() for o in c.outbound if o.in_doubt == "hold"]
    held = and_(dl.c.state == "unconfirmed", tuple_(dl.c.connection, dl.c.kind).in_(hold))
    return or_(dl.c.state.in_(("in_doubt", "clash")), held)


def _stranded(table: Table, lines: list[str], where: ColumnElement[bool]) -> ColumnElement[bool]:
    return and_(where, table.c.connection.not_in(lines))


def _waits(gate: Gate, conn: Connection) -> Iterator[Waiting]:
    for row in _rows(gate):
        count, oldest = conn.execute(select(func.count(), func.min(row.table.c.id)).where(row.where)).one()
        if count:
            yield Waiting(row.what, count, timestamp(oldest), _codes(conn, row), row.next)
    yield from _set_aside(conn)


def _codes(conn: Connection, row: Row) -> tuple[tuple[str, int], ...]:
    why = (
        select(fi.c.code, func.count(fi.c.subject.distinct()))
        .where(fi.c.subject_kind == row.kind, fi.c.subject.in_(select(row.table.c.id).where(row.where)))
        .where(or_(fi.c.severity == "error", fi.c.subject_kind == "file"), fi.c.waived_by.is_(None))
        .group_by(fi.c.code)
        .order_by(func.count().desc())
        .limit(CODES)
    )
    return tuple((code, count) for code, count in conn.execute(why))


def _set_aside(conn: Connection) -> Iterator[Waiting]:
    """Units that an error of ours stopped, and answers that cannot be written, by what they are."""
    columns = (fi.c.subject_kind, fi.c.code, func.count(fi.c.subject.distinct()), func.min(fi.c.subject))
    marked = select(*columns).where(fi.c.code.in_(aside.CODES), fi.c.subject.in_(aside.marked()))
    for kind, code, count, oldest in conn.execute(marked.group_by(fi.c.subject_kind, fi.c.code)):
        yield Waiting(f"{kind}: {WHY[code]}", count, timestamp(oldest), ((code, count),), f"gateway rule {code}")


def _line(gate: Gate, conn: Connection, name: str, now: datetime) -> LineState:
    line = gate.hub.connections[name]
    switch = conn.execute(select(s).where(s.c.kind == "connection", s.c.name == name)).mappings().first()
    last = conn.execute(select(f.c.received_at).where(f.c.connection == name).order_by(f.c.id.desc()).limit(1)).scalar()
    going = select(func.count()).where(dl.c.connection == name, dl.c.state.in_(("queued", "sending", "publishing")))
    warn: Any = gate.hub.settings.partners[line.owner].quiet
    return LineState(
        name=name,
        environment=line.environment,
        state=switch["state"] if switch else "active",
        reason=(switch["reason"] or "") if switch else "",
        last_in=last,
        quiet=bool(line.inbound and warn and (last is None or now - last > warn.warn)),
        on_the_way=conn.scalar(going) or 0,
    )
