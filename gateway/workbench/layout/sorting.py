"""Rows in the order of their grammar. What stands above a row goes with it."""

from collections.abc import Mapping
from operator import itemgetter

import msgspec

from gateway.mapping.grammar import Node
from gateway.mapping.order import Filled, Order, Rank, filled, overruling
from gateway.mapping.outer import openings
from gateway.mapping.plan import Plan
from gateway.mapping.table import Line, Table
from gateway.workbench.layout.source import Entry

Lines = Mapping[int, Line]


def ordered(entries: tuple[Entry, ...], own: Table, plan: Plan) -> tuple[Entry, ...]:
    """A table's entries with the rows of every block sorted."""
    here, document = openings(plan)[0][-1].node, plan.document.node if plan.document else None
    sorter = _Sorter(_by_line(own.lines), document, filled(plan, own.file))
    return tuple(
        msgspec.structs.replace(entry, block=sorter.rows(entry.block, here)) if _rows(entry) and entry.block else entry
        for entry in entries
    )


class _Sorter:
    def __init__(self, lines: Lines, document: Node | None, fields: Filled) -> None:
        self.lines, self.document, self.fields = lines, document, fields

    def rows(self, entries: tuple[Entry, ...], here: Node | None) -> tuple[Entry, ...]:
        """A row that the grammar does not know keeps its place behind what stands before it."""
        order = Order(here, self.document)
        last: Rank = ()
        ranks, inner = [], []
        for entry in entries:
            line = self.line(entry)
            ranks.append(last := (order.rank(line) if line else ()) or last)
            inner.append(self.inner(entry, order.node(line) if line else None))
        fields = [self.fields[line.place.line, line.key] if line else set() for line in map(self.line, entries)]
        placed = sorted(zip(overruling(ranks, fields), range(len(inner)), inner, strict=True), key=itemgetter(0, 1))
        return tuple(entry for _, _, entry in placed)

    def line(self, entry: Entry) -> Line | None:
        return self.lines.get(entry.line)

    def inner(self, entry: Entry, node: Node | None) -> Entry:
        """The rows of a block."""
        if entry.block is None:
            return entry
        words = tuple(
            msgspec.structs.replace(word, block=self.rows(word.block, node)) if _rows(word) and word.block else word
            for word in entry.block
        )
        return msgspec.structs.replace(entry, block=words)


def _rows(entry: Entry) -> bool:
    return entry.key == "fields" and entry.block is not None


def _by_line(lines: tuple[Line, ...]) -> dict[int, Line]:
    """Every row by the line of its key; a shared block stands once in the file."""
    found: dict[int, Line] = {}
    for line in lines:
        found.setdefault(line.place.line, line)
        for number, inner in _by_line(line.lines or ()).items():
            found.setdefault(number, inner)
    return found
