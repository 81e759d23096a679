"""Rows of a text file (RFC 4180 and what spreadsheets make of it): quoted cells over several lines, and what is broken.

A line whose quotation marks are even is a row. One whose marks are odd is a row all the same where a mark stands inside
an unquoted text (`5" screen`); else it takes further lines until its cells are as many as the header's. Where that does
not come out, the line is bad and the next one is looked at for itself, so that an open mark costs its own lines only.
"""

import csv
import re
from collections import deque
from collections.abc import Iterator

from adapters.syntax.tabular.header import Header
from adapters.syntax.tabular.lines import Line
from adapters.syntax.tabular.row import Cells, Row

TALLEST = 200  # lines of one row
MARK = b'"'
_UTF8 = re.compile(rb"[\xc3-\xdf][\x80-\xbf]|[\xe0-\xef][\x80-\xbf]{2}|[\xf0-\xf4][\x80-\xbf]{3}")


def rows(lines: Iterator[Line], header: Header) -> Iterator[Row]:
    """Every row, good or bad, in order; no byte is between two of them."""
    return _Reader(lines, header).rows()


def at_once(data: bytes, offset: int, number: int, header: Header, most: int) -> list[Row] | None:
    """The same rows where each line is one and all is UTF-8, read in one go; None where it is not so plain."""
    raw = data.split(b"\n")
    if not raw[-1]:
        raw.pop()
    if max(map(len, raw), default=0) >= most or any(line.count(MARK) % 2 for line in raw if MARK in line):
        return None
    try:
        lines = data.decode("utf-8").split("\n")[: len(raw)]
        found = list(csv.reader(lines, delimiter=header.separator, strict=True))
    except (UnicodeDecodeError, csv.Error):
        return None
    if len(found) != len(raw):
        return None
    rows = [Row(0, len(line) + 1, at, cells) for at, (line, cells) in enumerate(zip(raw, found, strict=True), number)]
    for row in rows:
        row.offset, offset = offset, offset + row.length
        if len(row.cells) != header.width:
            fitted(row, header.width)
    if rows and not data.endswith(b"\n"):
        rows[-1].length -= 1
    return rows


def keyed(lines: Iterator[Line], header: Header, places: list[int]) -> Iterator[Row]:
    """The same rows in a third of the time, for who needs their keys and places only."""
    return _Reader(lines, header).keyed(places)


class _Reader:
    def __init__(self, lines: Iterator[Line], header: Header) -> None:
        self.lines, self.header = lines, header
        self.ahead: deque[Line] = deque()

    def rows(self) -> Iterator[Row]:
        while (line := self.next()) is not None:
            yield self.row(line)

    def row(self, line: Line) -> Row:
        """The row that begins with a line."""
        if line.data is None:
            return Row(line.offset, line.length, line.number, [], "SRC230")
        if MARK in line.data:
            return self.quoted(line, line.data)
        text, assumed, code = decoded(line.data, utf8=self.header.utf8)
        cells = text.rstrip("\r\n").split(self.header.separator)
        row = Row(line.offset, line.length, line.number, cells, code, assumed)
        return row if len(cells) == self.header.width and not code else fitted(row, self.header.width)

    def keyed(self, places: list[int]) -> Iterator[Row]:
        """Every row, with no more cells than are needed where those at `places` can be made out at a glance."""
        separator, most = self.header.separator.encode(), max(places, default=-1) + 1
        while (line := self.next()) is not None:
            data = line.data
            cells = data.split(separator, most)[:most] if most and data is not None else []
            if data is None or len(cells) < most or not most or not _at_a_glance(data, cells, cells[places[-1]]):
                yield self.row(line)
            else:
                yield Row(line.offset, line.length, line.number, [cell.decode("ascii") for cell in cells])

    def next(self) -> Line | None:
        return self.ahead.popleft() if self.ahead else next(self.lines, None)

    def quoted(self, line: Line, data: bytes) -> Row:
        """A row with quotation marks."""
        row = self.parsed(line, data)
        if row is None and data.count(MARK) % 2:
            row = self.grown(line, data)
        if row is None:
            text, assumed, code = decoded(data, utf8=self.header.utf8)
            row = Row(line.offset, line.length, line.number, self.loose(text), code or self.why(data), assumed)
        return fitted(row, self.header.width)

    def grown(self, line: Line, data: bytes) -> Row | None:
        """The row that a line becomes with those behind it; None where none comes out."""
        more: list[Line] = []
        marks = data.count(MARK)
        while marks % 2 and len(more) < TALLEST and (following := self.next()) is not None:
            more.append(following)
            if following.data is None:
                break
            data += following.data
            marks += following.data.count(MARK)
        row = self.parsed(line, data) if marks % 2 == 0 else None
        if row is None or len(row.cells) != self.header.width:
            self.ahead.extendleft(reversed(more))
            return None
        return row

    def parsed(self, line: Line, data: bytes) -> Row | None:
        """Strictly: a quoted cell ends before a separator, the last one before the end."""
        text, assumed, code = decoded(data, utf8=self.header.utf8)
        try:
            found = list(csv.reader([text], delimiter=self.header.separator, strict=True))
        except csv.Error:
            return None
        if len(found) != 1:
            return None
        return Row(line.offset, len(data), line.number, found[0], code, assumed)

    def why(self, data: bytes) -> str:
        return "SRC230" if len(data) > csv.field_size_limit() else "SRC407"

    def loose(self, text: str) -> Cells:
        """What can be made out of a broken row: the cells before the first quotation mark."""
        before = text.partition('"')[0].split(self.header.separator)
        return before[:-1]


def _at_a_glance(data: bytes, cells: list[bytes], last: bytes) -> bool:
    """Whether the first cells are what they seem: no quotation mark among them, none open behind them."""
    first = b"".join(cells)
    if not last.strip() or not first.isascii() or MARK in first:
        return False
    return MARK not in data or not data.count(MARK) % 2


def decoded(data: bytes, *, utf8: bool) -> tuple[str, bool, str]:
    """The text, whether its encoding had to be assumed, the code of what is wrong.

    Windows-1252 is taken for what is not UTF-8 where nothing in it is UTF-8: then it is not merely damaged.
    """
    try:
        return data.decode("utf-8"), False, ""
    except UnicodeDecodeError:
        if not utf8 and not _UTF8.search(data):
            try:
                return data.decode("cp1252"), True, ""
            except UnicodeDecodeError:
                pass
        return data.decode("utf-8", "replace"), False, "SRC408"


def fitted(row: Row, width: int) -> Row:
    """Empty cells at the end are no fault; other cells too many or too few are, but for a blank row."""
    cells = row.cells
    while len(cells) > width and not cells[-1].strip():
        cells.pop()
    if len(cells) != width and not row.code:
        if not any(cell.strip() for cell in cells):
            cells.extend([""] * (width - len(cells)))
        else:
            row.code = "SRC405" if len(cells) < width else "SRC406"
    return row
