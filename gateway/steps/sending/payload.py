"""The bytes of deliveries, from wherever they lie in the spool."""

from collections.abc import Iterable, Iterator, Sequence
from io import BufferedReader
from pathlib import Path
from typing import NamedTuple

from sqlalchemy import Connection, Row, select

from gateway.findings.errors import SpoolUnreadable
from gateway.journal import schema
from gateway.journal.blobs import BlobGone
from gateway.steps.ground.gate import Gate
from gateway.steps.ground.many import among

BLOCK = 32_768
part = schema.delivery_part


class Stretch(NamedTuple):
    """A part of one delivery; no path where the bytes are gone."""

    path: Path | None
    offset: int
    length: int


def stretches(gate: Gate, deliveries: Sequence[str]) -> dict[str, list[Stretch]]:
    """What each delivery consists of, in its order: looked up once for a round."""
    found: dict[str, list[Stretch]] = {one: [] for one in deliveries}
    with gate.journal.read() as conn:
        rows = sorted(among(conn, select(part), part.c.delivery, deliveries), key=lambda row: row.seq)
        paths = {row.blob: _path(gate, conn, row) for row in rows}
    for row in rows:
        found[row.delivery].append(Stretch(paths[row.blob], row.offset, row.length))
    return found


def _path(gate: Gate, conn: Connection, row: Row[tuple[str, ...]]) -> Path | None:
    try:
        return gate.blobs.path_of(conn, row.blob)
    except BlobGone:
        return None


def blocks(gate: Gate, parts: Iterable[Stretch]) -> Iterator[bytes]:
    """The bytes, a block at a time. Raises: SpoolUnreadable, SpoolSealed."""
    for path, offset, length in parts:
        if path is None:
            raise SpoolUnreadable
        with _opened(gate, path) as stream:
            stream.seek(offset)
            left = length
            while left and (block := stream.read(min(BLOCK, left))):
                left -= len(block)
                yield block


def _opened(gate: Gate, path: Path) -> BufferedReader:
    """A file that is gone may have been written anew meanwhile, without what was erased: the next round looks again."""
    try:
        return gate.blobs.opened(path)
    except FileNotFoundError:
        raise SpoolUnreadable from None
