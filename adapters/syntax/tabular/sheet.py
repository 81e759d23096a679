"""Rows of the first sheet of a workbook (ECMA-376), read by calamine: it resolves no entity and runs no formula.

A workbook is an archive, so that no stretch of it holds one row: every row stands in the whole file, at its number.
Before it is opened, its members are unpacked once, in pieces, to see that neither they nor what they open to are huge.
"""

import struct
import zipfile
import zlib
from collections.abc import Iterator
from functools import lru_cache
from io import BytesIO

import python_calamine

from adapters.syntax.tabular.cells import shown
from adapters.syntax.tabular.extent import places, texts
from adapters.syntax.tabular.header import Header
from adapters.syntax.tabular.row import Cells, Row
from gateway.findings.archives import UNREADABLE

ARCHIVE, OLE = b"PK\x03\x04", b"\xd0\xcf\x11\xe0"
SHEETS = b"xl/"
UNPACKED = 1 << 28  # bytes
RATIO, FREE = 100, 1 << 24  # what packs better than that is made to hurt; so many bytes may pack as they like
PIECE = 1 << 20
PLACE = 64  # bytes that an opened cell is reckoned to take
_NUMBERS = (int, float)
_FAULTS = (python_calamine.CalamineError, python_calamine.ZipError, OSError, ValueError)


class Damaged(Exception):
    """The workbook cannot be opened."""


class TooLarge(Damaged):
    """The workbook unpacks, or opens, to more than is allowed."""


def is_workbook(data: bytes) -> bool:
    return data.startswith(ARCHIVE)


def rows(data: bytes, header: Header) -> Iterator[Row]:
    """Every row behind the header. Raises: Damaged."""
    values = _values(data)
    width = header.width
    for number, cells in enumerate(values[header.rows :], header.rows + 1):
        kept = cells[:width] if len(cells) >= width else [*cells, *[""] * (width - len(cells))]
        numbers = frozenset(at for at, cell in enumerate(kept) if type(cell) in _NUMBERS)
        row = Row(0, len(data), number, [cell if type(cell) is str else shown(cell) for cell in kept], "")
        row.numbers = numbers
        if any(cell not in ("", None) for cell in cells[width:]):
            row.code, row.cells = "SRC406", [shown(cell) for cell in cells]
        yield row


def first_rows(data: bytes, most: int) -> list[Cells]:
    """The first rows as texts. Raises: Damaged."""
    return [[shown(cell) for cell in cells] for cells in _values(data)[:most]]


def allowed(size: int) -> int:
    """Bytes to which a workbook of so many bytes may unpack.

    >>> allowed(20_000), allowed(1_000_000), allowed(40_000_000)
    (16777216, 100000000, 268435456)
    """
    return min(UNPACKED, max(FREE, RATIO * size))


def check(data: bytes, most: int) -> None:
    """Raises: Damaged, TooLarge."""
    try:
        with zipfile.ZipFile(BytesIO(data)) as archive:
            left, parts = most, list[bytes]()
            for member in archive.infolist():
                part = b"".join(_within(_unpacked(data, member), left))
                left -= len(part)
                parts.append(part)
    except UNREADABLE as trouble:
        raise Damaged from trouble
    if max(map(places, parts), default=0) * PLACE > most or texts(parts) > most:
        raise TooLarge


def _within(pieces: Iterator[bytes], most: int) -> Iterator[bytes]:
    """Raises: TooLarge."""
    for piece in pieces:
        most -= len(piece)
        if most < 0:
            raise TooLarge
        yield piece


def _unpacked(data: bytes, member: zipfile.ZipInfo) -> Iterator[bytes]:
    """What a member unpacks to, whatever the archive says of it (APPNOTE.TXT §4.3.7)."""
    name, more = struct.unpack_from("<HH", data, member.header_offset + 26)
    begin = member.header_offset + 30 + name + more
    packed = data[begin : begin + member.compress_size]
    if member.compress_type == zipfile.ZIP_STORED:
        yield packed
        return
    if member.compress_type != zipfile.ZIP_DEFLATED:
        raise Damaged
    unpacker = zlib.decompressobj(-15)
    while packed and not unpacker.eof:
        yield unpacker.decompress(packed, PIECE)
        packed = unpacker.unconsumed_tail


@lru_cache(maxsize=1)
def _values(data: bytes) -> list[list[object]]:
    """The cells of the first sheet from its first row on. Raises: Damaged, TooLarge."""
    check(data, allowed(len(data)))
    try:
        with python_calamine.load_workbook(BytesIO(data)) as book:
            return [[*row] for row in book.get_sheet_by_index(0).to_python(skip_empty_area=False)]
    except _FAULTS as trouble:
        raise Damaged from trouble
