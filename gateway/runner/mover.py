"""The mover: one thread a connection, so that a frozen partner delays no one else.

It waits to be woken (by the schedule: look for files; by the core: something to deliver), does what the journal says is
due on its line, and keeps the line open while it is well. A line that fails is tried again after a pause that grows.
"""

import logging
import threading
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack
from datetime import timedelta

from gateway.findings.errors import GatewayError, PartnerUnreachable
from gateway.runner.lines import dial
from gateway.settings.connection import Connection
from gateway.settings.credentials import Credentials
from gateway.steps import switches
from gateway.steps.deliver import Deliver, backoff
from gateway.steps.failure import is_trouble
from gateway.steps.gate import Gate
from gateway.steps.litter import clear_litter
from gateway.steps.pickup import Pickup
from gateway.transport.line import Line

CREW = 8  # files in flight on one line
TIDY_EVERY = 6 * 3600.0  # seconds
IDLE = 300.0  # seconds after which an unused line is hung up
LOGIN_PAUSE = timedelta(minutes=20)  # a refused key: at most three tries an hour, accounts lock

log = logging.getLogger("gateway.mover")


class Mover(threading.Thread):
    """Moves the files of one connection. `moved` tells the core that something came in or went out."""

    def __init__(self, gate: Gate, connection: Connection, credentials: Credentials, moved: Callable[[], None]) -> None:
        super().__init__(name=f"mover-{connection.name}", daemon=True)
        self.gate, self.connection, self._credentials, self._moved = gate, connection, credentials, moved
        self._crew = ThreadPoolExecutor(CREW, thread_name_prefix=self.name)
        self._pickup = Pickup(gate, connection, self._crew)
        self._deliver = Deliver(gate, connection, self._crew)
        self._wake = threading.Event()
        self._poll_wanted = False
        self._ending = False
        self._stack = ExitStack()
        self._line: Line | None = None
        self.beat = gate.clock.monotonic()
        self.polls = 0
        self._tidied = self.beat - TIDY_EVERY - 1
        self.failed = False
        self._proven = False
        self.busy = False

    def look(self) -> None:
        """Poll now. Any thread."""
        self._poll_wanted = True
        self._wake.set()

    def nudge(self) -> None:
        """There may be something to deliver. Any thread."""
        self._wake.set()

    def end(self) -> None:
        """Stop after the step that is being done."""
        self._ending = True
        self._wake.set()

    def run(self) -> None:
        while not self._ending:
            woken = self._wake.wait(IDLE)
            self.busy = True
            self._wake.clear()
            if not woken:
                self._hang_up()
            elif not self._ending:
                self._turn()
            self.beat = self.gate.clock.monotonic()
            self.busy = False
        self._hang_up()
        self._crew.shutdown(wait=False, cancel_futures=True)

    def _turn(self) -> None:
        """One wake-up: nothing here may end the thread."""
        poll, self._poll_wanted = self._poll_wanted, False
        try:
            self._look(poll=poll)
        except Exception:
            log.exception("mover.bug", extra={"connection": self.connection.name})
            self._hang_up()
        finally:
            self.polls += poll

    def _look(self, *, poll: bool) -> None:
        """What the switch allows; a line that waits for its next try counts as failed until then."""
        if not switches.is_open(self.gate, "connection", self.connection.name):
            self.failed = self.failed or self.connection.name not in switches.paused_lines(self.gate)
            return
        try:
            self._work(poll=poll)
        except Exception as error:
            if is_trouble(error):
                raise  # of our machine: the partner is not to blame
            if not isinstance(error, GatewayError):
                log.exception("mover.bug", extra={"connection": self.connection.name})
            self._failed(error)

    def _work(self, *, poll: bool) -> None:
        due = self._deliver.due
        if not (poll or due):
            return
        poll = poll or self.failed  # what failed is looked at whole before it counts as well
        line = self._open()
        moved = self._deliver.deliver(line, self._enough) if due else 0
        if poll:
            moved += self._pickup.poll(line, self._enough)
            self._tidy_up(line)
        self._well()
        if moved:
            log.info("mover.moved", extra={"connection": self.connection.name, "count": moved})
            self._moved()

    def _enough(self) -> bool:
        """Between two rounds: a poll is wanted, a person has paused the line, we are to end; the rest comes after."""
        if self._poll_wanted or self._ending or not switches.is_open(self.gate, "connection", self.connection.name):
            self._wake.set()
            return True
        return False

    def _tidy_up(self, line: Line) -> None:
        """Every few hours: what our own crashes have left at the partner."""
        now = self.gate.clock.monotonic()
        if now - self._tidied > TIDY_EVERY:
            self._tidied = now
            clear_litter(self.gate, self.connection, line)

    def _open(self) -> Line:
        if self._line is not None and not self._line.alive:
            self._hang_up()  # the server has hung up on an idle line: no failure
        if self._line is None:
            self._line = self._stack.enter_context(dial(self.connection, self._credentials))
        return self._line

    def _well(self) -> None:
        """Clear what failures have left, those of an earlier life too."""
        if self.failed or not self._proven:
            switches.recovered(self.gate, self.connection)
        self.failed, self._proven = False, True

    def _failed(self, error: Exception) -> None:
        """Say so in the journal, hang up where the line is gone, wait before the next try."""
        self.failed = True
        if isinstance(error, PartnerUnreachable) or not isinstance(error, GatewayError):
            self._hang_up()
        failures = switches.failed(self.gate, self.connection, type(error).__name__, self._pause)
        log.warning(
            "mover.failed",
            extra={"connection": self.connection.name, "code": type(error).__name__, "attempt": failures},
        )
        self._moved()

    def _pause(self, reason: str, failures: int) -> timedelta:
        """How long the line rests; one that is well but has a folder at fault is looked at in its interval."""
        if reason == "LoginRefused":
            return LOGIN_PAUSE
        pause, interval = backoff(failures), self.connection.every.interval
        return min(pause, interval) if self._line is not None and interval is not None else pause

    def _hang_up(self) -> None:
        self._line = None
        try:
            self._stack.close()
        except Exception:
            log.debug("mover.hang_up", extra={"connection": self.connection.name}, exc_info=True)
        self._stack = ExitStack()
