"""Deadlines that bound: when one is over, the line is cut, and whatever waits on it ends.

Timeouts of single calls do not bound a conversation: some calls of the SSH library have none, a blocked send has none,
and a server that drips a byte a second beats them all (exchange.md §1, fact 5).
"""

import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager


class Allowance:
    """Time left for a block of work; work that shows progress may earn more."""

    def __init__(self, seconds: float) -> None:
        self.end = time.monotonic() + seconds
        self.over = False

    def earn(self, seconds: float) -> None:
        self.end += seconds


class Watchdog:
    """One thread a line. `cut` must not block."""

    def __init__(self, cut: Callable[[], None]) -> None:
        self._cut = cut
        self._running: set[Allowance] = set()
        self._wake_at = 0.0
        self._closed = False
        self._changed = threading.Condition()
        threading.Thread(target=self._watch, name="line-watchdog", daemon=True).start()

    @contextmanager
    def within(self, seconds: float) -> Iterator[Allowance]:
        """Cut the line when the block takes longer, or waited in vain. Raises: TimeoutError."""
        allowance = Allowance(seconds)
        self._add(allowance)
        try:
            yield allowance
        except TimeoutError:
            self._cut()  # an unanswered request: nothing more is asked on this line
            raise
        except Exception as error:
            if allowance.over:
                raise TimeoutError from error
            raise
        finally:
            with self._changed:
                self._running.discard(allowance)

    def close(self) -> None:
        with self._changed:
            self._closed = True
            self._changed.notify()

    def _add(self, allowance: Allowance) -> None:
        with self._changed:
            self._running.add(allowance)
            if allowance.end < self._wake_at:
                self._changed.notify()

    def _watch(self) -> None:
        with self._changed:
            while not self._closed:
                now = time.monotonic()
                late = [a for a in self._running if a.end <= now]
                for allowance in late:
                    allowance.over = True
                if late:
                    self._cut()
                    self._running.difference_update(late)
                self._wake_at = min((a.end for a in self._running), default=now + 3600)
                self._changed.wait(self._wake_at - now)
