"""What this host has to itself: an advisory lock for each duty, all held by one session of its own at the server.

The session says a word every few seconds. Of a host that dies, is cut off or frozen the server ends it, and with it
every duty; another host takes them over, each under a new term (`gateway.journal.tenure`). A line of TCP may well stay
up while a process is frozen: that is why silence counts, not the line.
"""

import contextlib
import hashlib
import logging
import os
import socket
import threading
from collections.abc import Callable, Collection, Iterator

import psycopg
from psycopg.rows import scalar_row

from gateway.journal import tenure
from gateway.journal.postgresql import session
from gateway.journal.store import Journal, JournalUnavailable
from gateway.journal.tenure import Tenure

SILENCE = 15_000  # milliseconds without a word after which the server ends the session
WORD = 3.0  # seconds between two words

log = logging.getLogger("gateway.duties")


class Duties:
    """`owner` names this host; `lost` is called, from another thread, when all duties are gone at once."""

    def __init__(self, journal: Journal, owner: str, lost: Callable[[], None]) -> None:
        self.owner, self._journal, self._lost = owner, journal, lost
        self._held: dict[str, Tenure] = {}
        self._turn, self._taking = threading.Lock(), threading.Lock()
        self._session: psycopg.Connection[bool] | None = None
        self._over = threading.Event()
        self._keeper = threading.Thread(target=self._keep, name="duties", daemon=True)

    def open(self) -> None:
        """Begin to be a host among others. Raises: JournalUnavailable."""
        try:
            self._connect()
        except psycopg.Error as error:
            raise JournalUnavailable(str(error)) from error
        self._keeper.start()

    def close(self) -> None:
        """Give everything back at once; a server that says nothing meanwhile finds the line cut."""
        self._over.set()
        with self._limited(), self._turn:
            self._held.clear()
            self._unlock()
        self._keeper.join(WORD)
        with self._turn:
            self._drop()

    def take(self, name: str) -> Tenure | None:
        """This duty, from now on or still; None while another host has it. Raises: JournalUnavailable."""
        with self._taking:
            if (held := self._held.get(name)) is not None:
                return held
            mine = self._ask("select pg_try_advisory_lock(%s)", name)
            if mine is None:
                return None
            try:
                with self._journal.write("duty.begin") as conn:
                    held = tenure.begin(conn, name, self.owner)
            except BaseException:
                self._ask("select pg_advisory_unlock(%s)", name)
                raise
            with self._turn:
                if self._session is not mine:
                    return None  # the session was lost meanwhile, and the lock with it
                self._held[name] = held
        log.info("duty.taken", extra={"duty": name, "term": held.term})
        return held

    def give_back(self, name: str) -> None:
        if self._held.pop(name, None) is not None:
            self._ask("select pg_advisory_unlock(%s)", name)
            log.info("duty.given_back", extra={"duty": name})

    def has(self, held: Tenure | None) -> bool:
        """False once it was lost, as far as we know; the journal knows better."""
        return held is not None and self._held.get(held.duty) == held

    def at_work(self, owners: Collection[str]) -> frozenset[str]:
        """Which of these hosts are alive."""
        return frozenset(one for one in owners if one == self.owner or not self._is_gone(one))

    def _is_gone(self, owner: str) -> bool:
        if self._ask("select pg_try_advisory_lock(%s)", _host(owner)) is None:
            return False
        self._ask("select pg_advisory_unlock(%s)", _host(owner))
        return True

    def _ask(self, query: str, name: str) -> "psycopg.Connection[bool] | None":
        """The session in which the answer was yes."""
        with self._turn:
            if self._session is None:
                return None
            try:
                return self._session if self._session.execute(query, [key_of(name)]).fetchone() else None
            except psycopg.Error:
                self._drop()
        self._lost()
        return None

    def _connect(self) -> None:
        settings = session(self._journal.url, idle_session_timeout=SILENCE)
        made = psycopg.connect(autocommit=True, row_factory=scalar_row, **settings)
        try:
            made.execute("select pg_advisory_lock(%s)", [key_of(_host(self.owner))])
        except psycopg.Error:
            made.close()  # the session of before stands a while longer at the server
            raise
        self._session = made

    def _drop(self) -> None:
        self._held.clear()
        if self._session is not None:
            self._session.close()
        self._session = None

    def _unlock(self) -> None:
        """A server ends a session, and its locks, some time after the line is closed: too late for "at once"."""
        if self._session is not None:
            with contextlib.suppress(psycopg.Error):
                self._session.execute("select pg_advisory_unlock_all()")

    @contextlib.contextmanager
    def _limited(self) -> Iterator[None]:
        """Cut the line under whoever waits for the server longer than for a word."""
        late = threading.Timer(WORD, self._cut)
        late.start()
        try:
            yield
        finally:
            late.cancel()
            late.join()  # it must not meet another line under the same number

    def _cut(self) -> None:
        with contextlib.suppress(psycopg.Error, OSError):
            if self._session is not None:
                with socket.socket(fileno=os.dup(self._session.fileno())) as line:
                    line.shutdown(socket.SHUT_RDWR)

    def _keep(self) -> None:
        while not self._over.wait(WORD):
            try:
                with self._turn:
                    if self._session is None:
                        self._connect()
                    else:
                        self._session.execute("select 1")
            except psycopg.Error:
                if self._over.is_set():
                    return
                log.warning("duty.lost")
                with self._turn:
                    self._drop()
                self._lost()


def _host(owner: str) -> str:
    return f"host/{owner}"


def key_of(name: str) -> int:
    """Advisory locks have numbers for names."""
    return int.from_bytes(hashlib.blake2b(name.encode(), digest_size=8).digest(), "big", signed=True)
