"""Units one after the other, put together to stretches: a handful of numbers each."""

from collections.abc import Iterator
from typing import NamedTuple

from adapters.syntax.window import Window

STRETCH = 4 << 20  # bytes of one stretch, unless it is a single unit


class Cut(NamedTuple):
    """A stretch of units. One that is not whole is alone."""

    begin: int
    end: int
    line: int
    items: int = 1


class Stretches:
    """Units one after the other, put together to stretches of at most `size`."""

    def __init__(self, window: Window, size: int, cap: int) -> None:
        self.window, self.size, self.cap = window, size, cap
        self._begin = self._end = self._line = self._items = 0

    def add(self, begin: int, end: int) -> Iterator[Cut]:
        """A unit; what is too long or no object is alone."""
        if end - begin > self.cap or self.window.bytes(begin, begin + 1) != b"{":
            yield from self.alone(begin, end, self.window.line(begin))
            return
        if self._items == self.size or end - self._begin > STRETCH:
            yield from self.rest()
        if not self._items:
            self._begin, self._line = begin, self.window.line(begin)
        self._end, self._items = end, self._items + 1

    def alone(self, begin: int, end: int, line: int) -> Iterator[Cut]:
        yield from self.rest()
        yield Cut(begin, end, line)

    def rest(self) -> Iterator[Cut]:
        if self._items:
            yield Cut(self._begin, self._end, self._line, self._items)
            self._items = 0
