"""Chores: what a loop does every so often beside its work, by the monotonic clock."""

from collections.abc import Callable

from gateway.journal.clock import Clock


class Chores:
    """Each by its name; the first time one interval after it was first asked for."""

    def __init__(self, clock: Clock) -> None:
        self._clock = clock
        self._done: dict[str, float] = {}

    def every(self, name: str, seconds: float, act: Callable[[], object]) -> None:
        """Do it when it is time."""
        now = self._clock.monotonic()
        if now - self._done.setdefault(name, now) >= seconds:
            self._done[name] = now
            act()
