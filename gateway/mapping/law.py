"""The two-way law on whole messages: `read(write(read(m))) = read(m)`, and `write(read(m)) = m`.

The latter plus only what the table itself adds (defaults, derived values, constants) and minus what no row carries.
"""

import io
from collections.abc import Iterator

import msgspec

from gateway.mapping.canonical import Leaves, difference, leaf_set
from gateway.mapping.format import Format
from gateway.mapping.protocols import Bad, Item, Limits, Opening, Slice
from gateway.mapping.trace import Trace

LIMITS = Limits()
_ADDED = {"default", "constant", "derived"}


class Unit(msgspec.Struct, frozen=True):
    """One unit of a message in memory."""

    item: Item | Bad
    data: bytes
    opening: Opening


class Broken(msgspec.Struct, frozen=True):
    """One place where the law does not hold."""

    path: str
    text: str
    problem: str


def openings(table: Format, message: bytes) -> Iterator[Opening]:
    parts = table.syntax.slices(io.BytesIO(message), table.plan, len(message), LIMITS)
    return (part for part in parts if isinstance(part, Opening))


def units(table: Format, message: bytes) -> Iterator[Unit]:
    """Every unit of a message, whole or not."""
    opening: Opening | None = None
    for part in table.syntax.slices(io.BytesIO(message), table.plan, len(message), LIMITS):
        if isinstance(part, Opening):
            opening = part
        elif isinstance(part, Slice) and opening:
            stretch = message[part.offset : part.offset + part.length]
            for item in table.syntax.items(opening, part, stretch, table.plan, LIMITS):
                yield Unit(item, message[item.span.offset : item.span.offset + item.span.length], opening)
        elif isinstance(part, Bad) and opening:
            yield Unit(part, message[part.span.offset : part.span.offset + part.span.length], opening)


def back(table: Format, message: bytes, unmapped: tuple[str, ...] = ()) -> Iterator[Broken]:
    """Where a message does not come back, but for the paths said to be `unmapped`.

    Messages that travel one way only hold the law by themselves.
    """
    if not (table.plan.reads and table.plan.writes):
        return
    seen: Opening | None = None
    for unit in units(table, message):
        if not isinstance(unit.item, Item):
            continue
        trace = table.trace_read(unit.item, unit.data, unit.opening)
        if trace.record is None or any(finding.severity == "error" for finding in trace.findings):
            continue
        if unit.opening is not seen:
            seen = unit.opening
            yield from _envelope(table, unit)
        yield from _unit(table, unit, trace, unmapped)


def _unit(table: Format, unit: Unit, trace: Trace, unmapped: tuple[str, ...]) -> Iterator[Broken]:
    written = table.write(trace.record)
    if written.text is None:
        yield Broken("", ", ".join(finding.code for finding in written.findings), "cannot be written")
        return
    again = next(units(table, _document(table, unit, written.text)), None)
    if again is None or not isinstance(again.item, Item):
        yield Broken("", written.text, "cannot be read again")
        return
    entries = table.trace_write(trace.record).entries
    own = {(entry.message_path, entry.text) for entry in entries if entry.note in _ADDED or not entry.model_path}
    lost = difference(_leaves(table, unit), _leaves(table, again), unmapped, own)
    yield from (Broken(path, text, "is lost") for path, text in lost.missing)
    yield from (Broken(path, text, "is added") for path, text in lost.added)
    if not own and table.read(again.item).record != trace.record:
        yield Broken("", written.text, "is read otherwise")


def _envelope(table: Format, unit: Unit) -> Iterator[Broken]:
    """What stands around the units, written and read again."""
    around = table.trace_outer(unit.opening)
    if around is None or any(finding.severity == "error" for finding in around.findings):
        return
    again = next(openings(table, _document(table, unit, unit.data.decode("utf-8", "replace"))), None)
    if again is None or table.read_outer(again).record != around.record:
        yield Broken("", "", "has another envelope")


def _document(table: Format, unit: Unit, text: str) -> bytes:
    """A unit in a whole document of its own."""
    if not table.plan.unit:
        return text.encode()
    return b"".join(table.frame(table.read_outer(unit.opening).record, (text,)))


def _leaves(table: Format, unit: Unit) -> Leaves:
    assert isinstance(unit.item, Item)
    return leaf_set(table.syntax.leaves(unit.item, unit.opening, unit.data, table.plan))
