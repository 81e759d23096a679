"""A list as it stands in its file: what it is, where it comes from, of which day, and its rows with their lines.

    # Documents that travel with an item.
    # source: UN/EDIFACT 1001
    # date: 2026-11
    message,model,preferred,label,label_fr,note
    IV,N380,,commercial invoice,facture commerciale,

Lines that begin with `#` come first; two of them say source and date, the others what the list is. A list with the
columns `message` and `model` is two-way (`gateway.mapping.codelist`); every other one is a table of facts that checks
or an authority's rules read. `label` is what a code means, `label_<language>` the same in another language.
"""

import csv
import re
from collections.abc import Iterator, Mapping
from itertools import zip_longest
from pathlib import Path

import msgspec

MESSAGE, MODEL, PREFERRED, NOTE, LABEL = "message", "model", "preferred", "note", "label"
ANY = "*"
_SAID = re.compile(r"#\s*(source|date):\s*(.*)")


class ListRow(msgspec.Struct, frozen=True):
    """One row: its line in the file, its cells by column. `width` says how many cells it has, columns or not."""

    line: int
    cells: Mapping[str, str]
    width: int

    def __getitem__(self, column: str) -> str:
        return self.cells.get(column, "")


class Listing(msgspec.Struct, frozen=True):
    """One list. `file` is its path below the mapping folder, `head` the line of its column names."""

    name: str
    file: str
    title: str
    source: str
    date: str
    head: int
    columns: tuple[str, ...]
    rows: tuple[ListRow, ...]

    @property
    def two_way(self) -> bool:
        """Whether rows of tables can name it."""
        return MESSAGE in self.columns and MODEL in self.columns

    @property
    def along(self) -> tuple[str, ...]:
        """Columns of a two-way list that set further fields of the model."""
        own = {MESSAGE, MODEL, PREFERRED, NOTE}
        return tuple(column for column in self.columns if column not in own and not is_label(column))

    def label(self, row: ListRow, language: str = "") -> str:
        """What a row's code means, in a language or in English."""
        return row[f"{LABEL}_{language}"] or row[LABEL]


def is_label(column: str) -> bool:
    """`label`, `label_fr`.

    >>> [is_label(column) for column in ("label", "label_es", "labels")]
    [True, True, False]
    """
    return column == LABEL or column.startswith(f"{LABEL}_")


def read(name: str, path: Path) -> Listing:
    """Raises: OSError. Bytes that are no UTF-8 become U+FFFD: lint says where."""
    with path.open(encoding="utf-8-sig", errors="replace", newline="") as stream:
        lines = stream.readlines()
    head = next((number for number, line in enumerate(lines) if not line.startswith("#")), len(lines))
    said = {found[1]: found[2].strip() for line in lines[:head] if (found := _SAID.match(line))}
    title = " ".join(line.lstrip("# ").strip() for line in lines[:head] if not _SAID.match(line))
    reader = csv.reader(lines[head:])
    columns = tuple(next(reader, ()))
    rows = tuple(_rows(reader, columns, head))
    source, date = said.get("source", ""), said.get("date", "")
    return Listing(name, f"codes/{name}.csv", title, source, date, head + 1, columns, rows)


def _rows(reader: Iterator[list[str]], columns: tuple[str, ...], head: int) -> Iterator[ListRow]:
    """Rows with the line where each begins; blank ones and comments are none."""
    begins = head + 2
    for cells in reader:
        here, begins = begins, head + 1 + getattr(reader, "line_num", 0)
        if any(cells) and not cells[0].startswith("#"):
            yield ListRow(here, dict(zip_longest(columns, cells[: len(columns)], fillvalue="")), len(cells))
