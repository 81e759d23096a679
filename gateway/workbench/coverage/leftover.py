"""What of real files no row carries: every value of the raw message, minus the values in the traces of its records.

The values come from the syntax itself, never from the table's own paths: a table cannot hide what it does not know. A
value counts as carried when the trace of the unit has it at the same place with the same text, or when it is what the
predicates of `root` recognise the format by. What stands around the units is looked at once an interchange.
"""

import re
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from posixpath import normpath
from typing import BinaryIO

import msgspec

from gateway.findings.finding import Row
from gateway.mapping.canonical import Leaves, leaf_set, path
from gateway.mapping.format import Format
from gateway.mapping.law import from_document, outside
from gateway.mapping.outer import chains
from gateway.mapping.plan import Plan
from gateway.mapping.protocols import Bad, Leaf, Limits, Opening, Slice
from gateway.mapping.trace import Entry

_NUMBER = re.compile(r"\[\d+\]")
ITEMS = 500  # of a slice: memory stays flat


class Example(msgspec.Struct, frozen=True):
    """One value that nothing carries, with its place."""

    file: str
    line: int | None
    text: str


class Rest(msgspec.Struct):
    """One element that no row carries: how many values, the first of them, and how many units hold it.

    `aside` is the row that leaves it aside on purpose, with a note why.
    """

    path: str
    example: Example
    aside: Row | None = None
    values: int = 0
    units: int = 0


class Leftover(msgspec.Struct):
    """The sum over files: how many values there are, how many are carried, and the rest by element."""

    units: int = 0
    unreadable: int = 0
    values: int = 0
    rest: dict[str, Rest] = {}
    asides: Mapping[str, Row] = {}

    @property
    def aside(self) -> int:
        """Values that rows leave aside on purpose."""
        return sum(one.values for one in self.rest.values() if one.aside)

    @property
    def uncarried(self) -> int:
        """Values that no row says anything of."""
        return sum(one.values for one in self.rest.values() if not one.aside)

    @property
    def carried(self) -> int:
        return self.values - self.aside - self.uncarried

    @property
    def share(self) -> float:
        """Carried values of all values."""
        return self.carried / self.values if self.values else 1.0

    def in_order(self) -> list[Rest]:
        """The most frequent first, behind them what is left aside."""
        return sorted(self.rest.values(), key=lambda one: (one.aside is not None, -one.values, one.path))

    def add(
        self,
        said: Leaves,
        carried: Iterable[tuple[str, str]],
        examples: Mapping[tuple[str, str], Example],
    ) -> None:
        """One unit, or what stands around units."""
        self.values += said.total()
        left = said - Counter(set(carried))
        for name in {_NUMBER.sub("", leaf[0]) for leaf in left}:
            some = [leaf for leaf in left if _NUMBER.sub("", leaf[0]) == name]
            one = self.rest.setdefault(name, Rest(name, examples[some[0]], _aside(name, self.asides)))
            one.values += sum(left[leaf] for leaf in some)
            one.units += 1


def look(found: Leftover, table: Format, stream: BinaryIO, file: str, limits: Limits) -> None:
    """Go through one file of a format, adding to what was found so far."""
    found.asides = found.asides or _asides(table.plan)
    opening: Opening | None = None
    entries: list[Entry] = []
    for part in table.syntax.slices(stream, table.plan, ITEMS, limits):
        if isinstance(part, Opening):
            _envelope(found, table, opening, entries, file)
            opening, entries = part, []
        elif isinstance(part, Slice) and opening is not None:
            entries += _units(found, table, opening, part, _cut(stream, part), file)
        elif isinstance(part, Bad):
            found.unreadable += 1
    _envelope(found, table, opening, entries, file)


def _units(found: Leftover, table: Format, opening: Opening, at: Slice, data: bytes, file: str) -> Iterator[Entry]:
    """The units of a slice; gives what their rows say of what stands around them."""
    for item in table.syntax.items(opening, at, data, table.plan, Limits()):
        if isinstance(item, Bad):
            found.unreadable += 1
            continue
        own = data[item.span.offset - at.offset :][: item.span.length]
        leaves = list(table.syntax.leaves(item, opening, own, table.plan))
        trace = table.trace_read(item, own, opening)
        carried = ((normpath(entry.message_path), entry.text) for entry in trace.entries)
        found.units += 1
        found.add(leaf_set(leaves), carried, _examples(leaves, file, ""))
        if item.ordinal == at.ordinal:  # all units of an interchange say the same of it
            yield from filter(_is_outside, trace.entries)


def _envelope(found: Leftover, table: Format, opening: Opening | None, entries: Iterable[Entry], file: str) -> None:
    """What stands around the units of one interchange."""
    if opening is None:
        return
    leaves = list(outside(table, opening))
    outer = table.trace_outer(opening)
    carried = {(from_document(table.plan, entry.message_path, unit=True), entry.text) for entry in entries}
    carried |= {(from_document(table.plan, one.message_path), one.text) for one in (outer.entries if outer else ())}
    found.add(leaf_set(leaves, "/"), carried | set(_recognised(table.plan)), _examples(leaves, file, "/"))


def _recognised(plan: Plan) -> Iterator[tuple[str, str]]:
    """What the predicates of the root ask for: it is how the format is told, and written as a constant."""
    above = ""
    for step in plan.root:
        above = f"{above}/{step.local}"
        yield from ((f"{above}/{path}", text) for path, text in step.constants)


def _asides(plan: Plan) -> Mapping[str, Row]:
    """The elements that rows leave aside, by their paths from the document and from the unit."""
    unit = "".join(f"/{step.local}" for step in (*plan.root, *plan.unit)[:-1])
    found = (
        {f"/{chain[-1].path}": chain[-1].row for chain in chains(plan.document) if chain[-1].aside}
        if plan.document
        else {}
    )
    return {path: row for full, row in found.items() if row for path in (full, full.removeprefix(f"{unit}/"))}


def _aside(path: str, asides: Mapping[str, Row]) -> Row | None:
    return next((row for above, row in asides.items() if f"{path}/".startswith(f"{above}/")), None)


def _is_outside(entry: Entry) -> bool:
    """Whether a row leads out of its unit (`Response/../ResponsibleCountryCode`)."""
    unit = entry.message_path.partition("/")[0]
    return not unit or normpath(entry.message_path).partition("/")[0] != unit


def _examples(leaves: Iterable[Leaf], file: str, above: str) -> dict[tuple[str, str], Example]:
    """Where each value stands; what is put together from several places has no line."""
    return {
        (above + path(leaf.steps), leaf.text.strip()): Example(
            file, None if above else leaf.span.line, leaf.text.strip()
        )
        for leaf in leaves
    }


def _cut(stream: BinaryIO, at: Slice) -> bytes:
    """The bytes of a slice; whoever reads along finds the stream where it was."""
    here = stream.tell()
    stream.seek(at.offset)
    data = stream.read(at.length)
    stream.seek(here)
    return data
