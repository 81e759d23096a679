"""The files a command is given, and what format they are in."""

import re
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
from gateway.findings.catalogue import entry
from gateway.mapping.plugins import syntaxes
from gateway.mapping.protocols import Limits, Span
from gateway.mapping.registry import Registry

HEAD = 65_536
_CONTROL = re.compile(r"[\x00-\x08\x0e-\x1f]")
# What a person names on the command line is their own file: only items keep a cap.
OWN_FILES = Limits(file_bytes=1 << 50, items=1 << 40)


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

    def line_of(self, place: Position, item: Span | None = None) -> str | None:
        """The line of text around a byte, cut short where lines have no end.

        A fault that has only a line has its item's offset: the line is counted from where the item begins.
        """
        if place.offset is None:
            return None
        offset = place.offset
        if item is not None and place.line is not None and offset == item.offset:
            offset += _nth_line(self.cut(offset, item.length), place.line - item.line)
        start = max(0, offset - 500)
        before, after = self.cut(start, offset - start), self.cut(offset, 500)
        line = (before.rpartition(b"\n")[2] + after.partition(b"\n")[0]).decode("utf-8", "replace").rstrip()
        return None if _CONTROL.search(line) else line  # an archive has no lines


def _nth_line(data: bytes, number: int) -> int:
    """Where a line begins, counted from 0."""
    at = 0
    for _ in range(number):
        at = data.find(b"\n", at) + 1
    return at


@contextmanager
def opened(path: Path) -> Iterator[Source]:
    """A file; what cannot be gone back in (`-`, a pipe) is copied to a temporary one: places are looked up later."""
    if str(path) != "-" and not path.is_fifo():
        with path.open("rb") as stream:
            yield Source(_name(path), stream, path.stat().st_size)
        return
    with tempfile.TemporaryFile() as spool:
        if str(path) == "-":
            shutil.copyfileobj(sys.stdin.buffer, spool)
        else:
            with path.open("rb") as stream:
                shutil.copyfileobj(stream, spool)
        yield Source("<stdin>" if str(path) == "-" else _name(path), spool, spool.tell())


def _name(path: Path) -> str:
    """A path as text that can be written down: not every file name is UTF-8."""
    return str(path).encode("utf-8", "backslashreplace").decode()


def format_of(source: Source, named: str | None, registry: Registry, on: date) -> str | Finding:
    """The format named, or the one the bytes look like; never the file's name."""
    if named:
        return named
    found = registry.recognise(source.head(), on)
    return found[0] if found else _unlike(source)


def _unlike(source: Source) -> Finding:
    """Why bytes are of no format: what one syntax has against them, but that they are another; else like none."""
    refused = [syntax.refuse(source.head(), source.size, OWN_FILES) for syntax in syntaxes().values()]
    told = (one for one in refused if one is not None and ".not_" not in entry(one.code).name)
    return next(told, Finding("SRC205", values={"format": "any format"}))
