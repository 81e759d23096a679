"""Rows that belong together: equal cells in the columns of the group, adjacent or not.

A row that cannot be read, or whose last group cell is empty, belongs to no other; unreadable rows in a run are one
item, so that a broken stretch is handed over as a whole. Blank rows and rows of totals belong to none.
"""

from collections.abc import Iterable

import msgspec

from adapters.syntax.tabular.header import Header
from adapters.syntax.tabular.layout import Layout
from adapters.syntax.tabular.row import Row

TOTALS = frozenset(
    (
        *("total", "totals", "grandtotal", "subtotal", "sum", "summe", "gesamt", "gesamtsumme", "totaal", "totale"),
        *("totales", "somme", "suma", "soma", "итого", "всего", "合计", "总计", "合計", "総計"),
    )
)

Key = tuple[str, ...]


class Group(msgspec.Struct, gc=False):
    """The rows of one item in the order of the file."""

    rows: list[Row]

    @property
    def first(self) -> Row:
        return self.rows[0]

    @property
    def end(self) -> int:
        return max(row.end for row in self.rows)


class Keys:
    """Gives each row the key of its group; None where it belongs to none."""

    def __init__(self, layout: Layout, header: Header) -> None:
        self.places = [header.at[name] for name in layout.group if name in header.at]
        self.blank = 0
        self.first_blank: Row | None = None
        self.totals: list[Row] = []
        self._alone = 0
        self._broken = False

    def of(self, row: Row) -> Key | None:
        cells = row.cells
        try:
            key = tuple([cells[at].strip() for at in self.places])
        except IndexError:
            key = ()
        if key and key[-1]:
            self._broken = False
            return key
        if row.blank:
            self.blank += 1
            self.first_blank = self.first_blank or row
            return None
        if not row.code and self._total(cells):
            self.totals.append(row)
            return None
        if not (row.code and self._broken):
            self._alone += 1
        self._broken = bool(row.code)
        return ("\0", str(self._alone))

    def _total(self, cells: list[str]) -> bool:
        """The first cell that is not empty says so, and no cell of the last group column."""
        first = next((cell for cell in cells if cell.strip()), "")
        return bool(self.places) and "".join(first.split()).rstrip(":").casefold() in TOTALS


def grouped(rows: Iterable[Row], keys: Keys) -> list[Group]:
    """All groups in the order of their first rows."""
    found: dict[Key, Group] = {}
    for row in rows:
        key = keys.of(row)
        if key is None:
            continue
        group = found.get(key)
        if group is None:
            found[key] = Group([row])
        else:
            group.rows.append(row)
    return list(found.values())
