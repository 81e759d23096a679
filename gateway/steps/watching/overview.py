"""What goes on and what waits for a person, asked of the journal: the lines of `status`, each with the next command."""

from collections.abc import Iterator, Mapping
from datetime import datetime
from typing import NamedTuple

import msgspec
from sqlalchemy import ColumnElement, Connection, Table, and_, func, or_, select

from gateway.journal import schema
from gateway.journal.ids import timestamp
from gateway.steps.ground import aside
from gateway.steps.ground.gate import Gate
from gateway.steps.receiving import putaway
from gateway.steps.sending.holding import doubtful, refused
from gateway.steps.watching import notice
from gateway.steps.watching.silence import last_file, silences

s, f, b, i, fl, dl, d, a, fi = (
    schema.switch, schema.file, schema.batch, schema.item, schema.filing, schema.delivery, schema.decision,
    schema.answer, schema.finding,
)  # fmt: skip


def _(message: str) -> str:
    return message


CODES = 5  # reasons that are named, the most frequent first
WHY = {"INT907": _("set aside"), "RSP702": _("answer cannot be written"), "RSP704": _("partner is gone")}


class Moving(msgspec.Struct, frozen=True):
    """What goes on by itself: how many wait at a step, the oldest of them, and the command that looks at them."""

    step: str
    what: str
    count: int
    oldest: datetime | None
    next: str


class Waiting(msgspec.Struct, frozen=True):
    """Something only a person can settle: how many, since when, why most often, and the next command."""

    what: str
    count: int
    oldest: datetime | None
    codes: tuple[tuple[str, int], ...]
    next: str


class LineState(msgspec.Struct, frozen=True):
    """One connection: its switch, when a file last came, what is on its way, when a failing one is tried again."""

    name: str
    environment: str
    state: str
    reason: str
    last_in: datetime | None
    quiet: bool
    on_the_way: int
    failures: int
    next_try_at: datetime | None


class Overdue(msgspec.Struct, frozen=True):
    """Filings without an answer in time, of one connection."""

    connection: str
    count: int
    since: datetime


class Overview(msgspec.Struct, frozen=True):
    """The whole picture. `moving` counts by what it is; `overdue` are filings without an answer in time."""

    lines: tuple[LineState, ...]
    moving: Mapping[str, int]
    steps: tuple[Moving, ...]
    waiting: tuple[Waiting, ...]
    overdue: int
    late: tuple[Overdue, ...]
    stopped: Mapping[str, str]
    alarms: tuple[notice.Alarm, ...]


class Row(NamedTuple):
    """One line of what may wait for a person: its subjects, and the kind under which findings name them."""

    what: str
    table: Table
    where: ColumnElement[bool]
    kind: str
    next: str


class Stage(NamedTuple):
    """One step that works by itself, and what waits for it."""

    step: str
    what: str
    table: Table
    where: ColumnElement[bool]
    next: str


_LIST = "gateway filings list --state"
_ALONE = and_(fl.c.state == "waiting", fl.c.together.is_(None))
_TOGETHER = and_(fl.c.state == "waiting", fl.c.together.is_not(None))
STAGES = (
    Stage("open", _("files to open"), f, f.c.state == "received", "gateway balance"),
    Stage("translate", _("batches to translate"), b, b.c.state.in_(("due", "claimed")), "gateway balance"),
    Stage("write", _("filings to write"), fl, _ALONE, f"{_LIST} waiting"),
    Stage("join", _("filings that wait for others of their declaration"), fl, _TOGETHER, f"{_LIST} waiting"),
    Stage("assemble", _("filings to assemble"), fl, fl.c.state == "written", f"{_LIST} written"),
    Stage(
        "deliver", _("deliveries on the way"), dl, dl.c.state.in_(("drafting", "queued", "sending", "publishing")),
        "gateway doctor",
    ),
    Stage("confirm", _("deliveries unconfirmed"), dl, dl.c.state == "unconfirmed", f"{_LIST} assembled"),
    Stage("customs", _("filings with customs"), fl, fl.c.state == "lodged", f"{_LIST} lodged"),
    Stage("match", _("decisions parked"), d, d.c.state == "parked", "gateway filings claim"),
    Stage("answer", _("answers to send"), a, a.c.delivery.is_(None), "gateway balance"),
)  # fmt: skip


def overview(gate: Gate, conn: Connection) -> Overview:
    """Everything `status` shows."""
    steps = tuple(stages(conn))
    overdue = tuple(late(gate, conn))
    silent = {silence.line.name for silence in silences(gate, conn)}
    routes = select(s.c.name, s.c.state, s.c.environment).where(s.c.kind == "route", s.c.state != "active")
    return Overview(
        lines=tuple(_line(gate, conn, name, quiet=name in silent) for name in gate.hub.connections),
        moving={one.what: one.count for one in steps},
        steps=steps,
        waiting=tuple(waits(gate, conn)),
        overdue=sum(one.count for one in overdue),
        late=overdue,
        stopped={r.name: f"{r.state} in {r.environment}" if r.environment else r.state for r in conn.execute(routes)},
        alarms=notice.standing(conn),
    )


def stages(conn: Connection) -> Iterator[Moving]:
    """Every step for which something waits, with the oldest of it."""
    for one in STAGES:
        count, oldest = conn.execute(select(func.count(), func.min(one.table.c.id)).where(one.where)).one()
        if count:
            yield Moving(one.step, one.what, count, timestamp(oldest), one.next)


def _rows(gate: Gate) -> Iterator[Row]:
    """What may wait for a person, besides what is set aside."""
    yield Row(_("items held"), i, i.c.state == "held", "item", "gateway items search --state held")
    yield Row(_("items quarantined"), i, i.c.state == "quarantined", "item", "gateway items search --state quarantined")
    yield Row(_("files refused"), f, f.c.state == "refused", "file", "gateway items show FILE")
    yield Row(_("files suspect"), f, f.c.state == "suspect", "file", "gateway items show FILE")
    faulty = select(fi.c.subject).where(fi.c.subject == f.c.id, fi.c.severity == "error").exists()
    unreadable = and_(f.c.state == "sighted", faulty)
    yield Row(_("files that cannot be fetched"), f, unreadable, "file", "gateway items show FILE")
    untidied = select(fi.c.subject).where(fi.c.subject == f.c.id, fi.c.code == putaway.CODE).exists()
    yield Row(_("files that the partner keeps although they are ours"), f, untidied, "file", "gateway doctor")
    yield Row(_("filings held"), fl, fl.c.state == "held", "filing", "gateway items search --state filing-held")
    yield Row(_("deliveries in doubt"), dl, doubtful(gate), "delivery", "gateway items retry DELIVERY")
    yield Row(_("deliveries that the partner refuses"), dl, refused(), "delivery", "gateway doctor")
    yield Row(_("decisions unclaimed"), d, d.c.state == "unclaimed", "decision", "gateway filings claim")
    lines = list(gate.hub.connections)
    gone = "gateway config show"
    yield Row(
        _("filings for a connection that is gone"), fl, _stranded(fl, lines, fl.c.state == "written"), "filing", gone
    )
    yield Row(
        _("answers for a connection that is gone"), a, _stranded(a, lines, a.c.delivery.is_(None)), "answer", gone
    )
    queued = dl.c.state.in_(("drafting", "queued", "publishing"))
    yield Row(_("deliveries for a connection that is gone"), dl, _stranded(dl, lines, queued), "delivery", gone)


def _stranded(table: Table, lines: list[str], where: ColumnElement[bool]) -> ColumnElement[bool]:
    return and_(where, table.c.connection.not_in(lines))


def waits(gate: Gate, conn: Connection) -> Iterator[Waiting]:
    """What only a person can settle."""
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


def late(gate: Gate, conn: Connection) -> Iterator[Overdue]:
    """Customs that answer too late, by connection."""
    due = (fl.c.state == "lodged", fl.c.answer_due_at < gate.now())
    counted = select(fl.c.connection, func.count(), func.min(fl.c.answer_due_at)).where(*due)
    for row in conn.execute(counted.group_by(fl.c.connection).order_by(fl.c.connection)):
        yield Overdue(*row)


def _line(gate: Gate, conn: Connection, name: str, *, quiet: bool) -> LineState:
    line = gate.hub.connections[name]
    switch = conn.execute(select(s).where(s.c.kind == "connection", s.c.name == name)).mappings().first()
    going = select(func.count()).where(dl.c.connection == name, dl.c.state.in_(("queued", "sending", "publishing")))
    return LineState(
        name=name,
        environment=line.environment,
        state=switch["state"] if switch else "active",
        reason=(switch["reason"] or "") if switch else "",
        last_in=last_file(conn, name),
        quiet=quiet,
        on_the_way=conn.scalar(going) or 0,
        failures=switch["failures"] if switch else 0,
        next_try_at=switch["next_try_at"] if switch else None,
    )
