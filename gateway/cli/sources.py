"""The files a command is given, and what format they are in."""

import shutil
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import BinaryIO

from gateway.findings import Finding, Position
from gateway.mapping.registry import Registry

HEAD = 65_536


@dataclass(frozen=True)
class Source:
    """One input. `name` is how it is shown."""

    name: str
    stream: BinaryIO
    size: int

    def head(self) -> bytes:
        return self.cut(0, HEAD)

    def cut(self, offset: int, length: int) -> bytes:
        """Some bytes; whoever reads along finds the stream where it was."""
        at = self.stream.tell()
        self.stream.seek(offset)
        data = self.stream.read(length)
        self.stream.seek(at)
        return data

    def line_of(self, place: Position) -> str | None:
        """The line of text around a byte, cut short where lines have no end."""
        if place.offset is None:
            return None
        offset = place.offset
        start = max(0, offset - 500)
        before, after = self.cut(start, offset - start), self.cut(offset, 500)
        line = before.rpartition(b"\n")[2] + after.partition(b"\n")[0]
        return line.decode("utf-8", "replace").rstrip()


@contextmanager
def opened(path: Path) -> Iterator[Source]:
    """A file, or stdin copied to a temporary one (`-`): places in it are looked up later."""
    if str(path) != "-":
        with path.open("rb") as stream:
            yield Source(str(path), stream, path.stat().st_size)
        return
    with tempfile.TemporaryFile() as spool:
        shutil.copyfileobj(sys.stdin.buffer, spool)
        yield Source("<stdin>", spool, spool.tell())


def format_of(source: Source, named: str | None, registry: Registry, on: date) -> str | Finding:
    """The format named, or the one the bytes look like; never the file's name."""
    if named:
        return named
    found = registry.recognise(source.head(), on)
    return found[0] if found else Finding("SRC205", values={"format": "any format"})
