"""Anchors: the head of the audit trail as it was on a day, kept outside the journal.

A line of JSON each: when, how many rows there were, the seal of the last one. Whoever rewrites the trail, cuts its tail
off or lays an older journal in its place cannot make it fit an anchor that lies where he cannot write.
"""

import errno
import os
from collections.abc import Iterable, Iterator
from datetime import datetime
from io import RawIOBase
from pathlib import Path
from typing import Annotated, Literal, NamedTuple

import msgspec
from sqlalchemy import Connection, select

from gateway.findings.errors import JournalFault
from gateway.findings.failpoint import effect
from gateway.journal.audit import BEGIN, Head, last
from gateway.journal.folders import sync_folder
from gateway.journal.schema.operations import audit

NAME = "audit.anchors"
AT_ONCE = 500
BEGINNING = b'{"at":"'  # of a line of ours, also of what a crash has left of one
MOST = 2**63 - 1  # rows that a journal can number

Rows = Annotated[int, msgspec.Meta(ge=0, le=MOST)]
Moment = Annotated[datetime, msgspec.Meta(tz=True)]


class Anchor(msgspec.Struct, frozen=True):
    """The head of a trail of so many rows, in hexadecimal digits, as it was at a time (UTC)."""

    at: Moment
    rows: Rows
    head: str

    def line(self) -> bytes:
        return msgspec.json.encode(self) + b"\n"


class Misfit(msgspec.Struct, frozen=True):
    """An anchor that the trail does not fit: it is shorter, or another row stands in its place."""

    anchor: Anchor
    what: Literal["shorter", "other"]


class Kept(NamedTuple):
    """What a file of anchors holds; `torn` are lines of which a crash has left a part."""

    anchors: list[Anchor]
    torn: int


DECODER = msgspec.json.Decoder(Anchor)


def read(path: Path) -> list[Anchor]:
    """The anchors of a file, none where there is no file. Raises: as `kept`."""
    return kept(path).anchors


def kept(path: Path) -> Kept:
    """The anchors of a file, and how many lines were torn. Raises: JournalFault for a line that is no anchor.

    A crash leaves the beginning of a line, and the file ends with it, or the next anchor stands on a line of its own.
    """
    try:
        data = path.read_bytes()
    except FileNotFoundError:
        return Kept([], 0)
    lines = {number: line.strip() for number, line in enumerate(data.split(b"\n"), 1) if line.strip()}
    torn = [number for number, line in lines.items() if _is_torn(line)]
    if torn and torn[-1] == max(lines) and data.endswith(b"\n"):
        raise _no_anchor(path, torn[-1])
    return Kept([_anchor(path, number, line) for number, line in lines.items() if number not in torn], len(torn))


def _is_torn(line: bytes) -> bool:
    return BEGINNING.startswith(line[: len(BEGINNING)]) and not line.endswith(b"}")


def _anchor(path: Path, number: int, line: bytes) -> Anchor:
    try:
        return DECODER.decode(line)
    except (msgspec.MsgspecError, UnicodeDecodeError):
        raise _no_anchor(path, number) from None


def _no_anchor(path: Path, number: int) -> JournalFault:
    return JournalFault(f"{path}:{number} is no anchor of an audit trail")


def add(path: Path, anchor: Anchor) -> None:
    """Append an anchor, durably."""
    new = not path.exists()
    handle = os.open(path, os.O_RDWR | os.O_CREAT | os.O_APPEND | os.O_CLOEXEC, 0o600)
    with os.fdopen(handle, "r+b", buffering=0) as out:
        end = out.seek(0, os.SEEK_END)
        out.seek(max(0, end - 1))
        torn = out.read(1) not in (b"", b"\n")
        with effect("anchor.write"):
            _whole(out, b"\n" * torn + anchor.line())
            os.fsync(handle)
    if new:
        with effect("anchor.enter"):
            sync_folder(path.parent)


def _whole(out: RawIOBase, line: bytes) -> None:
    """All of it: a disk that is almost full takes a part and says so by the count alone. Raises: OSError."""
    if out.write(line) != len(line):
        raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))


def misfits(conn: Connection, anchors: Iterable[Anchor]) -> Iterator[Misfit]:
    """Those anchors that the trail in the journal does not fit, the oldest first."""
    wanted = sorted(set(anchors), key=lambda one: (one.rows, one.at))
    end = last(conn).seq
    for start in range(0, len(wanted), AT_ONCE):
        some = wanted[start : start + AT_ONCE]
        rows = select(audit.c.seq, audit.c.mac).where(audit.c.seq.in_([one.rows for one in some]))
        macs = {0: BEGIN.mac.hex()} | {seq: mac.hex() for seq, mac in conn.execute(rows) if isinstance(mac, bytes)}
        for one in some:
            if one.rows > end:
                yield Misfit(one, "shorter")
            elif macs.get(one.rows) != one.head:
                yield Misfit(one, "other")


def fitting(known: Iterable[Anchor], wrong: Iterable[Misfit]) -> Head:
    """The newest anchor that fits: what is before it was right then."""
    unfit = {one.anchor for one in wrong}
    best = max((one for one in known if one not in unfit), key=lambda one: one.rows, default=None)
    return Head(best.rows, bytes.fromhex(best.head)) if best is not None else BEGIN
