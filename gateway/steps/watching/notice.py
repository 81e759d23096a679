"""What is due to be told of the alarms: taken, told, forgotten.

A trouble is told when it is new, again after `alerts.repeat` while it lasts, and once when it has been over for a
while; one that nobody was told of is forgotten without a word when it is over. Rows are claimed for as long as a
message may take, so that of several hosts one speaks; `told_at` is written after the message has left. A process that
dies in between leaves the claim to run out, and the message goes again: each is sent at least once.
"""

from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any, Literal

import msgspec
from sqlalchemy import ColumnElement, Connection, and_, delete, func, or_, select, update

from gateway.findings import Finding
from gateway.findings.catalogue import entry, hint, text
from gateway.findings.finding import Severity
from gateway.journal import claims
from gateway.journal.schema import alert as table
from gateway.steps.ground.gate import Gate

CALM = timedelta(minutes=10)  # how long a trouble is over before that is told: lines flap
LEASE = timedelta(minutes=5)
Status = Literal["new", "still", "over"]
WORST = ("error", "warning", "info")
_TEST = "gateway partner test {subject}"
NEXT: Mapping[str, str] = {
    **dict.fromkeys(("DLV601", "DLV602", "DLV603", "DLV604", "DLV606", "DLV676", "DLV678", "DLV679"), _TEST),
    "DLV677": "gateway filings list --state lodged",
    "INT904": "gateway audit verify",
    "INT960": "gateway resume {subject}",
    "INT962": "gateway doctor --offline",
    "INT963": "gateway items search --state quarantined",
}
"""The command that looks at an alarm, where there is a better one than the explanation of its code."""
ORDER = {"new": 0, "still": 1, "over": 2}


class Alarm(msgspec.Struct, frozen=True):
    """One alarm as it is told."""

    code: str
    name: str
    severity: Severity
    subject: str
    status: Status
    since: datetime
    times: int
    message: str
    hint: str
    next: str


class Taken(msgspec.Struct, frozen=True):
    """What one message is about, and as of when."""

    at: datetime
    alarms: tuple[Alarm, ...]


def due(gate: Gate) -> int:
    """How many alarms there are to tell now."""
    with gate.journal.read() as conn:
        return conn.scalar(select(func.count()).select_from(table).where(_due(gate, gate.now()))) or 0


def take(gate: Gate) -> Taken:
    """Claim all that is due."""
    now = gate.now()
    with gate.journal.write("alarm.take") as conn:
        free = or_(table.c.lease_until.is_(None), table.c.lease_until < claims.now(conn), table.c.owner == gate.owner)
        mine = update(table).where(_due(gate, now), free).values(owner=gate.owner, lease_until=claims.now(conn) + LEASE)
        conn.execute(mine)
        rows = conn.execute(select(table).where(_due(gate, now), table.c.owner == gate.owner)).mappings().all()
    alarms = (alarm_of(row) for row in rows)
    return Taken(now, tuple(sorted(alarms, key=lambda one: (WORST.index(one.severity), ORDER[one.status], one.code))))


def told(gate: Gate, taken: Taken) -> None:
    """The message has left."""
    with gate.journal.write("alarm.told") as conn:
        for one in taken.alarms:
            if one.status == "over":
                conn.execute(delete(table).where(*_same(one), table.c.cleared_at.is_not(None)))
                conn.execute(update(table).where(*_same(one)).values(told_at=None))  # it is back: that is news
            else:
                conn.execute(update(table).where(*_same(one)).values(told_at=taken.at))
        _release(conn, gate)


def release(gate: Gate) -> None:
    """No message has left: it is all due again, for whoever comes first."""
    with gate.journal.write("alarm.release") as conn:
        _release(conn, gate)


def forget(gate: Gate, *, everything: bool) -> int:
    """What is over and nobody was told of, or (`everything`) nobody ever will be."""
    silent = () if everything else (table.c.told_at.is_(None),)
    gone = (table.c.cleared_at.is_not(None), table.c.cleared_at <= gate.now() - CALM, *silent)
    with gate.journal.read() as conn:
        if not conn.scalar(select(func.count()).select_from(table).where(*gone)):
            return 0
    with gate.journal.write("alarm.forget") as conn:
        return conn.execute(delete(table).where(*gone)).rowcount


def standing(conn: Connection) -> tuple[Alarm, ...]:
    """Every alarm that is open, the worst and oldest first."""
    rows = conn.execute(select(table).where(table.c.cleared_at.is_(None))).mappings()
    return tuple(sorted(map(alarm_of, rows), key=lambda one: (WORST.index(one.severity), one.since, one.subject)))


def alarm_of(row: Mapping[Any, Any]) -> Alarm:
    """A row in words, in the language of the environment."""
    values = msgspec.json.decode(row["masked"], type=dict[str, str]) if row["masked"] else {}
    found = Finding(row["code"], row["severity"], values)
    return Alarm(
        code=row["code"],
        name=entry(row["code"]).name,
        severity=row["severity"],
        subject=row["subject"],
        status=_status(row),
        since=row["raised_at"],
        times=row["times"],
        message=text(found),
        hint=hint(found),
        next=NEXT.get(row["code"], "gateway rule {code}").format_map(row),
    )


def _status(row: Mapping[Any, Any]) -> Status:
    if row["cleared_at"] is not None:
        return "over"
    return "new" if row["told_at"] is None else "still"


def _due(gate: Gate, now: datetime) -> ColumnElement[bool]:
    late = now - gate.hub.settings.alerts.repeat
    lasts = and_(table.c.cleared_at.is_(None), or_(table.c.told_at.is_(None), table.c.told_at <= late))
    return or_(lasts, and_(table.c.told_at.is_not(None), table.c.cleared_at <= now - CALM))


def _same(one: Alarm) -> tuple[ColumnElement[bool], ...]:
    return table.c.code == one.code, table.c.subject == one.subject


def _release(conn: Connection, gate: Gate) -> None:
    conn.execute(update(table).where(table.c.owner == gate.owner).values(owner=None, lease_until=None))
