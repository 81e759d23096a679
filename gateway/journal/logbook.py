"""The logbook: what crosses our border, a line for each file, on disk beside the journal before the file crosses.

A journal that was restored from last night does not know what came and went since; the logbook does. It is read then,
and then only (`gateway.steps.recovering.adopt`). `logbook/<connection>/<year>-<month>.jsonl`, appended to by the
connection's mover alone: `in` before a file is fetched, `out` before one is published, `sent` when the partner has it.
It names ids, files, references and LRNs, never what a message says.
"""

import base64
import os
import re
from collections.abc import Collection, Iterable, Iterator, Sequence
from contextlib import suppress
from datetime import datetime, timedelta
from pathlib import Path
from typing import BinaryIO

import msgspec

from gateway.findings.failpoint import effect
from gateway.journal.folders import make_folder, sync_folder

FOLDER = "logbook"
KEPT = timedelta(days=100)
HIDDEN = b"#"  # stands for each byte of a name that was erased
TAIL = 65_536  # bytes of whole lines at a page's end: more than a round, where no line of it is longer by itself


class Coming(msgspec.Struct, frozen=True, tag="in", tag_field="it"):
    """A file that is fetched: its id here, the entry at the partner."""

    file: str
    at: datetime
    environment: str
    directory: str
    name: bytes
    size: int
    mtime: int
    format: str | None = None


class Going(msgspec.Struct, frozen=True, tag="out", tag_field="it"):
    """A delivery that is published; `lrns` are those of all declarations in it."""

    delivery: str
    at: datetime
    attempt: int
    environment: str
    kind: str
    directory: str
    final_name: str
    temp_name: str
    size: int
    sha256: str
    control_reference: str | None = None
    lrns: tuple[str, ...] = ()


class Sent(msgspec.Struct, frozen=True, tag="sent", tag_field="it"):
    """A delivery that the partner has."""

    delivery: str


Line = Coming | Going | Sent
ENCODER = msgspec.json.Encoder()
DECODER: msgspec.json.Decoder[Line] = msgspec.json.Decoder(Line)


def write(state_dir: Path, connection: str, lines: Sequence[Line], now: datetime, *, sync: bool = True) -> None:
    """Append, and be sure that it is on disk (`sync`)."""
    if not lines:
        return
    folder = state_dir / FOLDER / connection
    page = folder / f"{now:%Y-%m}.jsonl"
    new = not page.exists()
    if new:
        make_folder(folder)
    handle = os.open(page, os.O_WRONLY | os.O_CREAT | os.O_APPEND | os.O_CLOEXEC, 0o600)
    try:
        with effect("logbook.write"):  # a line that was cut short by a crash ends where the next one begins
            data = b"".join(b"\n" + ENCODER.encode(line) for line in lines)
            while data:  # a disk that becomes full takes a part without a word, and refuses the rest
                data = data[os.write(handle, data) :]
            if sync:
                os.fsync(handle)
    finally:
        os.close(handle)
    if new:
        with effect("logbook.sync"):
            sync_folder(folder)


def connections(state_dir: Path) -> list[str]:
    """Every connection that has a logbook."""
    return sorted(folder.name for folder in (state_dir / FOLDER).glob("*") if folder.is_dir())


def read(state_dir: Path, connection: str) -> Iterator[Line]:
    """All lines of a connection, in the order in which they were written."""
    for page in _pages(state_dir, connection):
        with suppress(FileNotFoundError), page.open("rb") as stream:  # forgotten while others were read
            yield from _decoded(stream)


def newest(state_dir: Path, connection: str) -> list[Line]:
    """The last lines, those of the last round among them: at the turn of a month they stand on two pages."""
    found: list[Line] = []
    for page in _pages(state_dir, connection)[-2:]:
        with suppress(FileNotFoundError), page.open("rb") as stream:
            found += _last(stream)
    return found


def _last(page: BinaryIO) -> list[Line]:
    """The end of a page, back to a file that came or went: the line with its LRNs may be longer than all others."""
    size, length = page.seek(0, os.SEEK_END), TAIL
    while True:
        length = min(2 * length, size)
        page.seek(size - length)
        data = page.read(length)
        whole = data if length == size else data[data.find(b"\n") + 1 :] if b"\n" in data else b""
        found = list(_decoded(whole.splitlines()))
        if length == size or (len(whole) >= TAIL and any(not isinstance(one, Sent) for one in found)):
            return found


def forget(state_dir: Path, now: datetime) -> int:
    """Remove pages that no restore needs any more; returns how many."""
    gone = 0
    for connection in connections(state_dir):
        for page in _pages(state_dir, connection):
            if page.stem < f"{now - KEPT:%Y-%m}":
                with effect("logbook.unlink"):
                    page.unlink()
                gone += 1
    return gone


def hide(state_dir: Path, connection: str, files: Collection[str]) -> None:
    """Write over what files were called, by their ids; as long as it was, so that whoever appends is not disturbed."""
    for page in _pages(state_dir, connection):
        data = page.read_bytes()
        names = {one.name for one in _named(data, files)}
        places = {at: name for name in names for at in _places(data, name)}
        if not places:
            continue
        with page.open("r+b") as stream, effect("logbook.hide"):
            for at, name in sorted(places.items()):
                stream.seek(at)
                stream.write(_field(HIDDEN * len(name)))
            stream.flush()
            os.fsync(stream.fileno())


def _places(data: bytes, name: bytes) -> Iterator[int]:
    """Where files are called so, and not only begin so."""
    return (one.start() for one in re.finditer(re.escape(_field(name)), data))


def _field(name: bytes) -> bytes:
    """A name as it stands in a line."""
    return b'"name":"%b"' % base64.b64encode(name)


def _named(data: bytes, files: Collection[str]) -> Iterator[Coming]:
    return (one for one in _decoded(data.splitlines()) if isinstance(one, Coming) and one.file in files)


def _pages(state_dir: Path, connection: str) -> list[Path]:
    return sorted((state_dir / FOLDER / connection).glob("*.jsonl"))


def _decoded(lines: Iterable[bytes]) -> Iterator[Line]:
    """What can be read: a crash may have cut one short."""
    for line in lines:
        try:
            yield DECODER.decode(line)
        except msgspec.DecodeError:
            continue
