"""Time between looks into a folder, whatever the clock on the wall does meanwhile.

Within a look time goes by the steady clock. How far the wall's has stepped since the look before is taken out of the
ages of what waits there. Across lives ages go by the wall, as nothing else outlives a process.
"""

from dataclasses import dataclass, field
from datetime import datetime, timedelta

from gateway.journal.clock import Clock


@dataclass(frozen=True, slots=True)
class Look:
    """One look: what the wall said when the steady clock stood at nothing, and how far it has stepped since."""

    clock: Clock
    zero: datetime
    step: timedelta = timedelta()

    def now(self) -> datetime:
        return self.zero + timedelta(seconds=self.clock.monotonic())


@dataclass(slots=True)
class Looks:
    """The looks of one life, by what is looked for."""

    clock: Clock
    _zeros: dict[str, datetime] = field(default_factory=dict)

    def begin(self, what: str = "") -> Look:
        zero = self.clock.now() - timedelta(seconds=self.clock.monotonic())
        before = self._zeros.get(what, zero)
        self._zeros[what] = zero
        return Look(self.clock, zero, zero - before)
