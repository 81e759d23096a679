"""The proof of an erasure: every byte of the state folder and every row of the journal is searched for the values.

What is found is led back to whose it is: to another parcel that says the same (the sender of a thousand parcels stands
in each), or to no one, which is a fault. Sealed blobs are opened; of a journal on a server the rows are searched.
"""

import os
import re
from collections.abc import Iterable, Iterator, Sequence
from contextlib import suppress
from pathlib import Path
from typing import Any

import msgspec
from sqlalchemy import Connection, LargeBinary, String, Table, Text, select, tuple_

from gateway.journal import logbook, schema, sqlite
from gateway.journal.schema.columns import METADATA
from gateway.journal.seal import SUFFIX
from gateway.steps.ground.gate import Gate
from gateway.steps.keeping import personal

PIECE = 4 << 20
ROWS = 5000
HITS = 1000  # of one file: what is beyond is not counted
b, i, f, fl, d, a = schema.blob, schema.item, schema.file, schema.filing, schema.decision, schema.answer


class Hit(msgspec.Struct, frozen=True):
    """A place where one of the values stands; `item` is the other parcel's item that says it, "" where none does."""

    where: str
    offset: int
    item: str = ""


class Scan(msgspec.Struct, frozen=True):
    """What was searched, and what was found in it."""

    values: int
    files: int
    bytes: int
    rows: int
    hits: tuple[Hit, ...]

    @property
    def clean(self) -> bool:
        """Nothing is left that is nobody else's."""
        return all(hit.item for hit in self.hits)


def scan(gate: Gate, values: Iterable[str]) -> Scan:
    """Search the state folder and the journal."""
    known = sorted(set(values))
    spelt = personal.spellings(known)
    if not spelt:
        return Scan(0, 0, 0, 0, ())
    words, longest = re.compile(b"|".join(re.escape(one.lower()) for one in spelt)), len(spelt[0])
    rows, hits = _journal(gate, words)
    in_rows = bool(hits)
    files = size = 0
    for path in _files(gate.blobs.root):
        with suppress(FileNotFoundError):  # beside a gateway at work files come and go
            length = path.stat().st_size
            if not (path.name.startswith(sqlite.NAME) and in_rows):  # its rows say more: which one it is
                hits += _file(gate, path, words, longest)
            files, size = files + 1, size + length
    hits += [Hit(f"{logbook.FOLDER}/{name}", 0) for name in _logbooks(gate, words)]
    return Scan(len(known), files, size, rows, tuple(hits))


def _files(root: Path) -> Iterator[Path]:
    """Every file, once. A second look finds what has got another name, or has come, since the first one."""
    seen = set[Path]()
    for _ in range(2):
        found = {Path(folder, name) for folder, _, names in os.walk(root, onerror=_unseen) for name in names}
        yield from sorted(one for one in found - seen if one.is_file() and not one.is_symlink())
        seen |= found


def _unseen(error: OSError) -> None:
    """A folder that has gone has nothing in it; one that cannot be looked into proves nothing."""
    if not isinstance(error, FileNotFoundError):
        raise error


def _file(gate: Gate, path: Path, words: re.Pattern[bytes], longest: int) -> list[Hit]:
    where = str(path.relative_to(gate.blobs.root))
    found = [] if not words.search(path.name.lower().encode()) else [0]
    stream = gate.blobs.opened(path) if path.suffix == SUFFIX and where.startswith("spool/") else path.open("rb")
    with stream:
        found += _offsets(iter(lambda: stream.read(PIECE), b""), words, longest)
    if not found:
        return []
    with gate.journal.read() as conn:
        return [Hit(where, offset, _owner(conn, where, offset)) for offset in found[:HITS]]


def _logbooks(gate: Gate, words: re.Pattern[bytes]) -> Iterator[str]:
    """Connections whose logbook calls a file so: it has names in base 64."""
    for connection in logbook.connections(gate.blobs.root):
        for line in logbook.read(gate.blobs.root, connection):
            if isinstance(line, logbook.Coming) and words.search(line.name.lower()):
                yield connection


def _offsets(pieces: Iterable[bytes], words: re.Pattern[bytes], longest: int) -> Iterator[int]:
    """Where the words, which are in small letters, stand; those that two pieces share too."""
    at, kept = 0, b""
    for piece in pieces:
        data = kept + piece.lower()  # six times as fast as a pattern that ignores case
        for one in words.finditer(data):
            if one.end() > len(kept):
                yield at - len(kept) + one.start()
        at += len(piece)
        kept = data[-(longest - 1) :] if longest > 1 else b""


def _owner(conn: Connection, where: str, offset: int) -> str:
    """The item whose stretch of a blob holds an offset."""
    blob = conn.scalar(select(b.c.id).where(b.c.path == where))
    if blob is None:
        return ""
    raw = select(i.c.id).join(f, f.c.id == i.c.file).where(f.c.blob == blob)
    filed = select(fl.c.item).where(fl.c.payload_blob == blob)
    told = select(a.c.item).where(a.c.payload_blob == blob)
    for wanted, first, length in (
        (raw.where(i.c.erased_at.is_(None)), i.c.offset, i.c.length),
        (select(i.c.id).where(i.c.record_blob == blob), i.c.record_offset, i.c.record_length),
        (filed, fl.c.payload_offset, fl.c.payload_length),
        (told, a.c.payload_offset, a.c.payload_length),
    ):
        found = conn.scalar(wanted.where(first <= offset, offset < first + length).limit(1))
        if found is not None:
            return str(found)
    return ""


def _journal(gate: Gate, words: re.Pattern[bytes]) -> tuple[int, list[Hit]]:
    """Every text and every byte string of every row, a page of rows at a time."""
    count, hits = 0, []
    for table in METADATA.sorted_tables:
        for row in _rows(gate, table):
            count += 1
            if any(words.search(_bytes(value).lower()) for value in row if isinstance(value, str | bytes)):
                key = ", ".join(str(row._mapping[column.name]) for column in table.primary_key)  # noqa: SLF001
                hits.append(Hit(f"{table.name} {key}" if not words.search(key.lower().encode()) else table.name, 0))
    return count, hits


def _rows(gate: Gate, table: Table) -> Iterator[Any]:
    said = [one for one in table.c if isinstance(one.type, Text | LargeBinary | String) or one.primary_key]
    key = list(table.primary_key)
    wanted = select(*said).order_by(*key).limit(ROWS)
    page: Sequence[Any] = ()
    while True:
        after = [tuple_(*key) > tuple_(*(page[-1]._mapping[one] for one in key))] if page else []  # noqa: SLF001
        with gate.journal.read() as conn:
            page = conn.execute(wanted.where(*after)).all()
        yield from page
        if len(page) < ROWS:
            return


def _bytes(value: str | bytes) -> bytes:
    return value if isinstance(value, bytes) else value.encode()
