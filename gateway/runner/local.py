"""The local runner: one process tree, one state folder. Movers for the lines, workers for the bytes, this loop between.

SIGHUP takes up changed tables. Ends by SIGTERM or SIGINT after the step in hand; by itself with `once` (every line
looked at once, everything done that can be done) or `until_quiet` (until nothing has come or gone for a while).
"""

import logging
import signal
import threading
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from types import FrameType

import msgspec

from gateway.findings.errors import ConfigurationInvalid, GatewayError
from gateway.journal.blobs import BlobStore
from gateway.journal.clock import Clock, SystemClock
from gateway.journal.lock import hold_lock
from gateway.journal.store import Journal, open_journal
from gateway.mapping.registry import shipped
from gateway.observe.notify import Notifier
from gateway.ruleset import Archive
from gateway.runner.core import Core
from gateway.runner.mover import Mover
from gateway.runner.pool import Pool
from gateway.runner.quiet import work_left
from gateway.runner.reload import renewed
from gateway.runner.waker import Waker
from gateway.settings import Credentials, Settings, load
from gateway.steps import purge, switches
from gateway.steps.force import enforce
from gateway.steps.gate import Gate, new_owner, pin_ruleset
from gateway.steps.hub import Hub, filer_with
from gateway.steps.start import recover, sweep

BREATH = 0.5  # seconds the loop waits when nothing is due
HOUSEKEEPING = 15.0
JANITOR = 3600.0
PURGE = 5.0  # while there is something to purge
GRACE = 60.0  # seconds for what workers have in hand when we are told to stop
SETTLED = 3.0  # seconds without any movement after which a run counts as quiet

Handler = Callable[[int, FrameType | None], object] | signal.Handlers
log = logging.getLogger("gateway.runner")


@dataclass(frozen=True, slots=True)
class Ending:
    """How a run ended. `unreachable` names the lines that failed to the end."""

    unreachable: tuple[str, ...] = ()


def load_settings(path: Path) -> Settings:
    """The configuration, or its faults. Raises: ConfigurationInvalid."""
    settings, findings = load(path)
    if settings is None or any(f.severity == "error" for f in findings):
        raise ConfigurationInvalid(f"{path}: `gateway config validate` shows what is wrong")
    return settings


def roots_of(settings: Settings) -> tuple[Path, ...]:
    return (*settings.overlays, shipped())


def pinned_settings(settings: Settings) -> bytes:
    """What of the configuration decides how declarations are written: the filer with each partner."""
    return msgspec.json.encode({name: filer_with(settings, p) for name, p in settings.partners.items()}, order="sorted")


def pin(journal: Journal, archive: Archive, settings: Settings) -> str:
    """Archive the ruleset of a configuration as it is now; gives its hash."""
    return pin_ruleset(journal, archive, roots_of(settings), pinned_settings(settings))


@contextmanager
def open_gate(settings: Settings, clock: Clock | None = None, *, create: bool = True) -> Iterator[Gate]:
    """Journal, spool and rulesets of a configuration, ready for the steps. Holds no lock. Raises: JournalMissing."""
    clock = clock or SystemClock()
    journal = open_journal(
        settings.gateway.journal or settings.state, create=create, state_dir=settings.state, clock=clock
    )
    try:
        archive = Archive(settings.state)
        ruleset = pin(journal, archive, settings)
        blobs = BlobStore(settings.state, clock)
        yield Gate(journal, blobs, archive, Hub(settings), clock, ruleset, new_owner())
    finally:
        journal.close()


class Runner:
    """A running gateway."""

    def __init__(self, gate: Gate, notifier: Notifier | None = None) -> None:
        settings = gate.hub.settings
        credentials = Credentials(settings.folder)
        self.gate, self._notifier = gate, notifier or Notifier()
        self.pool = Pool(settings.gateway.workers)
        self.movers = {
            line.name: Mover(gate, line, credentials, self.pool.wake) for line in gate.hub.connections.values()
        }
        self.core = Core(gate, self.pool, self._nudge)
        self._waker = Waker(self.movers, gate.clock)
        self._stop, self._reload = threading.Event(), threading.Event()
        self._last = gate.clock.monotonic()
        self._chores: dict[str, float] = {}
        self._purging = False

    def stop(self) -> None:
        """Ask for a graceful end. Any thread, any signal handler."""
        self._stop.set()
        self.pool.wake()

    def reload(self) -> None:
        """Ask for what the disk holds now: tables, code lists, filers. Any thread, any signal handler."""
        self._reload.set()
        self.pool.wake()

    def run(self, *, once: bool = False, until_quiet: bool = False) -> Ending:
        with self.gate.journal.write("start.enforce") as conn:
            enforce(conn, self.gate.ruleset, "T", "start")
        recover(self.gate)
        for mover in self.movers.values():
            mover.start()
        self._waker.start()
        self._notifier.ready()
        log.info("gateway.started", extra={"connections": len(self.movers), "ruleset": self.gate.ruleset})
        try:
            self.core.guard.strict = once or until_quiet
            while not self._stop.is_set():
                self._turn(flush=once or until_quiet)
                if (once or until_quiet) and self._is_quiet(0.0 if once else SETTLED) and not self.core.housekeeping():
                    break
        finally:
            self._end()
        return Ending(tuple(name for name, mover in self.movers.items() if mover.failed))

    def _turn(self, *, flush: bool) -> None:
        if self._reload.is_set():
            self._reload.clear()
            self.core.guard.run("reload", self._renew)
        if self.core.turn(BREATH, flush=flush):
            self._last = self.gate.clock.monotonic()
        self._every("housekeeping", HOUSEKEEPING, self.core.housekeeping)
        self._every("janitor", JANITOR, lambda: self.core.guard.run("sweep", lambda: sweep(self.gate)))
        self._every("purge", PURGE if self._purging else JANITOR, self._purge)
        if self._waker.guard():
            self._notifier.alive()

    def _renew(self) -> int:
        """Between two turns of the loop: no step sees two rulesets."""
        before = self.gate.ruleset
        try:
            self.gate = renewed(self.gate, lambda settings: pin(self.gate.journal, self.gate.archive, settings))
        except GatewayError as error:
            log.warning("gateway.reload_refused", extra={"code": type(error).__name__, "ruleset": before})
            return 0
        self.core.renew(self.gate)
        log.info("gateway.reloaded", extra={"ruleset": self.gate.ruleset})
        return int(self.gate.ruleset != before)

    def _purge(self) -> None:
        """A bounded piece at a time; the next one soon when there was something to do."""
        self._purging = self.core.guard.run("purge", lambda: purge.purge(self.gate)) > 0

    def _every(self, name: str, seconds: float, act: Callable[[], object]) -> None:
        now = self.gate.clock.monotonic()
        if now - self._chores.setdefault(name, now) >= seconds:
            self._chores[name] = now
            act()

    def _is_quiet(self, settled: float) -> bool:
        """Every line was looked at after the last movement, and nothing of ours is due."""
        down = {name for name, mover in self.movers.items() if mover.failed} | switches.paused_lines(self.gate)
        if any(m.busy or (m.polls == 0 and not m.failed) for m in self.movers.values()) or self.core.busy:
            self._last = max(self._last, self.gate.clock.monotonic() - settled)
            return False
        if work_left(self.gate, down, switches.paused_routes(self.gate)):
            return False
        return self.gate.clock.monotonic() - self._last >= settled

    def _nudge(self) -> None:
        for mover in self.movers.values():
            mover.nudge()

    def _end(self) -> None:
        """No new work; what workers and movers have in hand is finished or will be repeated."""
        self.core.guard.strict = False
        self._notifier.stopping()
        self._waker.stop()
        for mover in self.movers.values():
            mover.end()
        until = self.gate.clock.monotonic() + GRACE
        while self.core.busy and self.gate.clock.monotonic() < until:
            self.core.turn(BREATH, flush=False, accepting=False)
        for mover in self.movers.values():
            mover.join(max(0.0, until - self.gate.clock.monotonic()))
        self.pool.close()
        log.info("gateway.stopped")


def run(path: Path, *, once: bool = False, until_quiet: bool = False) -> Ending:
    """Run the gateway of a configuration file. Raises: ConfigurationInvalid, StateLocked."""
    _listen({signal.SIGHUP: signal.SIG_IGN})  # until there is something that can reload
    settings = load_settings(path)
    with hold_lock(settings.state), open_gate(settings) as gate:
        runner = Runner(gate)
        _listen({number: lambda *_: runner.stop() for number in (signal.SIGTERM, signal.SIGINT)})
        _listen({signal.SIGHUP: lambda *_: runner.reload()})
        return runner.run(once=once, until_quiet=until_quiet)


def _listen(handlers: Mapping[signal.Signals, Handler]) -> None:
    """Signals come to the main thread; a run in another one has none."""
    if threading.current_thread() is threading.main_thread():
        for number, handler in handlers.items():
            signal.signal(number, handler)
