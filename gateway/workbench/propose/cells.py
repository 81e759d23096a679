r"""CSV and XLSX as a tree: a row is an entry, its cells are named by the header; the first sheet counts.

>>> [cell.name for cell in text(b"a;b;c\n1;2;3\n").root.children[0].children]
['a', 'b', 'c']

A heading is named as a row of a table can name it:

>>> [cell.name for cell in text(b"Weight (kg),Price/piece\n1,2\n").root.children[0].children]
['Weight kg', 'Price piece']
"""

import csv
import io
import re
import resource
from collections.abc import Iterable, Sequence
from concurrent.futures import ProcessPoolExecutor
from concurrent.futures.process import BrokenProcessPool
from datetime import date, datetime
from itertools import islice
from multiprocessing import get_context
from typing import Any

from gateway.workbench.propose.raw import Raw, Sample

ROW = "row"
ROWS = 5000  # looked at
WIDEST = 1_000  # columns of a header
MEMORY = 1 << 30  # bytes of address space for a workbook
DELIMITERS = ",;\t|"
_SIGNS = re.compile(r"[\s/\[\]()|+'@=]+")  # of paths


def text(data: bytes) -> Sample:
    """A text with a header line; the delimiter is the one that cuts the first lines into most cells alike.

    Raises: ValueError where no line holds two cells.
    """
    said = _decoded(data)
    head = said.splitlines()[:20]
    best = max(DELIMITERS, key=lambda mark: min((line.count(mark) for line in head if line.strip()), default=0))
    if not head or best not in head[0]:
        raise ValueError("no columns")
    return _sample(csv.reader(io.StringIO(said, newline=""), delimiter=best))


def workbook(data: bytes) -> Sample:
    """The first sheet of a workbook. Raises: ValueError.

    It is opened in a process of its own with bounded memory: a few bytes may stand for gigabytes, and end it.
    """
    with ProcessPoolExecutor(1, mp_context=get_context("spawn"), initializer=_bounded) as pool:
        try:
            return _sample(pool.submit(_sheet, data).result())
        except (BrokenProcessPool, MemoryError, OSError) as trouble:
            raise ValueError("no workbook") from trouble


def _bounded() -> None:
    resource.setrlimit(resource.RLIMIT_AS, (MEMORY, MEMORY))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))


def _sheet(data: bytes) -> list[list[str]]:
    import python_calamine  # noqa: PLC0415 - for workbooks alone

    try:
        sheet = python_calamine.CalamineWorkbook.from_filelike(io.BytesIO(data)).get_sheet_by_index(0)
    except python_calamine.CalamineError as trouble:
        raise OSError("no workbook") from trouble
    return [[_shown(cell) for cell in row] for row in islice(sheet.iter_rows(), ROWS + 1)]


def _decoded(data: bytes) -> str:
    try:
        return data.decode("utf-8-sig")
    except UnicodeDecodeError:
        return data.decode("cp1252", "replace")


def _sample(rows: Iterable[Sequence[str]]) -> Sample:
    ahead = iter(rows)
    header = next((row for row in ahead if sum(bool(cell.strip()) for cell in row) > 1), None)
    if header is None or len(header) > WIDEST:
        raise ValueError("no header")
    names = [_SIGNS.sub(" ", cell).strip() for cell in header]
    return Sample("tabular", Raw("", children=tuple(_row(names, row) for row in islice(ahead, ROWS) if any(row))))


def _row(names: Sequence[str], row: Sequence[str]) -> Raw:
    cells = zip(names, row, strict=False)
    return Raw(ROW, children=tuple(Raw(name, cell) for name, cell in cells if name), listed=True)


def _shown(cell: Any) -> str:
    if isinstance(cell, float):
        return str(int(cell)) if cell.is_integer() else str(cell)
    if isinstance(cell, (date, datetime)):
        return cell.isoformat()
    return str(cell)
