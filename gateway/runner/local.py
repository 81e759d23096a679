"""The local runner: a process of the gateway on one state folder, in both roles or in one of them.

SIGHUP takes up changed tables. Ends by SIGTERM or SIGINT after the step in hand; by itself with `once` (every line
looked at once, everything done that can be done) or `until_quiet` (until nothing has come or gone for a while).
"""

import logging
import signal
import threading
from collections.abc import Callable, Mapping, Sequence
from contextlib import ExitStack
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from types import FrameType
from typing import TYPE_CHECKING

from gateway.findings.errors import BackupUnusable, ConfigurationInvalid, CredentialMissing
from gateway.journal.lock import Held, hold_locks
from gateway.journal.restore import BEGUN
from gateway.observe.notify import Notifier
from gateway.runner.bell import Bell, ring
from gateway.runner.gates import load_settings, open_gate
from gateway.runner.role_core import CoreRole
from gateway.runner.role_mover import MoverRole
from gateway.runner.roles import ROLES, Role, bell_of
from gateway.runner.watching import Watching
from gateway.steps.ground.gate import Gate

if TYPE_CHECKING:
    from gateway.runner.queue.sole import Sole

BREATH = 0.5  # seconds the loop waits when nothing is due
GRACE = 60.0  # seconds for what workers have in hand when we are told to stop
SETTLED = 3.0  # seconds without any movement after which a run counts as quiet

Cast = Callable[[Gate, Sequence[str]], tuple[Bell, tuple[Role, ...]]]
Handler = Callable[[int, FrameType | None], object] | signal.Handlers
log = logging.getLogger("gateway.runner")


@dataclass(frozen=True, slots=True)
class Ending:
    """How a run ended. `unreachable` names the lines that failed to the end, `hindered` those that failed here."""

    unreachable: tuple[str, ...] = ()
    hindered: tuple[str, ...] = ()


class Runner:
    """A running gateway, or the half of one."""

    def __init__(
        self,
        gate: Gate,
        roles: Sequence[str] = ROLES,
        notifier: Notifier | None = None,
        *,
        cast: Cast,
        locks: Sequence[Held] = (),
    ) -> None:
        self.gate, self._notifier = gate, notifier or Notifier()
        self._bell, self.roles = cast(gate, roles)
        self._locks = locks
        self._watching = Watching(gate, roles, lambda: any(role.leads for role in self.roles))
        self._stop, self._reload = threading.Event(), threading.Event()
        self._last = gate.clock.monotonic()

    def stop(self) -> None:
        """Ask for a graceful end. Any thread, any signal handler."""
        self._stop.set()
        self._bell.ring()

    def reload(self) -> None:
        """Ask for what the disk holds now: tables, code lists, filers. Any thread, any signal handler."""
        self._reload.set()
        self._bell.ring()

    def run(self, *, once: bool = False, until_quiet: bool = False) -> Ending:
        ends = once or until_quiet
        for role in self.roles:
            role.begin(strict=ends)
        self._watching.start()
        self._notifier.ready()
        log.info("gateway.started", extra={"connections": len(self.gate.hub.connections), "ruleset": self.gate.ruleset})
        try:
            while not self._stop.is_set():
                self._turn(flush=ends)
                if ends and self._is_quiet(0.0 if once else SETTLED) and not any(role.finish() for role in self.roles):
                    break
        finally:
            self._end(by_itself=ends)
        hindered = tuple(name for role in self.roles for name in role.hindered)
        failed = (name for role in self.roles for name in role.unreachable)
        return Ending(tuple(name for name in failed if name not in hindered), hindered)

    def _turn(self, *, flush: bool) -> None:
        """The last role waits for all of them. Raises: LockLost."""
        for lock in self._locks:
            lock.check()
        if self._reload.is_set():
            self._reload.clear()
            for role in self.roles:
                role.reload()
        waits = [*[0.0] * (len(self.roles) - 1), BREATH]
        if sum(role.turn(wait, flush=flush) for role, wait in zip(self.roles, waits, strict=True)):
            self._last = self.gate.clock.monotonic()
        self._watching.turn()
        if all(role.alive() for role in self.roles):
            self._notifier.alive()

    def _is_quiet(self, settled: float) -> bool:
        """Every line was looked at after the last movement, and nothing of ours is due."""
        if any(role.busy for role in self.roles):
            self._last = max(self._last, self.gate.clock.monotonic() - settled)
            return False
        if any(role.left() for role in self.roles):
            return False
        return self.gate.clock.monotonic() - self._last >= settled

    def _end(self, *, by_itself: bool) -> None:
        """No new work; what is in hand is finished or will be repeated."""
        self._notifier.stopping()
        until = self.gate.clock.monotonic() + GRACE
        for role in self.roles:
            role.end()
        for role in reversed(self.roles):  # the core writes down what the movers' last steps need not wait for
            role.close(until)
        self._watching.end(by_itself=by_itself)
        self._bell.close()
        log.info("gateway.stopped")


def on_one_host(gate: Gate, roles: Sequence[str]) -> tuple[Bell, tuple[Role, ...]]:
    """The roles of a process and the bell it waits on. Both in one call each other; one alone rings the other's bell.

    Raises: KeyError for another role.
    """
    state = gate.blobs.root
    if len(roles) == 1:
        (role,) = roles
        (other,) = (name for name in ROLES if name != role)
        bell = Bell(bell_of(state, role))
        alone: Mapping[str, type[MoverRole | CoreRole]] = {"mover": MoverRole, "core": CoreRole}
        return bell, (alone[role](gate, bell, partial(ring, bell_of(state, other))),)
    bell = Bell()
    mover = MoverRole(gate, bell, bell.ring)
    return bell, (mover, CoreRole(gate, bell, mover.nudge))


def run(path: Path, *, once: bool = False, until_quiet: bool = False, roles: Sequence[str] = ROLES) -> Ending:
    """Run the gateway of a configuration file. Raises: ConfigurationInvalid, StateLocked (and LockLost)."""
    _listen({signal.SIGHUP: signal.SIG_IGN})  # until there is something that can reload
    settings = load_settings(path)
    if (settings.state / BEGUN).exists():
        raise BackupUnusable(f"a restore into {settings.state} was cut short: `gateway restore` goes on with it")
    many = settings.gateway.runner != "local"
    if many and (once or until_quiet):
        raise ConfigurationInvalid("one host among others never ends by itself: `runner: local` does")
    with ExitStack() as stack:
        locks = () if many else stack.enter_context(hold_locks(settings.state, *roles))
        gate = stack.enter_context(open_gate(settings, reads="core" in roles))
        sole = _sole(gate, roles) if settings.gateway.journal and not many else None
        gate = stack.enter_context(sole.held()) if sole else gate
        if "core" in roles and gate.hub.unread:
            raise CredentialMissing(f"{', '.join(gate.hub.unread)}: ids of partners that cannot be read")
        runner = Runner(gate, roles, cast=_many_hosts() if many else on_one_host, locks=locks)
        if sole:
            sole.end = runner.stop
        _listen({number: lambda *_: runner.stop() for number in (signal.SIGTERM, signal.SIGINT)})
        _listen({signal.SIGHUP: lambda *_: runner.reload()})
        return runner.run(once=once, until_quiet=until_quiet)


def _many_hosts() -> Cast:
    from gateway.runner.queue.host import on_many_hosts  # noqa: PLC0415  # libraries of an extra

    return on_many_hosts


def _sole(gate: Gate, roles: Sequence[str]) -> "Sole":
    from gateway.runner.queue.sole import Sole  # noqa: PLC0415  # likewise

    return Sole(gate, roles)


def _listen(handlers: Mapping[signal.Signals, Handler]) -> None:
    """Signals come to the main thread; a run in another one has none."""
    if threading.current_thread() is threading.main_thread():
        for number, handler in handlers.items():
            signal.signal(number, handler)
