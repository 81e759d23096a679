"""Example values: what stands at an element in the golden cases, as the trace of the twin says."""

import re
from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from itertools import islice
from typing import Any

import msgspec

from gateway.findings.finding import Row
from gateway.mapping.cases import Case
from gateway.mapping.format import Format
from gateway.mapping.law import openings, units
from gateway.mapping.protocols import Item
from gateway.mapping.trace import Entry
from gateway.model.dictionary import records

_NUMBER = re.compile(r"\[\d+\]")
MOST = 1  # examples of one element: the first case is the plainest
WIDEST = 80


class Examples:
    """Values by row and message path."""

    def __init__(self, entries: Iterator[Entry]) -> None:
        found: dict[Row, dict[str, list[Entry]]] = defaultdict(lambda: defaultdict(list))
        for entry in entries:
            if entry.text:
                found[entry.row][_NUMBER.sub("", entry.message_path)].append(entry)
        self._found: Mapping[Row, Mapping[str, Sequence[Entry]]] = found

    def at(self, row: Row, path: str, sibling: int = 0, above: int = 0) -> tuple[str, ...]:
        """The first values at an element: `path` from the document, the trace's from the unit.

        With a `sibling`, only where the element so many steps `above` has that number among its like.
        """
        known = self._found.get(row, {})
        entries = next((found for below, found in known.items() if f"/{path}".endswith(f"/{below}")), ())
        fitting = (entry.text[:WIDEST] for entry in entries if sibling in {0, _number(entry.message_path, above)})
        return tuple(islice(dict.fromkeys(fitting), MOST))


def _number(path: str, above: int) -> int:
    """The number of a step among its like.

    >>> _number("item/piece[2]/code", 1), _number("item/piece[2]/code", 0)
    (2, 1)
    """
    steps = path.split("/")
    said = _NUMBER.search(steps[-1 - above]) if above < len(steps) else None
    return int(said[0].strip("[]")) if said else 1


def examples(table: Format, cases: Sequence[Case]) -> Examples:
    """The values in all cases of a table."""
    return Examples(entry for case in cases for entry in _entries(table, case))


def _entries(table: Format, case: Case) -> Iterator[Entry]:
    if case.is_record:
        for record in _records(table, case.message):
            yield from table.trace_write(record).entries
        return
    for opening in openings(table, case.message):
        outer = table.trace_outer(opening)
        yield from outer.entries if outer else ()
    for unit in units(table, case.message):
        if isinstance(unit.item, Item):
            trace = table.trace_read(unit.item, unit.data, unit.opening)
            yield from trace.entries
            if table.plan.writes and trace.record is not None:
                yield from table.trace_write(trace.record).entries


def _records(table: Format, message: bytes) -> Iterator[Any]:
    kind = records()[table.plan.unit_record]
    return (msgspec.json.decode(line, type=kind) for line in message.splitlines() if line.strip())
