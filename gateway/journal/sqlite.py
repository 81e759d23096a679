"""SQLite as the store: how every connection is set up.

In WAL mode SQLite loses committed rows when two connections write and checkpoint at the same moment, unless it has the
reset fix (https://sqlite.org/wal.html; releases 3.51.3, 3.50.7, 3.44.6). Without the fix the rollback journal is kept
(PERSIST), which with batches costs nothing. `synchronous=full` always. A transaction that may write begins `immediate`:
a deferred one that turns to writing fails at once, whatever the busy timeout says.
"""

import os
import sqlite3
import traceback
from pathlib import Path
from typing import Any

from sqlalchemy import Connection, Engine, ExceptionContext, create_engine, event
from sqlalchemy.exc import DisconnectionError
from sqlalchemy.pool import ConnectionPoolEntry

from gateway.journal.folders import make_folder

NAME = "journal.sqlite"
RESET_FIX = ((3, 51, 3), (3, 50, 7), (3, 44, 6))
PRAGMAS = (
    "synchronous=full",
    "foreign_keys=on",
    "secure_delete=on",
    "trusted_schema=off",
    "temp_store=memory",
    "cache_size=-4096",  # KiB of each connection: about one a thread
)
OF_THE_DISK = frozenset((sqlite3.SQLITE_READONLY, sqlite3.SQLITE_IOERR, sqlite3.SQLITE_FULL, sqlite3.SQLITE_CANTOPEN))
"""Primary result codes after which no connection is used again."""
BUSY_SECONDS = 30
# Statements with many ids are long, and of many lengths: few prepared ones are kept, or memory grows with the traffic.
CONNECT = {"timeout": BUSY_SECONDS, "cached_statements": 24}


def wal_is_safe(library: tuple[int, ...]) -> bool:
    """Say whether this SQLite has the WAL reset fix.

    >>> wal_is_safe((3, 40, 1)), wal_is_safe((3, 44, 6)), wal_is_safe((3, 50, 6)), wal_is_safe((3, 52, 0))
    (False, True, False, True)
    """
    return library >= RESET_FIX[0] or any(library[:2] == fixed[:2] and library >= fixed for fixed in RESET_FIX[1:])


def mode() -> str:
    return "wal" if wal_is_safe(sqlite3.sqlite_version_info) else "persist"


def engine(folder: Path) -> Engine:
    """The store in a state folder; the file is made for us alone."""
    make_folder(folder)
    path = folder / NAME
    os.close(os.open(path, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600))
    made = create_engine(f"sqlite:///{path}", connect_args=CONNECT, pool_use_lifo=True)
    event.listen(made, "connect", _prepare)
    event.listen(made, "begin", _begin)
    Renewal(made)
    return made


class Renewal:
    """After an error of the disk connections are opened anew: what was opened while it was read-only stays read-only.

    One in use is left until it was given back, and so rolled back: closed in a transaction it may keep its lock.
    """

    def __init__(self, engine: Engine) -> None:
        self._errors = 0
        event.listen(engine, "connect", self._opened)
        event.listen(engine, "handle_error", self._failed)
        event.listen(engine, "checkout", self._wanted)

    def _opened(self, _raw: object, record: ConnectionPoolEntry) -> None:
        record.info["errors"] = self._errors

    def _failed(self, context: ExceptionContext) -> None:
        code = getattr(context.original_exception, "sqlite_errorcode", 0) & 0xFF  # the low byte is the primary code
        self._errors += code in OF_THE_DISK

    def _wanted(self, _raw: object, record: ConnectionPoolEntry, _proxy: object) -> None:
        if record.info["errors"] != self._errors:
            raise DisconnectionError  # the pool opens another


def scrub(conn: Connection) -> None:
    """Empty what SQLite keeps beside the database: old pages hold what was cleared from the tables."""
    raw = conn.connection.dbapi_connection
    assert raw is not None
    if mode() == "wal":
        raw.execute("pragma wal_checkpoint(truncate)").close()
        return
    raw.execute("pragma journal_size_limit=0").close()
    with conn.begin():  # the limit is applied at the end of a transaction that writes
        version = conn.exec_driver_sql("pragma user_version").scalar_one()
        conn.exec_driver_sql(f"pragma user_version={version + 1}")
    raw.execute("pragma journal_size_limit=-1").close()


def is_garbled(error: BaseException | None) -> bool:
    """Whether text in the file is no text any more: sqlite3 says so in one of two ways, by what it was reading.

    A decoding of our own that fails between two statements is another's: only what failed in the driver counts.
    """
    if isinstance(error, sqlite3.OperationalError):
        return str(error).startswith("Could not decode to UTF-8")
    frames = traceback.extract_tb(error.__traceback__) if isinstance(error, UnicodeDecodeError) else []
    return bool(frames) and (frames[-1].filename == __file__ or "/sqlalchemy/" in frames[-1].filename)


def _prepare(raw: Any, _record: object) -> None:
    raw.isolation_level = None  # we say BEGIN ourselves
    for pragma in (f"journal_mode={mode()}", *PRAGMAS):
        raw.execute(f"pragma {pragma}").close()


def _begin(conn: Connection) -> None:
    write = conn.get_execution_options()["journal_write"]
    conn.exec_driver_sql(f"pragma query_only={'off' if write else 'on'}")
    conn.exec_driver_sql("begin immediate" if write else "begin")
