"""The same as CSV (RFC 4180, UTF-8): a line for each element, a column for each thing that a page says of it."""

import csv
import io
from collections.abc import Iterable, Sequence

from gateway.workbench.document.cells import COLUMNS, Cells
from gateway.workbench.document.elements import Data
from gateway.workbench.document.groups import group_name
from gateway.workbench.document.words import Words


def sheet(cells: Sequence[Cells], depths: Sequence[int], say: Words) -> str:
    """The page of a format. Elements are indented by two blanks a level, as on the page."""
    rows = (("  " * depth + one.texts()[0], *one.texts()[1:]) for depth, one in zip(depths, cells, strict=True))
    return _text([say(name) for name in COLUMNS.values()], rows)


def matrix_sheet(rows: Iterable[tuple[Data, tuple[str, ...]]], formats: Sequence[str], say: Words) -> str:
    """The matrix of data elements."""
    head = [say("Group"), say("Data element"), say("Model path"), say("WCO id"), *formats]
    body = (
        (group_name(data.place.group, say), say.way(data.place.labels), data.place.bare,
         " ".join(data.wco), *marks)
        for data, marks in rows
    )  # fmt: skip
    return _text(head, body)


def _text(head: Sequence[str], rows: Iterable[Sequence[str]]) -> str:
    out = io.StringIO()
    writer = csv.writer(out)
    writer.writerow(head)
    writer.writerows(rows)
    return out.getvalue()
