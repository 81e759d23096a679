"""What is wrong now, asked of the journal and the disk, and the alarms brought in line with it.

Level-triggered as every step: each look finds all that is wrong; what is new is raised, what is gone is cleared, what
has other figures is reworded. Alarms of codes that no watch names are left to whoever raises them.
"""

import os
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping
from datetime import datetime
from typing import Any, NamedTuple

from sqlalchemy import Connection, func, select

from gateway.findings.errors import HostKeyMismatch, KeyUnusable, LoginRefused, NoCommonAlgorithm, PartnerUnreachable
from gateway.journal import schema
from gateway.journal.ids import timestamp
from gateway.settings.values import duration_text, size_text
from gateway.steps.ground import aside, switches
from gateway.steps.ground.alarm import clear_alarm, kept, raise_alarm, reword_alarm
from gateway.steps.ground.gate import Gate
from gateway.steps.sending.holding import doubtful, refused
from gateway.steps.watching.overview import late
from gateway.steps.watching.silence import silences

s, f, i, fl, dl, fi, al = (
    schema.switch, schema.file, schema.item, schema.filing, schema.delivery, schema.finding, schema.alert,
)  # fmt: skip
AT_ONCE: Mapping[str, str] = {
    HostKeyMismatch.__name__: "DLV601",
    LoginRefused.__name__: "DLV603",
    NoCommonAlgorithm.__name__: "DLV604",
    KeyUnusable.__name__: "DLV606",
}
"""Failures that no second try mends: a person is told of the first one."""
IN_A_ROW: Mapping[str, str] = {PartnerUnreachable.__name__: "DLV602"}
OTHER = "DLV678"
INODES = 10_000  # that should be free where the spool lies
FILES = 10  # of a line, whose items are looked at for how many could be used


class Wrong(NamedTuple):
    """Something that is wrong: an alarm in the making."""

    code: str
    subject: str
    values: Mapping[str, str]


Watch = Callable[[Gate, Connection], Iterator[Wrong]]


def watch(gate: Gate) -> int:
    """Bring the alarms in line with what is wrong; returns how many changed."""
    with gate.journal.read() as conn:
        wrong = [one for look in WATCHES for one in look(gate, conn)]
    codes = {code for several in WATCHES.values() for code in several}
    return reconcile(gate, codes, wrong)


def reconcile(gate: Gate, codes: Collection[str], wrong: Iterable[Wrong]) -> int:
    """Of the alarms of `codes` those that are `wrong` are open, with these values, and no others."""
    now = {(one.code, one.subject): one.values for one in wrong}
    with gate.journal.read() as conn:
        open_ = {(row.code, row.subject): row.masked for row in conn.execute(_open(codes))}
    new, gone = now.keys() - open_.keys(), open_.keys() - now.keys()
    other = {key for key in now.keys() & open_.keys() if kept(now[key]) != open_[key]}
    if not (new or gone or other):
        return 0
    with gate.journal.write("watch.alarms") as conn:
        for act, keys in ((raise_alarm, new), (reword_alarm, other)):
            for key in sorted(keys):
                act(conn, *key, now[key])
        for key in sorted(gone):
            clear_alarm(conn, *key)
    return len(new) + len(gone) + len(other)


def _open(codes: Collection[str]) -> Any:
    return select(al.c.code, al.c.subject, al.c.masked).where(al.c.code.in_(codes), al.c.cleared_at.is_(None))


def lines(_gate: Gate, conn: Connection) -> Iterator[Wrong]:
    """Partners that cannot be reached, and what no second try mends."""
    rows = conn.execute(select(s).where(s.c.kind == "connection", s.c.state.not_in(switches.STOPPED), s.c.failures > 0))
    for row in rows:
        reason, _, shown = (row.reason or "").partition(" ")
        code = AT_ONCE.get(reason)
        if code is None and row.state == "unreachable":
            code = IN_A_ROW.get(reason, OTHER)
        if code is not None:
            more = {"DLV601": {"fingerprint": shown}, OTHER: {"failures": str(row.failures)}}.get(code, {})
            yield Wrong(code, row.name, {"connection": row.name, "reason": reason} | more)


def brakes(_: Gate, conn: Connection) -> Iterator[Wrong]:
    """Routes that their brake has stopped."""
    for row in conn.execute(select(s).where(s.c.kind == "route", s.c.state == "braked")):
        yield Wrong("INT960", row.name, {"route": row.name, "reason": row.reason or ""})


def deliveries(gate: Gate, conn: Connection) -> Iterator[Wrong]:
    """What may or may not have arrived, clashes, and what the partner refuses again and again."""
    for code, where in (("DLV675", doubtful(gate)), ("DLV679", refused())):
        rows = conn.execute(select(dl.c.connection, func.count()).where(where).group_by(dl.c.connection))
        for connection, count in rows:
            yield Wrong(code, connection, {"connection": connection, "count": str(count)})


def quiet(gate: Gate, conn: Connection) -> Iterator[Wrong]:
    """Partners who send nothing; of a test line nobody expects anything."""
    for one in silences(gate, conn):
        if one.line.environment == "production":
            name = one.line.name if one.partner == one.line.owner else f"{one.partner} by {one.line.name}"
            values = {"since": _told(gate, one.since), "time": duration_text(one.normal)}
            yield Wrong("DLV676", name, {"connection": name} | values)


def overdue(gate: Gate, conn: Connection) -> Iterator[Wrong]:
    """Customs that answer too late."""
    for one in late(gate, conn):
        values = {"connection": one.connection, "count": str(one.count), "since": _told(gate, one.since)}
        yield Wrong("DLV677", one.connection, values)


def bugs(gate: Gate, conn: Connection) -> Iterator[Wrong]:
    """Units that an error of ours has stopped, by kind."""
    counted = select(fi.c.subject_kind, func.count(fi.c.subject.distinct()), func.min(fi.c.subject))
    marked = counted.where(fi.c.code.in_(aside.CODES), fi.c.subject_kind != "file").group_by(fi.c.subject_kind)
    for kind, count, oldest in conn.execute(marked):
        yield Wrong("INT961", kind, {"kind": kind, "count": str(count), "since": _told(gate, timestamp(oldest))})


def disk(gate: Gate, _: Connection) -> Iterator[Wrong]:
    """Room where journal and spool lie; steps of a tenth, so that figures change seldom."""
    room, wanted = os.statvfs(gate.blobs.root), gate.hub.settings.alerts.disk
    free = room.f_bavail * room.f_frsize
    if free < wanted:
        yield Wrong("INT962", "disk", {"free": f"{free * 10 // wanted * 10}%", "wanted": size_text(wanted)})
    if room.f_files and room.f_favail < INODES:
        yield Wrong("INT962", "inodes", {"free": f"{room.f_favail // 1000}000 files", "wanted": f"{INODES} files"})


def quarantine(gate: Gate, conn: Connection) -> Iterator[Wrong]:
    """Lines whose last items mostly could not be used: a sender has changed its messages, or a table is wrong."""
    rule = gate.hub.settings.alerts.quarantine
    for name, line in gate.hub.connections.items():
        found = _last_items(conn, name, rule.window) if line.inbound else []
        bad = [item for item, state in found if state == "quarantined"]
        if len(found) == rule.window and len(bad) >= rule.failures:
            values = {"connection": name, "count": str(len(bad)), "window": str(rule.window)}
            yield Wrong("INT963", name, values | {"most": _most(conn, bad)})


def _last_items(conn: Connection, connection: str, window: int) -> list[tuple[str, str]]:
    """Id and state of the newest items of a line, as many as are asked for, out of its newest files."""
    newest = select(f.c.id).where(f.c.connection == connection).order_by(f.c.id.desc()).limit(FILES)
    found: list[tuple[str, str]] = []
    for file in conn.scalars(newest).all():
        left = window - len(found)
        some = select(i.c.id, i.c.state).where(i.c.file == file).order_by(i.c.seq.desc()).limit(left)
        found += [(row.id, row.state) for row in conn.execute(some)] if left else []
    return found


def _most(conn: Connection, items: list[str]) -> str:
    """The code that most of them have."""
    said = select(fi.c.code).where(fi.c.subject.in_(items), fi.c.severity == "error").group_by(fi.c.code)
    return conn.scalar(said.order_by(func.count().desc(), fi.c.code).limit(1)) or "?"


def _told(gate: Gate, moment: datetime) -> str:
    return moment.astimezone(gate.hub.settings.gateway.timezone).strftime("%Y-%m-%d %H:%M")


WATCHES: Mapping[Watch, Collection[str]] = {
    lines: (*AT_ONCE.values(), *IN_A_ROW.values(), OTHER),
    brakes: ("INT960",),
    deliveries: ("DLV675", "DLV679"),
    quiet: ("DLV676",),
    overdue: ("DLV677",),
    bugs: ("INT961",),
    disk: ("INT962",),
    quarantine: ("INT963",),
}
"""Every watch, and the codes that are its own: an alarm of these that it does not find is over."""
