"""The role `mover`: a thread for every line, and what wakes them. Nothing here reads a message."""

import logging
from collections.abc import Callable

from gateway.findings.errors import GatewayError
from gateway.runner.bell import Bell
from gateway.runner.chores import Chores
from gateway.runner.guard import Guard
from gateway.runner.mover import Mover
from gateway.runner.quiet import moving_left
from gateway.runner.reload import as_started
from gateway.runner.waker import Waker
from gateway.settings import Credentials
from gateway.steps.ground import switches
from gateway.steps.ground.gate import Gate
from gateway.steps.recovering import start
from gateway.steps.sending import deliver

POLL = 2.0  # seconds between two looks for what is to be sent, should no bell have rung

log = logging.getLogger("gateway.runner")


class MoverRole:
    """`moved` tells the core that something came in or went out; `bell` is rung by it."""

    leads = False

    def __init__(self, gate: Gate, bell: Bell, moved: Callable[[], None]) -> None:
        credentials = Credentials(gate.hub.settings.folder)
        self.gate, self._bell = gate, bell
        lines = gate.hub.connections.values()
        self.movers = {line.name: Mover(gate, line, credentials, moved) for line in lines}
        self._waker = Waker(self.movers, gate.clock)
        self._chores, self._guard = Chores(gate.clock), Guard(gate.clock)

    @property
    def busy(self) -> bool:
        return any(mover.busy or (mover.polls == 0 and not mover.failed) for mover in self.movers.values())

    @property
    def unreachable(self) -> tuple[str, ...]:
        return tuple(name for name, mover in self.movers.items() if mover.failed)

    @property
    def hindered(self) -> tuple[str, ...]:
        return tuple(name for name, mover in self.movers.items() if mover.carrier.hindered)

    def begin(self, *, strict: bool) -> None:  # noqa: ARG002  # a line that fails has its own pauses
        start.recover_mover(self.gate)
        for mover in self.movers.values():
            mover.start()
        self._waker.start()

    def turn(self, wait: float, *, flush: bool) -> int:  # noqa: ARG002  # what is queued is sent at once
        if wait:
            self._bell.wait(wait)
            self.nudge()
        self._chores.every("poll", POLL, self.nudge)
        return 0

    def nudge(self) -> None:
        """Wake the lines on which something is to be sent."""
        self._guard.run("nudge", self._nudge)

    def _nudge(self) -> int:
        due = [self.movers[name] for name in deliver.waiting(self.gate) if name in self.movers]
        for mover in due:
            mover.nudge()
        return len(due)

    def reload(self) -> None:
        """Lines are those of the start; keys are read whenever a line is dialled."""
        try:
            as_started(self.gate)
        except GatewayError as error:
            log.warning("gateway.reload_refused", extra={"code": type(error).__name__, "ruleset": ""})

    def left(self) -> int:
        return moving_left(self.gate, {*self.unreachable, *switches.paused_lines(self.gate)})

    def finish(self) -> int:
        return 0

    def alive(self) -> bool:
        return self._waker.guard()

    def end(self) -> None:
        self._waker.stop()
        for mover in self.movers.values():
            mover.end()

    def close(self, until: float) -> None:
        for mover in self.movers.values():
            mover.join(max(0.0, until - self.gate.clock.monotonic()))
