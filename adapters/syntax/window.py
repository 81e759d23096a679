"""A stream seen through a window of bytes: read forward in blocks, never whole. All places are offsets."""

from typing import BinaryIO

BLOCK = 1 << 20


class Window:
    """`data` are the bytes from `base` on; what stands before `floor` is forgotten with the next block."""

    def __init__(self, stream: BinaryIO) -> None:
        self.data = b""
        self.base = 0
        self.floor = 0
        self.ended = False
        self._stream = stream
        self._counted = 0
        self._line = 1

    @property
    def end(self) -> int:
        return self.base + len(self.data)

    def grow(self) -> bool:
        """Read one more block; false at the end of the stream."""
        block = b"" if self.ended else self._stream.read(BLOCK)
        self.ended = not block
        if block:
            self.line(self.floor)
            self.data = self.data[self.floor - self.base :] + block
            self.base = self.floor
        return bool(block)

    def reach(self, offset: int) -> None:
        """Read until everything before `offset` is in the window, or the stream has ended."""
        while self.end < offset and self.grow():
            pass

    def bytes(self, begin: int, end: int) -> bytes:
        return self.data[begin - self.base : end - self.base]

    def line(self, offset: int) -> int:
        """The line of an offset, from 1."""
        at, counted = offset - self.base, self._counted - self.base
        if at < counted:
            return self._line - self.data.count(b"\n", at, counted)
        self._line += self.data.count(b"\n", counted, at)
        self._counted = offset
        return self._line

    def without_space(self, begin: int, end: int) -> int:
        """`end`, moved back over white space, but not before `begin`."""
        begin = max(begin, self.base)
        return begin + len(self.bytes(begin, end).rstrip())
