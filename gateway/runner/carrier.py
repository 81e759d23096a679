"""What is done on a line at one wake-up: deliver what is due, look for files, keep the line open while it is well.

A line that fails is tried again after a pause that grows. Whoever wakes it, a thread of its own or a task of a queue,
does so one at a time.
"""

import logging
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack
from datetime import timedelta

from gateway.findings.errors import GatewayError, HostKeyMismatch, PartnerUnreachable, SpoolUnreadable
from gateway.observe.metrics import POLLED, timed
from gateway.runner.lines import dial
from gateway.settings.connection import Connection
from gateway.settings.credentials import Credentials
from gateway.steps.ground import switches
from gateway.steps.ground.failure import is_trouble
from gateway.steps.ground.gate import Gate
from gateway.steps.receiving.litter import clear_litter
from gateway.steps.receiving.pickup import Pickup, SpoolUnwritable
from gateway.steps.sending.deliver import Deliver, backoff
from gateway.transport.line import Line

CREW = 8  # threads a line that sync our disk while it goes on
TIDY_EVERY = 6 * 3600.0  # seconds
LOGIN_PAUSE = timedelta(minutes=20)  # a refused key: at most three tries an hour, accounts lock
OF_THE_DISK = (SpoolUnwritable, SpoolUnreadable)

log = logging.getLogger("gateway.mover")


class Carrier:
    """The work on one connection. `moved` is told that something came in, went out or failed.

    `interrupted` is asked between two rounds of files: when it says so, the rest is left for another turn, and `again`
    asks for that one. `failed` says how the last turn ended, `hindered` that this machine or a bug was to blame.
    """

    def __init__(
        self,
        gate: Gate,
        connection: Connection,
        credentials: Credentials,
        moved: Callable[[], None],
        interrupted: Callable[[], bool] = lambda: False,
        again: Callable[[], None] = lambda: None,
    ) -> None:
        self.gate, self.connection, self._credentials = gate, connection, credentials
        self._moved, self._interrupted, self._again = moved, interrupted, again
        self._crew = ThreadPoolExecutor(CREW, thread_name_prefix=f"mover-{connection.name}")
        self._pickup = Pickup(gate, connection, self._crew)
        self._deliver = Deliver(gate, connection, self._crew)
        self._stack = ExitStack()
        self._line: Line | None = None
        self._tidied = gate.clock.monotonic() - TIDY_EVERY - 1
        self._proven = False
        self.failed = self.hindered = False

    def turn(self, *, poll: bool) -> None:
        """Do what the journal says is due, and look for files when told to `poll`. Nothing here raises."""
        try:
            self._look(poll=poll)
        except Exception:
            self.hindered = True
            log.exception("mover.bug", extra={"connection": self.connection.name})
            self.hang_up()

    def hang_up(self) -> None:
        """Close the line; the next turn that needs one opens another."""
        self._line = None
        try:
            self._stack.close()
        except Exception:
            log.debug("mover.hang_up", extra={"connection": self.connection.name}, exc_info=True)
        self._stack = ExitStack()

    def close(self) -> None:
        self.hang_up()
        self._crew.shutdown(wait=False, cancel_futures=True)

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
        moved = 0
        if due:
            with timed("deliver"):
                moved = self._deliver.deliver(line, self._enough)
        if poll:
            with timed("poll"):
                moved += self._pickup.poll(line, self._enough)
            POLLED.labels(self.connection.name).set_to_current_time()
            self._tidy_up(line)
        self._well()
        if moved:
            log.info("mover.moved", extra={"connection": self.connection.name, "count": moved})
            self._moved()

    def _enough(self) -> bool:
        """Between two rounds: we are wanted elsewhere, or a person has paused the line; the rest comes after."""
        if self._interrupted() or not switches.is_open(self.gate, "connection", self.connection.name):
            self._again()
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
            self.hang_up()  # the server has hung up on an idle line: no failure
        if self._line is None:
            self._line = self._stack.enter_context(dial(self.connection, self._credentials))
        return self._line

    def _well(self) -> None:
        """Clear what failures have left, those of an earlier life too."""
        if self.failed or not self._proven:
            switches.recovered(self.gate, self.connection)
        self.failed, self.hindered, self._proven = False, False, True

    def _failed(self, error: Exception) -> None:
        """Say so in the journal, hang up where the line is gone, wait before the next try."""
        self.failed = True
        self.hindered = isinstance(error, OF_THE_DISK) or not isinstance(error, GatewayError)
        if isinstance(error, PartnerUnreachable) or not isinstance(error, GatewayError):
            self.hang_up()
        failures = switches.failed(self.gate, self.connection, _reason(error), self._pause)
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


def _reason(error: Exception) -> str:
    """What went wrong, by its class; of a host key its fingerprint as well, which a person will want to compare."""
    shown = [str(error)] if isinstance(error, HostKeyMismatch) else []
    return " ".join((type(error).__name__, *shown))
