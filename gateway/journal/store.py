"""The only way into the journal: one writer, short readers, on SQLite or PostgreSQL.

A thread holds one transaction at a time. What a step reads to decide, it reads in the transaction that writes. Where
several hosts share a journal, each writes by its tenure of a duty: one that was taken over is refused.
"""

import copy
import sqlite3
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Self

from sqlalchemy import Connection, Engine
from sqlalchemy.exc import DatabaseError, DBAPIError, InternalError, OperationalError, ProgrammingError

from gateway.findings.errors import GatewayFault, JournalFault, Permanent, Retryable
from gateway.findings.failpoint import effect, passing
from gateway.journal import ids, planner, postgresql, sqlite, tenure
from gateway.journal.audit import Chain, load_key, make_key
from gateway.journal.clock import Clock, ServerClock, SystemClock
from gateway.journal.folders import make_folder
from gateway.journal.pseudonym import OPTION, Names
from gateway.journal.schema import VERSION
from gateway.journal.tenure import Tenure
from gateway.journal.upgrade import upgrade, version


class JournalMissing(GatewayFault, Permanent):
    """There is no journal here."""


class JournalNewer(GatewayFault, Permanent):
    """The journal was written by a newer version of the gateway."""


class JournalUnavailable(GatewayFault, Retryable):
    """The store of the journal does not answer: locked for too long, disk full, server away."""


class JournalDamaged(GatewayFault, Permanent):
    """The journal cannot be read: stop the gateway, keep its state folder as it is, and restore a backup."""


class CommitUnknown(GatewayFault, Retryable):
    """The commit failed: whether the change is in the journal is unknown until it is read again."""


class Journal:
    """An open journal. Writers of a process wait for each other; other processes wait at the store."""

    def __init__(self, engine: Engine, state_dir: Path, clock: Clock, key: bytes) -> None:
        self.state_dir = state_dir
        self.url = engine.url
        self.clock = clock
        self.key = key
        self.names = Names(state_dir)
        both = engine.execution_options(**{OPTION: self.names})
        self._writing = both.execution_options(journal_write=True, journal_chain=Chain(self.key, clock))
        self._reading = both.execution_options(journal_write=False)
        self._turn = threading.Lock()
        self._mine = threading.local()
        self._tenures: tuple[Tenure, ...] = ()

    def under(self, *held: Tenure) -> Self:
        """The same journal for the work of duties: what is written through it is refused once one of them is lost."""
        mine = copy.copy(self)
        mine._tenures = held  # noqa: SLF001
        return mine

    @contextmanager
    def write(self, name: str = "") -> Iterator[Connection]:
        """One transaction that may change the journal: all of it is kept, or nothing. `name`: see `effect`.

        Raises: CommitUnknown when the commit itself fails; TenureLost; JournalFault inside another transaction of this
        thread.
        """
        with self._alone(), self._turn, _translated(), effect(name), self._writing.connect() as conn:
            transaction = conn.begin()
            try:
                tenure.check(conn, self._tenures)
                yield conn
            except BaseException:
                transaction.rollback()
                raise
            passing(name, "commit")
            try:
                transaction.commit()
            except DBAPIError as error:
                conn.invalidate()
                raise CommitUnknown from error

    @contextmanager
    def read(self) -> Iterator[Connection]:
        """One transaction that sees one state of the journal and changes nothing. Keep it below 200 ms."""
        with self._alone(), _translated(), self._reading.connect() as conn, conn.begin():
            yield conn

    def scrub(self) -> None:
        """After a purge: leave no copy of what was cleared beside the tables (SQLite's own journal)."""
        with self._alone(), self._turn, _translated(), effect("journal.scrub"), self._writing.connect() as conn:
            if conn.dialect.name == "sqlite":
                sqlite.scrub(conn)

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
    target: str | Path,
    *,
    create: bool = True,
    state_dir: Path | None = None,
    clock: Clock | None = None,
    password: str = "",
) -> Journal:
    """Open the journal of a state folder, or the one at a PostgreSQL URL, and bring its tables up to date.

    With a URL, `state_dir` is where the key of the audit trail lies, and time is the server's unless another clock is
    given. Raises: JournalMissing when there is none and `create` is false; JournalNewer when this version of the
    gateway does not know its tables; JournalDamaged; JournalFault when a journal or its key is gone that a new one must
    not replace.
    """
    if "://" in str(target):
        if state_dir is None:
            raise JournalFault("a journal on a server needs a state folder too")
        folder, server = state_dir, ServerClock()
        engine = postgresql.engine(str(target), password, server)
        if clock is None:
            ids.follow(server.now)
        clock = clock or server
    else:
        folder = Path(target)
        if not (folder / sqlite.NAME).exists():
            _may_begin(folder, create=create)
        engine = _on_disk(folder)
    try:
        return _opened(engine, folder, clock or SystemClock(), create=create)
    except BaseException:
        engine.dispose()
        raise


def _on_disk(folder: Path) -> Engine:
    try:
        return sqlite.engine(folder)
    except OSError as error:
        raise JournalUnavailable(f"the journal cannot be opened: {folder / sqlite.NAME}: {error.strerror}") from error


def _opened(engine: Engine, folder: Path, clock: Clock, *, create: bool) -> Journal:
    found, current = _look(engine)
    if found is not None and found > VERSION:
        raise JournalNewer(f"the journal is of version {found}, this gateway knows {VERSION}")
    if found is None:
        _may_begin(folder, create=create)
        make_folder(folder)
        make_key(folder)
    journal = Journal(engine, folder, clock, load_key(folder))
    if not current:
        with journal.write("journal.upgrade") as conn:
            upgrade(conn)
        engine.dispose()  # connections that were open go by the planner's figures of before
    return journal


def _look(engine: Engine) -> tuple[str | None, bool]:
    """The version of its tables, and whether nothing is to be done."""
    with _translated(), engine.execution_options(journal_write=False).connect() as conn, conn.begin():
        found = version(conn)
        return found, found == VERSION and planner.is_told(conn)


def _may_begin(folder: Path, *, create: bool) -> None:
    """A spool belongs to its journal: beside a new one it would be swept away as nobody's."""
    if next(folder.glob("spool/*/*/*"), None) is not None:
        raise JournalFault(f"the journal of {folder} is gone, its spool is not: restore the journal, or move both away")
    if not create:
        raise JournalMissing(f"no journal in {folder}")


def _unavailable(error: DBAPIError) -> JournalUnavailable:
    """What the store says, of several lines the first; its own advice is for those who wrote it."""
    said = str(error.orig).partition("\n")[0].strip()
    return JournalUnavailable(f"the journal does not answer: {said}")


@contextmanager
def _translated() -> Iterator[None]:
    try:
        yield
    except OperationalError as error:
        raise (JournalDamaged() if sqlite.is_garbled(error.orig) else _unavailable(error)) from error
    except InternalError as error:
        raise (_unavailable(error) if postgresql.is_away(error) else JournalDamaged()) from error
    except (DatabaseError, sqlite3.DatabaseError) as error:
        if isinstance(error, ProgrammingError) and error.statement is None:  # of the URL: the line is not even open
            raise _unavailable(error) from error
        if type(error) in {DatabaseError, sqlite3.DatabaseError}:  # not a mistake of ours in a statement
            raise JournalDamaged from error
        raise
    except UnicodeDecodeError as error:
        if sqlite.is_garbled(error):
            raise JournalDamaged from None  # its text quotes what was read
        raise
