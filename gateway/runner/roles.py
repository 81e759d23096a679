"""The two roles of a gateway: `mover` has keys and network and reads no message, `core` reads them and has neither.

A process has one of them or both. Between two processes stands the journal alone: each walks its own edges, and rings
the other's bell when there is something to do.
"""

from pathlib import Path
from typing import Protocol

from gateway.journal.lock import ROLES

__all__ = ["ROLES", "Role", "bell_of"]


class Role(Protocol):
    """One role's share of a process; the process's loop calls all of it."""

    @property
    def busy(self) -> bool:
        """Whether something is in hand, or was not looked at yet."""

    @property
    def leads(self) -> bool:
        """Whether it works at the journal's steps now: of many processes one does."""

    @property
    def unreachable(self) -> tuple[str, ...]:
        """Lines that failed when they were last tried."""

    @property
    def hindered(self) -> tuple[str, ...]:
        """Lines on which this machine failed (its disk, say), or the gateway itself: no partner is to blame."""

    def begin(self, *, strict: bool) -> None:
        """Recover what is this role's, then start. `strict`: the run is to end, trouble must not wait."""

    def turn(self, wait: float, *, flush: bool) -> int:
        """What is due, once; returns how much was done. With nothing to do it waits for so many seconds."""

    def reload(self) -> None:
        """Take up what the disk holds now."""

    def left(self) -> int:
        """How much waits for this role."""

    def finish(self) -> int:
        """The last look of a run that ends by itself; returns how much was done."""

    def alive(self) -> bool:
        """False when a part of it is stuck beyond all deadlines."""

    def end(self) -> None:
        """No new work."""

    def close(self, until: float) -> None:
        """Wait for what is in hand, at most until this moment of the monotonic clock."""


def bell_of(state_dir: Path, role: str) -> Path:
    """Where the bell of a role's process hangs."""
    return state_dir / f"{role}.bell"
