"""PostgreSQL as the store, for several hosts: one writer at a time, the server's time, no wait without an end.

A transaction that writes takes one advisory lock before anything else, as SQLite's `begin immediate` does: what a step
reads to decide is still so when it commits. Whoever freezes while it holds the lock is ended by the server.
"""

from functools import partial
from typing import Any

from sqlalchemy import URL, Connection, Engine, create_engine, event, make_url
from sqlalchemy.exc import DBAPIError

from gateway.journal.clock import ServerClock

WRITER = 0x67617465776179  # the lock of whoever writes: "gateway"
SESSION = {  # milliseconds, but for the keepalives of TCP: seconds
    "statement_timeout": 300_000,  # of one who reads; one who writes says less
    "lock_timeout": 20_000,
    "idle_in_transaction_session_timeout": 30_000,
    "tcp_keepalives_idle": 15,
    "tcp_keepalives_interval": 5,
    "tcp_keepalives_count": 3,
}
WRITING = 30_000  # milliseconds that one statement of a writer may take
LINE = {  # of libpq: a server that is gone is noticed by us, too
    "connect_timeout": 10,
    "keepalives_idle": 15,
    "keepalives_interval": 5,
    "keepalives_count": 3,
    "tcp_user_timeout": 30_000,
    "application_name": "gateway",
}
AWAY = ("08", "25", "40", "53", "55", "57")
"""Classes of SQLSTATE that pass: line lost, transaction ended for us, deadlock, no room, locked, shut down."""

BEGIN = f"select pg_advisory_xact_lock({WRITER}), set_config('statement_timeout', '{WRITING}', true), clock_timestamp()"


def engine(url: str, password: str = "", clock: ServerClock | None = None) -> Engine:
    """The store at a URL (`postgresql://…`); a clock that is given follows the server's."""
    where = make_url(url).set(drivername="postgresql+psycopg")
    made = create_engine(
        where.set(password=password) if password else where,
        connect_args={**LINE, "options": options()},
        pool_pre_ping=True,
        pool_use_lifo=True,
        max_overflow=64,  # about one connection a thread
    )
    event.listen(made, "begin", partial(_begin, clock=clock or ServerClock()))
    return made


def options(**more: int) -> str:
    """The settings of a session, as libpq takes them."""
    return " ".join(f"-c {name}={value}" for name, value in (SESSION | more).items())


def session(url: URL, **more: int) -> dict[str, Any]:
    """What psycopg needs for a session of its own in the journal's database."""
    address = url.set(drivername="postgresql").render_as_string(hide_password=False)
    return {"conninfo": address, "options": options(**more), **LINE}


def is_away(error: DBAPIError) -> bool:
    """True when the same may succeed later."""
    return error.connection_invalidated or str(getattr(error.orig, "sqlstate", None) or "")[:2] in AWAY


def _begin(conn: Connection, clock: ServerClock) -> None:
    if conn.get_execution_options()["journal_write"]:
        clock.follow(conn.exec_driver_sql(BEGIN).one()[2])
    else:
        conn.exec_driver_sql("set transaction isolation level repeatable read, read only")
        if clock.guess:
            clock.follow(conn.exec_driver_sql("select clock_timestamp()").scalar_one())
