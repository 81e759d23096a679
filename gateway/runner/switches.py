"""Switches: what a person paused, what is unreachable and when it is tried again. They outlive the process."""

from collections.abc import Callable, Mapping
from datetime import timedelta
from typing import Any

from sqlalchemy import Connection as Db
from sqlalchemy import insert, select, update

from gateway.journal import schema
from gateway.settings.connection import Connection
from gateway.steps.gate import Gate

ALARM_AFTER = 5  # failures in a row until a partner counts as unreachable
s = schema.switch


def is_open(gate: Gate, kind: str, name: str) -> bool:
    """True when work may be done: not paused, not braked, not waiting for the next try."""
    row = read(gate, kind, name)
    if row is None:
        return True
    return row["state"] not in {"paused", "braked"} and (row["next_try_at"] is None or row["next_try_at"] <= gate.now())


def read(gate: Gate, kind: str, name: str) -> Mapping[Any, Any] | None:
    with gate.journal.read() as conn:
        return _row(conn, kind, name)


def failed(gate: Gate, connection: Connection, reason: str, pause: Callable[[str, int], timedelta]) -> int:
    """One failure more; returns how many in a row."""
    with gate.journal.write() as conn:
        row = _row(conn, "connection", connection.name)
        failures = (row["failures"] if row else 0) + 1
        state = "unreachable" if failures >= ALARM_AFTER else "active"
        keep = row is not None and row["state"] in {"paused", "braked"}
        values = {"failures": failures, "reason": reason, "next_try_at": gate.now() + pause(reason, failures)}
        _set(gate, conn, connection, values if keep else values | {"state": state}, known=row is not None)
    return failures


def recovered(gate: Gate, connection: Connection) -> None:
    with gate.journal.write() as conn:
        row = _row(conn, "connection", connection.name)
        if row is not None and row["state"] in {"active", "unreachable"}:
            _set(
                gate,
                conn,
                connection,
                {"failures": 0, "reason": None, "next_try_at": None, "state": "active"},
                known=True,
            )


def _set(gate: Gate, conn: Db, connection: Connection, values: Mapping[Any, Any], *, known: bool) -> None:
    name = connection.name
    if known:
        conn.execute(update(s).where(s.c.kind == "connection", s.c.name == name).values(**values))
    else:
        facts = {"kind": "connection", "name": name, "environment": connection.environment, "since": gate.now()}
        conn.execute(insert(s).values(**facts, **values))


def _row(conn: Db, kind: str, name: str) -> Mapping[Any, Any] | None:
    return conn.execute(select(s).where(s.c.kind == kind, s.c.name == name)).mappings().first()
