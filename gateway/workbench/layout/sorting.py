"""Rows in the order of their grammar. What stands above a row goes with it."""

from collections.abc import Mapping

import msgspec

from gateway.mapping.grammar import Node
from gateway.mapping.order import Order, Rank
from gateway.mapping.outer import openings
from gateway.mapping.plan import Plan
from gateway.mapping.table import Line, Table
from gateway.workbench.layout.source import Entry

Lines = Mapping[int, Line]


def ordered(entries: tuple[Entry, ...], own: Table, plan: Plan) -> tuple[Entry, ...]:
    """A table's entries with the rows of every block sorted."""
    here, document = openings(plan)[0][-1].node, plan.document.node if plan.document else None
    sorter = _Sorter(_by_line(own.lines), document)
    return tuple(
        msgspec.structs.replace(entry, block=sorter.rows(entry.block, here)) if _rows(entry) and entry.block else entry
        for entry in entries
    )


class _Sorter:
    def __init__(self, lines: Lines, document: Node | None) -> None:
        self.lines, self.document = lines, document

    def rows(self, entries: tuple[Entry, ...], here: Node | None) -> tuple[Entry, ...]:
        """A row that the grammar does not know keeps its place behind what stands before it."""
        order = Order(here, self.document)
        last: Rank = ()
        placed: list[tuple[Rank, int, Entry]] = []
        for at, entry in enumerate(entries):
            line = self.lines.get(entry.line)
            last = (order.rank(line) if line else ()) or last
            placed.append((last, at, self.inner(entry, order.node(line) if line else None)))
        return tuple(entry for _, _, entry in sorted(placed, key=lambda place: place[:2]))

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
