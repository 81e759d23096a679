"""Time as a thing that is handed in: no other module asks the machine for the date.

Stored times are aware UTC; ages inside one process are differences of `monotonic()`. Where several hosts share a
journal its server's time is theirs, whatever their own clocks say.
"""

import time
from datetime import UTC, datetime, timedelta
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


class ServerClock:
    """The time of a server: as it was at the last look, carried on by this machine's steady clock.

    Every transaction that writes looks, and the first one that reads: until then the machine's own time is a `guess`.
    """

    def __init__(self) -> None:
        self.follow(datetime.now(UTC))
        self.guess = True

    def follow(self, server: datetime) -> None:
        self._seen = (server.astimezone(UTC), time.monotonic())
        self.guess = False

    def now(self) -> datetime:
        server, then = self._seen
        return server + timedelta(seconds=time.monotonic() - then)

    def monotonic(self) -> float:
        return time.monotonic()
