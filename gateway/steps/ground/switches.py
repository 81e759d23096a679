"""Switches: what a person paused or the brake stopped, what is unreachable and when it is tried again.

They outlive the process. One of a route that names an environment stops the route in that one only.
"""

from collections.abc import Callable, Collection, Mapping
from datetime import timedelta
from typing import Any, get_args

from sqlalchemy import Connection as Db
from sqlalchemy import insert, select, update

from gateway.journal import audit, schema
from gateway.settings.connection import Connection
from gateway.settings.partner import Environment
from gateway.steps.ground.gate import Gate

ALARM_AFTER = 5  # failures in a row until a partner counts as unreachable
LONGEST_REST = timedelta(hours=1)  # of a line; one that would rest for longer has seen the clock set back
STOPPED = ("paused", "braked")
BY_A_PERSON = ("paused",)
s = schema.switch


def read(gate: Gate, kind: str, name: str) -> Mapping[Any, Any] | None:
    with gate.journal.read() as conn:
        return row_of(conn, kind, name)


def row_of(conn: Db, kind: str, name: str) -> Mapping[Any, Any] | None:
    return conn.execute(select(s).where(s.c.kind == kind, s.c.name == name)).mappings().first()


def is_open(gate: Gate, kind: str, name: str) -> bool:
    """True when work may be done: not stopped, not waiting for the next try."""
    row = read(gate, kind, name)
    if row is None:
        return True
    rests = timedelta() if row["next_try_at"] is None else row["next_try_at"] - gate.now()
    return row["state"] not in STOPPED and not timedelta() < rests <= LONGEST_REST


def put(gate: Gate, conn: Db, kind: str, name: str, **values: Any) -> str | None:
    """Set a switch; returns the state that it had."""
    before = row_of(conn, kind, name)
    if before is None:
        conn.execute(insert(s).values(**{"kind": kind, "name": name, "since": gate.now()} | values))
        return None
    conn.execute(update(s).where(s.c.kind == kind, s.c.name == name).values(**values))
    return str(before["state"])


def brake(gate: Gate, route: str, environment: str | None, reason: str) -> None:
    """Stop a route, in one environment or in all, until a person has looked."""
    values = {"state": "braked", "since": gate.now(), "who": "C", "reason": reason, "environment": environment}
    with gate.journal.write("switch.brake") as conn:
        before = put(gate, conn, "route", route, **values)
        audit.append(conn, "brake", f"route {route}", before, "braked", "C")


def paused_lines(gate: Gate) -> frozenset[str]:
    """Connections that a person has stopped."""
    with gate.journal.read() as conn:
        return frozenset(conn.scalars(select(s.c.name).where(s.c.kind == "connection", s.c.state.in_(STOPPED))))


def paused_routes(gate: Gate, states: Collection[str] = STOPPED) -> frozenset[tuple[str, str]]:
    """Routes that are stopped, each with the environment in which it is."""
    with gate.journal.read() as conn:
        rows = conn.execute(select(s.c.name, s.c.environment).where(s.c.kind == "route", s.c.state.in_(states))).all()
    return frozenset(
        (name, each) for name, only in rows for each in get_args(Environment) if only is None or only == each
    )


def failed(gate: Gate, connection: Connection, reason: str, pause: Callable[[str, int], timedelta]) -> int:
    """One failure more of a line; returns how many in a row."""
    with gate.journal.write("switch.failed") as conn:
        row = row_of(conn, "connection", connection.name)
        failures = (row["failures"] if row else 0) + 1
        values = {"failures": failures, "next_try_at": gate.now() + pause(reason, failures)}
        if row is None or row["state"] not in STOPPED:
            values |= {"state": "unreachable" if failures >= ALARM_AFTER else "active", "reason": reason}
        put(gate, conn, "connection", connection.name, environment=connection.environment, **values)
    return failures


def start_afresh(conn: Db) -> None:
    """At start every line is tried at once: a person may have mended it. A refused key waits on: accounts lock."""
    waits = (s.c.kind == "connection", s.c.next_try_at.is_not(None), s.c.reason.is_distinct_from("LoginRefused"))
    conn.execute(update(s).where(*waits).values(next_try_at=None))


def recovered(gate: Gate, connection: Connection) -> None:
    """The line is well: what an earlier failure, of this life or another, has left is gone."""
    row = read(gate, "connection", connection.name)
    if row is None or row["state"] in STOPPED or not row["failures"]:
        return
    with gate.journal.write("switch.recovered") as conn:
        well = update(s).where(s.c.kind == "connection", s.c.name == connection.name, s.c.state.not_in(STOPPED))
        conn.execute(well.values(failures=0, reason=None, next_try_at=None, state="active", since=gate.now()))
