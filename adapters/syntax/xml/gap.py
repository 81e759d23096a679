"""What stands beside units since the last of them, and where wreckage among it begins."""

from typing import NamedTuple

from adapters.syntax.xml.markup import local


class Mark(NamedTuple):
    """A place that reading may go back to: offset and line, and how much the frame had kept by then."""

    offset: int
    line: int
    kept: int


class Gap:
    """`open` are the open elements; `inside` names that stand in units only."""

    def __init__(self, inside: frozenset[bytes]) -> None:
        self.open: list[bytes] = []
        self._inside = inside
        self._outermost: Mark | None = None  # of the open elements
        self._first: Mark | None = None  # of all elements
        self._sign: Mark | None = None  # the first text, or element that stands in units only

    def element(self, name: bytes, mark: Mark) -> None:
        """An element begins that is not in another one."""
        self._outermost = mark
        self._first = self._first or mark
        if local(name) in self._inside:
            self._sign = self._sign or mark

    def text(self, mark: Mark) -> None:
        """Text stands outside elements."""
        self._sign = self._sign or mark

    def wreckage(self, here: Mark, *, end_tag: bool) -> Mark:
        """Where wreckage begins that shows `here`: an end tag without start tag belongs to what stands before it."""
        if self.open and self._outermost:
            return self._outermost
        return self._sign or (self._first if end_tag and self._first else here)

    def clear(self) -> None:
        """A unit, or another element around units, begins."""
        self.open.clear()
        self._outermost = self._first = self._sign = None
