"""Groups of rows as items: the cells that speak of the whole once for each text, then the rows one after the other.

A group in which a row is broken, goes on with a piece that no row has opened, or whose identifier was cut by a
spreadsheet and now stands for several, is bad as a whole: nothing is known of what it should have been.
"""

import re
from collections.abc import Iterator
from typing import Any

import msgspec

from adapters.syntax.tabular.cells import Mended, clean, mended
from adapters.syntax.tabular.faults import finding
from adapters.syntax.tabular.group import Group
from adapters.syntax.tabular.header import Header
from adapters.syntax.tabular.layout import Layout
from adapters.syntax.tabular.row import Row
from adapters.syntax.tabular.unit import Unit
from gateway.findings import Finding
from gateway.mapping.body import Body

CUT = re.compile(r"\d{13,}000", re.ASCII)  # more than fifteen digits, the last three zeros
_TEXTS = frozenset(("code", "id"))  # what only looks like a number
MANY = 20_000  # then it begins anew: memory stays bounded whatever comes
ZERO = re.compile(r"0+(?:\.0+)?", re.ASCII)


Place = tuple[str, int, str, bool]  # name, cell, kind, decimal comma


class Cell(msgspec.Struct, gc=False):
    """One cell in the item: the steps below it (row number 0: of the item as a whole), its text, where it stands."""

    name: str
    number: int
    of_row: int
    text: str
    row: Row
    place: int


class Texts(dict[str, str]):
    """The texts of cells by what stands in them: the same come again and again; what has to be mended is not kept."""

    def __init__(self, kind: str, *, comma: bool) -> None:
        super().__init__({"": ""})
        self.kind, self.comma = kind, comma
        self.mended = False  # since somebody asked

    def __missing__(self, cell: str) -> str:
        text = cell.strip()
        if text and not clean(text, self.kind, comma=self.comma):
            self.mended = True
            return mended(text, self.kind, comma=self.comma).text
        if len(self) >= MANY:
            self.clear()
        self[cell] = text
        return text


class Reader:
    """What all items of a file have in common."""

    def __init__(self, layout: Layout, header: Header, most: int) -> None:
        self.layout, self.header, self.most = layout, header, most
        self.whole = self._places(layout.whole)
        self.each = self._places(layout.each)
        known = {(kind, comma): Texts(kind, comma=comma) for _, _, kind, comma in (*self.whole, *self.each)}
        self._texts = tuple(known.values())
        self._whole = [(name, at, known[kind, comma]) for name, at, kind, comma in self.whole]
        self._each = [(name, at, known[kind, comma]) for name, at, kind, comma in self.each]

    def _places(self, names: tuple[str, ...]) -> list[Place]:
        found = ((self.header.at[name], self.layout.columns[name]) for name in names if name in self.header.at)
        return [(column.name, at, column.kind, column.comma) for at, column in found]

    def bad(self, group: Group) -> tuple[Finding, ...]:
        """Why no item can be made of a group."""
        if any(row.code for row in group.rows):
            return tuple(self._broken(group))
        return tuple(self._orphans(group)) or tuple(self._shared(group))

    def body(self, group: Group) -> Unit:
        """The item as the readers take it."""
        rows = group.rows
        value = self._value_of(rows[0]) if len(rows) == 1 else self._value_of_all(rows)
        if self._each:
            value[self.layout.row] = [
                {name: text for name, at, texts in self._each if (text := texts[row.cells[at]])} for row in rows
            ]
        return Unit(self.layout.item, rows[0].line, value, lambda: self._grown(group))

    def findings(self, group: Group) -> tuple[Finding, ...]:
        """What was put right in the cells of the body just made, and what is doubtful about them."""
        assumed = [finding("SRC409", row.span) for row in group.rows if row.assumed]
        mended = [texts for texts in self._texts if texts.mended]
        for texts in mended:
            texts.mended = False
        if not mended and not any(row.numbers for row in group.rows):
            return tuple(assumed)
        return (*assumed, *(one for n, row in enumerate(group.rows, 1) for one in self._of_cells(row, n)))

    def cells(self, group: Group) -> Iterator[Cell]:
        """Every cell that is read, in the order of the body."""
        for name, at, texts in self._whole:
            seen: dict[str, Row] = {}
            for row in group.rows:
                if text := texts[row.cells[at]]:
                    seen.setdefault(text, row)
            yield from (Cell(name, n, 0, text, row, at) for n, (text, row) in enumerate(seen.items(), 1))
        for number, row in enumerate(group.rows, 1):
            for name, at, texts in self._each:
                if text := texts[row.cells[at]]:
                    yield Cell(name, 1, number, text, row, at)

    def identifier(self, group: Group) -> str:
        """The identifier of the first row, as far as it can be made out."""
        at = self.header.at.get(self.layout.identifier, -1)
        cells = group.first.cells
        return cells[at].strip() if 0 <= at < len(cells) else ""

    # both forms

    def _value_of(self, row: Row) -> dict[str, Any]:
        cells = row.cells
        return {name: text for name, at, texts in self._whole if (text := texts[cells[at]])}

    def _value_of_all(self, rows: list[Row]) -> dict[str, Any]:
        """A text by column, or the list of those that the rows have."""
        said = [[row.cells[at] for _, at, _ in self._whole] for row in rows]
        if all(one == said[0] for one in said):
            return self._value_of(rows[0])
        found: dict[str, Any] = {}
        for (name, _, texts), cells in zip(self._whole, zip(*said, strict=True), strict=True):
            if seen := dict.fromkeys(text for cell in cells if (text := texts[cell])):
                found[name] = [*seen] if len(seen) > 1 else next(iter(seen))
        return found

    def _grown(self, group: Group) -> list[Body]:
        """The same as elements, each with the line of its row."""
        cells = list(self.cells(group))
        found = [Body(cell.name, cell.text, cell.row.line) for cell in cells if not cell.of_row]
        if self._each:
            for number, row in enumerate(group.rows, 1):
                own = [Body(cell.name, cell.text, row.line) for cell in cells if cell.of_row == number]
                found.append(Body(self.layout.row, None, row.line, own))
        return found

    # findings

    def _broken(self, group: Group) -> Iterator[Finding]:
        for row in group.rows:
            if row.code:
                values = {"cells": len(row.cells), "columns": self.header.width}
                yield finding(row.code, row.span, bytes=row.length, limit=self.most, **values)

    def _orphans(self, group: Group) -> Iterator[Finding]:
        """Rows that go on with a piece that none of the group opens."""
        opens = self.layout.opens
        at, by = (self.header.at.get(name, -1) for name in (opens.name, opens.by)) if opens else (-1, -1)
        if opens is None or at < 0 or by < 0:
            return
        going_on = [row for row in group.rows if row.cells[at] != "1" and ZERO.fullmatch(row.cells[at].strip())]
        opened = {row.cells[by] for row in group.rows if row not in going_on} if going_on else set()
        for row in going_on:
            if row.cells[by] not in opened:
                yield finding("SRC410", row.span, column=opens.by, value=row.cells[by])

    def _shared(self, group: Group) -> Iterator[Finding]:
        """An identifier with the marks of a spreadsheet, under which rows of several items have come together."""
        if len(group.rows) > 1 and CUT.fullmatch(value := self.identifier(group)):
            single = [at for name, at, *_ in self.whole if name in self.layout.single]
            if any(len({row.cells[at].strip() for row in group.rows} - {""}) > 1 for at in single):
                yield finding("SRC411", group.first.span, value=value)

    def _of_cells(self, row: Row, number: int) -> Iterator[Finding]:
        inner = f"/{self.layout.row}[{number}]" if number > 1 else f"/{self.layout.row}"
        each = {at: (inner, name, kind, comma) for name, at, kind, comma in self.each}
        places = {at: ("", name, kind, comma) for name, at, kind, comma in self.whole} | each
        for at, (where, name, kind, comma) in sorted(places.items()):
            text = row.cells[at].strip()
            found = mended(text, kind, comma=comma) if text else Mended("")
            was_number = at in row.numbers and kind in _TEXTS and not found.code
            if code := "SRC417" if was_number else found.code:
                path = f"{self.layout.item}{where}/{name}"
                said = {"column": name, "value": text, "read": found.text, "date": found.text}
                yield finding(code, row.span, path, **said)
