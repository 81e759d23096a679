"""The only way into the journal: one writer, short readers, on SQLite or PostgreSQL.

SQLite loses committed rows in WAL mode when two connections write and checkpoint at the same moment, unless it has the
reset fix (https://sqlite.org/wal.html, releases 3.51.3, 3.50.7, 3.44.6); without the fix the rollback journal is kept
(PERSIST), which with batches costs nothing. `synchronous=full` always. A transaction that may write begins `immediate`:
a deferred one that turns to writing fails at once, whatever the busy timeout says.
"""

import os
import sqlite3
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from sqlalchemy import Connection, Engine, create_engine, event, make_url
from sqlalchemy.exc import DBAPIError

from gateway.findings.errors import GatewayFault, JournalFault, Permanent, Retryable
from gateway.journal.audit import Chain, load_key
from gateway.journal.clock import Clock, SystemClock
from gateway.journal.upgrade import upgrade, version

NAME = "journal.sqlite"
RESET_FIX = ((3, 51, 3), (3, 50, 7), (3, 44, 6))
PRAGMAS = (
    "synchronous=full",
    "foreign_keys=on",
    "secure_delete=on",
    "trusted_schema=off",
    "temp_store=memory",
    "cache_size=-32768",
)
BUSY_SECONDS = 30
POSTGRESQL_OPTIONS = "-c statement_timeout=30000 -c lock_timeout=5000 -c idle_in_transaction_session_timeout=60000"


class JournalMissing(GatewayFault, Permanent):
    """There is no journal here."""


class CommitUnknown(GatewayFault, Retryable):
    """The commit failed: whether the change is in the journal is unknown until it is read again."""


def wal_is_safe(library: tuple[int, ...]) -> bool:
    """Has this SQLite the WAL reset fix?

    >>> wal_is_safe((3, 40, 1)), wal_is_safe((3, 44, 6)), wal_is_safe((3, 50, 6)), wal_is_safe((3, 52, 0))
    (False, True, False, True)
    """
    return library >= RESET_FIX[0] or any(library[:2] == fixed[:2] and library >= fixed for fixed in RESET_FIX[1:])


class Journal:
    """An open journal. A thread holds one transaction at a time; writers of a process wait for each other."""

    def __init__(self, engine: Engine, state_dir: Path | None, clock: Clock, key: bytes) -> None:
        self.clock = clock
        self.state_dir = state_dir
        self._writing = engine.execution_options(journal_write=True, journal_chain=Chain(key, clock))
        self._reading = engine.execution_options(journal_write=False)
        self._turn = threading.Lock()
        self._mine = threading.local()

    @contextmanager
    def write(self) -> Iterator[Connection]:
        """One transaction that may change the journal: all of it is kept, or nothing.

        Raises: CommitUnknown when the commit itself fails; JournalFault inside another transaction of this thread.
        """
        with self._alone(), self._turn, self._writing.connect() as conn:
            transaction = conn.begin()
            try:
                yield conn
            except BaseException:
                transaction.rollback()
                raise
            try:
                transaction.commit()
            except DBAPIError as error:
                conn.invalidate()
                raise CommitUnknown from error

    @contextmanager
    def read(self) -> Iterator[Connection]:
        """One transaction that sees one state of the journal and changes nothing. Keep it below 200 ms."""
        with self._alone(), self._reading.connect() as conn, conn.begin():
            yield conn

    def close(self) -> None:
        self._writing.dispose()

    @contextmanager
    def _alone(self) -> Iterator[None]:
        if getattr(self._mine, "busy", False):
            raise JournalFault("a transaction of this thread is open already")
        self._mine.busy = True
        try:
            yield
        finally:
            self._mine.busy = False


def open_journal(
    target: str | Path, *, create: bool = True, state_dir: Path | None = None, clock: Clock | None = None
) -> Journal:
    """Open the journal of a state folder, or the one at a PostgreSQL URL, and bring its tables up to date.

    Raises: JournalMissing when there is none and `create` is false.
    """
    if "://" in str(target):
        url, folder = str(target), state_dir
        engine = create_engine(url, connect_args={"options": POSTGRESQL_OPTIONS}, pool_pre_ping=True)
    else:
        folder = state_dir or Path(target)
        engine = _sqlite(folder, create=create)
    _on_begin(engine)
    with engine.execution_options(journal_write=False).connect() as conn:
        found = version(conn)
    if found is None and not create:
        raise JournalMissing(f"{make_url(str(engine.url)).render_as_string()} holds no journal")
    journal = Journal(engine, folder, clock or SystemClock(), load_key(folder) if folder else b"")
    with journal.write() as conn:
        upgrade(conn)
    return journal


def _sqlite(folder: Path, *, create: bool) -> Engine:
    path = folder / NAME
    if not path.exists() and not create:
        raise JournalMissing(f"{path} is missing")
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    os.close(os.open(path, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600))
    engine = create_engine(f"sqlite:///{path}", connect_args={"timeout": BUSY_SECONDS})
    event.listen(engine, "connect", _prepare)
    return engine


def _prepare(raw: Any, _record: object) -> None:
    raw.isolation_level = None  # we say BEGIN ourselves
    mode = "wal" if wal_is_safe(sqlite3.sqlite_version_info) else "persist"
    for pragma in (f"journal_mode={mode}", *PRAGMAS):
        raw.execute(f"pragma {pragma}").close()


def _on_begin(engine: Engine) -> None:
    begin: Callable[[Connection], None] = _begin_sqlite if engine.dialect.name == "sqlite" else _begin_postgresql
    event.listen(engine, "begin", begin)


def _begin_sqlite(conn: Connection) -> None:
    write = conn.get_execution_options().get("journal_write", True)
    conn.exec_driver_sql(f"pragma query_only={'off' if write else 'on'}")
    conn.exec_driver_sql("begin immediate" if write else "begin")


def _begin_postgresql(conn: Connection) -> None:
    if not conn.get_execution_options().get("journal_write", True):
        conn.exec_driver_sql("set transaction isolation level repeatable read, read only")
