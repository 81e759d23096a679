"""A blob without some of its bytes: written anew with blanks in their place, so that every offset stays what it was.

The new file is durable before the journal names it; in that transaction the old one becomes a blob of its own that is
being purged, which the purge brings to its end whenever we die. Lines stay lines. Sealed or plain, as blobs are stored
now.
"""

import re
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path
from typing import Any, NamedTuple

from sqlalchemy import Connection, insert, select, update

from gateway.findings.errors import BlobGone
from gateway.findings.failpoint import effect
from gateway.journal.blobs import Blob
from gateway.journal.draft import PART
from gateway.journal.ids import new_id
from gateway.journal.schema import blob as b
from gateway.steps.ground.gate import Gate

BLANK = bytes(byte if byte in b"\r\n" else 32 for byte in range(256))
PIECE = 1 << 20

Span = tuple[int, int]


class Rewritten(NamedTuple):
    """A blob, the row it has had, and the file that takes the place of its file. `old` names what is purged."""

    row: Mapping[Any, Any]
    new: Blob
    old: str


def rewrite(gate: Gate, blob: str, whole: Iterable[Span], words: Mapping[Span, re.Pattern[bytes]]) -> Rewritten | None:
    """Write it anew: blank over stretches, and over words within others. None where the bytes are gone already."""
    with gate.journal.read() as conn:
        row = conn.execute(select(b).where(b.c.id == blob)).mappings().one()
    if row["purging_at"] is not None:
        return None
    spans = [*whole, *(span for stretch, found in words.items() for span in _found(gate, blob, stretch, found))]
    draft = gate.blobs.draft(row["kind"], row["connection"], _next(row))
    with draft, gate.opened(blob) as stream, effect("erase.blob"):
        at = 0
        while piece := stream.read(PIECE):
            draft.write(_blanked(piece, at, spans))
            at += len(piece)
        new = draft.keep()
    return Rewritten(row, new, new_id())


def _found(gate: Gate, blob: str, stretch: Span, words: re.Pattern[bytes]) -> Iterator[Span]:
    try:
        data = gate.bytes_at(blob, *stretch)
    except BlobGone:
        return
    for one in words.finditer(data):
        yield stretch[0] + one.start(), one.end() - one.start()


def _blanked(piece: bytes, at: int, spans: Iterable[Span]) -> bytes:
    """A piece that begins at an offset, blank where it is said."""
    data = bytearray(piece)
    for offset, length in spans:
        start, end = max(offset - at, 0), min(offset + length - at, len(data))
        if start < end:
            data[start:end] = data[start:end].translate(BLANK)
    return bytes(data)


def _next(row: Mapping[Any, Any]) -> str:
    """`<id>~<how often it was written anew>`: never the name of a blob of its own."""
    path = Path(row["path"])
    return f"{row['id']}~{_times(path) + 1 if '~' in path.name else 1}"


def put(gate: Gate, conn: Connection, done: Iterable[Rewritten]) -> bool:
    """Let the journal name the new files; false when one of the blobs has changed meanwhile."""
    for one in done:
        mine = (b.c.id == one.row["id"], b.c.path == one.row["path"], b.c.purging_at.is_(None))
        change = update(b).where(*mine).values(path=one.new.path, sha256=one.new.sha256)
        if conn.execute(change).rowcount != 1:
            return False
        conn.execute(insert(b).values(**{**one.row, "id": one.old, "purging_at": gate.now()}))
    return True


def follow(gate: Gate) -> int:
    """A journal that is older than its spool: blobs that were written anew since are named again; returns how many."""
    found = []
    with gate.journal.read() as conn:
        rows = conn.execute(select(b.c.id, b.c.path, b.c.connection, b.c.kind).where(b.c.purging_at.is_(None))).all()
    for row in rows:
        path = gate.blobs.root / row.path
        newer = [] if path.exists() else sorted(_written_anew(path.parent, row.id), key=_times)
        if newer:
            stem = newer[-1].name.partition(".")[0]
            found.append((row.id, gate.blobs.find(row.kind, row.connection, stem)))
    with gate.journal.write("restore.follow") as conn:
        for blob, new in found:
            if new is not None:
                conn.execute(update(b).where(b.c.id == blob).values(path=new.path, sha256=new.sha256))
    return len(found)


def _written_anew(folder: Path, blob: str) -> Iterator[Path]:
    """Whole files: what was being written when we died says nothing."""
    return (one for one in folder.glob(f"{blob}~*") if one.suffix != PART)


def _times(path: Path) -> int:
    """How often a blob was written anew, by the name of its file."""
    return int(path.name.partition(".")[0].partition("~")[2])
