"""The header row: which column of the file is which column of the format.

It is looked for in the first rows, behind titles and the `sep=;` of spreadsheets, by the names of its columns alone:
editions differ in which columns there are and where. `find` tries every separator and takes the row that knows most.
"""

import csv
from collections.abc import Iterable, Iterator, Mapping
from io import BytesIO

import msgspec

from adapters.syntax.tabular.layout import Layout, plain

BOM = b"\xef\xbb\xbf"
SEPARATORS = ",;\t|"
FIRST = 20  # rows in which a header may stand
WIDEST = 1_000  # columns
FEWEST = 2  # columns of the format that a header has at least


class Header(msgspec.Struct, frozen=True):
    """Where the columns are. `length` are its bytes and `rows` its lines with all that stands before it.

    `strange` are headings that the format does not know, with their places, `twice` a column that stands twice,
    `missing` what a row that comes near to a header lacks.
    """

    at: dict[str, int]
    width: int
    rows: int
    length: int = 0
    separator: str = ","
    utf8: bool = False
    strange: Mapping[str, int] = {}
    twice: str = ""
    missing: tuple[str, ...] = ()


def find(head: bytes, layout: Layout) -> Header | None:
    """The header in the first bytes of a text; None where no row comes near to one."""
    utf8, length, number, best = head.startswith(BOM), 0, 0, None
    for raw in _logical(head.removeprefix(BOM)):
        length, number = length + len(raw), number + raw.count(b"\n")
        text = raw.decode("utf-8", "replace").rstrip("\r\n")
        for separator in SEPARATORS:
            found = match(_cells(text, separator), layout, max(number, 1))
            if found and (best is None or _rank(found) > _rank(best)):
                best = msgspec.structs.replace(found, length=length, separator=separator, utf8=utf8)
    return msgspec.structs.replace(best, length=best.length + len(BOM)) if best and utf8 else best


def _logical(head: bytes) -> Iterator[bytes]:
    """The first lines; one with an open quotation mark goes on in the next."""
    whole = b""
    for raw in BytesIO(head).readlines()[:FIRST]:
        whole += raw
        if whole.count(b'"') % 2 == 0:
            yield whole
            whole = b""


def among(rows: Iterable[list[str]], layout: Layout) -> Header | None:
    """The header among the first rows of a sheet."""
    found = (match(cells, layout, number) for number, cells in zip(range(1, FIRST + 1), rows, strict=False))
    return max((header for header in found if header), key=_rank, default=None)


def match(cells: list[str], layout: Layout, number: int) -> Header | None:
    """A row as a header; None where too few of its cells name a column."""
    at: dict[str, int] = {}
    strange: dict[str, int] = {}
    twice = ""
    for place, name in enumerate(_named(cells, layout)):
        if not name:
            strange |= {cells[place].strip(): place} if cells[place].strip() else {}
        elif name in at:
            twice = twice or name
        else:
            at[name] = place
    if len(at) < FEWEST:
        return None
    missing = tuple(name for name in layout.columns if name in layout.always and name not in at)
    width = max((place for place, cell in enumerate(cells, 1) if cell.strip()), default=0)
    return Header(at, width, number, strange=strange, twice=twice, missing=missing)


def _named(cells: list[str], layout: Layout) -> Iterator[str]:
    return (layout.names.get(plain(cell), "") for cell in cells)


def _cells(text: str, separator: str) -> list[str]:
    try:
        return next(csv.reader([text], delimiter=separator), [])
    except csv.Error:
        return []


def _rank(header: Header) -> tuple[bool, int]:
    """What lacks nothing comes first, then what knows most."""
    return not header.missing, len(header.at)
