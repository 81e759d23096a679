"""What goes wrong in one step costs this step a pause, and no other step anything.

Nothing spins, nothing ends the loop. Units of work have their own guards in the steps: they are set aside alone. What
comes here is trouble of the machine (the journal does not answer, the disk is full), or a bug outside of any unit.
"""

import logging
from collections.abc import Callable

from gateway.journal.clock import Clock
from gateway.observe import metrics
from gateway.observe.metrics import timed
from gateway.steps.ground.failure import is_trouble, where

FIRST, TOP = 1.0, 60.0  # seconds of pause after the first failure, doubling to the longest

log = logging.getLogger("gateway.core")


class Guard:
    """Runs steps by name. A `strict` one raises what it meets: a run that is to end must not wait for better times."""

    def __init__(self, clock: Clock, *, strict: bool = False) -> None:
        self._clock, self.strict = clock, strict
        self._rests: dict[str, tuple[float, float]] = {}  # until when, and how long

    def run(self, name: str, step: Callable[[], int]) -> int:
        """How much the step did; 0 while it rests, and when it fails."""
        until, pause = self._rests.get(name, (0.0, 0.0))
        if self._clock.monotonic() < until:
            return 0
        try:
            with timed(name):
                done = step()
        except Exception as error:
            if self.strict:
                raise
            if is_trouble(error):
                log.exception("core.trouble", extra={"reason": where(error)})
            else:
                log.exception("core.bug", extra={"reason": where(error)})
            pause = min(TOP, max(FIRST, pause * 2))
            self._rests[name] = (self._clock.monotonic() + pause, pause)
            return 0
        self._rests.pop(name, None)
        metrics.DONE.labels(name).inc(done)
        return done
