"""The lines of a text file, each with its place; one that is too long is passed over and not held in memory."""

from collections.abc import Iterator
from typing import BinaryIO

import msgspec


class Line(msgspec.Struct, gc=False):
    """`data` has its line end; it is None where the line is longer than an item may be."""

    offset: int
    length: int
    number: int
    data: bytes | None


def lines(stream: BinaryIO, offset: int, number: int, most: int) -> Iterator[Line]:
    """Every line from where the stream stands, which is `offset` bytes and `number` - 1 lines behind the beginning."""
    while data := stream.readline(most + 1):
        length = len(data)
        whole: bytes | None = data
        while length > most and not data.endswith(b"\n"):
            whole, data = None, stream.readline(most + 1)
            if not data:
                break
            length += len(data)
        yield Line(offset, length, number, whole if length <= most else None)
        offset, number = offset + length, number + 1
