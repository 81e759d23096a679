"""Time as a thing that is handed in: no other module asks the machine for the date.

Stored times are aware UTC; leases and ages inside one process are differences of `monotonic()`.
"""

import time
from datetime import UTC, datetime
from typing import Protocol


class Clock(Protocol):
    """What time it is, and a count of seconds that never runs backwards."""

    def now(self) -> datetime:
        """The present moment, aware, in UTC."""

    def monotonic(self) -> float:
        """Seconds since some fixed moment of this process."""


class SystemClock:
    """The machine's clocks."""

    def now(self) -> datetime:
        return datetime.now(UTC)

    def monotonic(self) -> float:
        return time.monotonic()
