"""The two-way law on whole messages: `read(write(read(m))) = read(m)`, and `write(read(m)) = m`.

The latter plus only what the table itself adds (defaults, derived values, constants) and minus what no row carries.
Rows that say themselves that they travel one way, cut a text or join several codes are its exceptions, and so is a
value that had a finding when it was read: what they break is told with its excuse.
"""

import io
import posixpath
import re
from collections.abc import Iterable, Iterator

import msgspec

from gateway.findings.finding import Finding
from gateway.mapping.canonical import Leaves, difference, leaf_set
from gateway.mapping.format import Format
from gateway.mapping.lint.travel import said_reasons, silent_reasons
from gateway.mapping.outer import chains
from gateway.mapping.outer import openings as starts
from gateway.mapping.plan import Plan, Value
from gateway.mapping.protocols import Bad, Item, Leaf, Limits, Opening, Slice
from gateway.mapping.trace import Entry, Trace

LIMITS = Limits()
_NUMBERS = re.compile(r"\[\d+\]")
_ADDED = {"default", "constant", "derived"}


class Unit(msgspec.Struct, frozen=True):
    """One unit of a message in memory."""

    item: Item | Bad
    data: bytes
    opening: Opening


class Broken(msgspec.Struct, frozen=True):
    """One place where the law does not hold; `excuse` is what a row says of itself, or a finding, that explains it."""

    path: str
    text: str
    problem: str
    excuse: str = ""


def exceptions(plan: Plan) -> Iterator[tuple[Value, str]]:
    """The rows of a table that travels both ways for which the law does not hold, each with the reason."""
    if plan.reads and plan.writes:
        for value in plan.values:
            yield from ((value, reason) for reason in (*said_reasons(value), *silent_reasons(value)))


def asides(plan: Plan) -> tuple[str, ...]:
    """Elements of a unit that rows leave aside on purpose, by the beginning of the paths in and below them."""
    assert plan.document is not None
    unit = next((scope.number for scope in plan.scopes if scope.unit), 0)
    above = len(starts(plan)[unit][-1].path.rpartition("/")[0])
    found = (chain[-1].path[above:].lstrip("/") for chain in chains(plan.document) if chain[-1].aside)
    return tuple(start for path in found for start in (f"{path}/", f"{path} "))


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
    whole = True
    for unit in units(table, message):
        if unit.opening is not seen:
            seen, whole = unit.opening, _has_envelope(table, unit.opening)
            if whole and isinstance(unit.item, Item):
                yield from _envelope(table, unit, unmapped)
        if not whole or not isinstance(unit.item, Item):
            continue
        trace = table.trace_read(unit.item, unit.data, unit.opening)
        if trace.record is not None and not _faulty(trace.findings):
            yield from _unit(table, unit, trace, unmapped)


def _has_envelope(table: Format, opening: Opening) -> bool:
    """Whether units can be written in what stands around them; a document needs nothing around."""
    if not table.plan.framed:
        return True
    outer = table.trace_outer(opening)
    if outer is None or _faulty(outer.findings):
        return False
    return not _faulty(table.check_frame(outer.record))


def _faulty(findings: Iterable[Finding]) -> bool:
    return any(finding.severity == "error" for finding in findings)


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
    excuses = _Excuses(table.plan, trace.findings)
    missing = [Broken(*leaf, "is lost", excuses.of(leaf, trace.entries)) for leaf in lost.missing]
    added = [Broken(*leaf, "is added", excuses.of(leaf, entries)) for leaf in lost.added]
    yield from (*missing, *added)
    if not own and table.read(again.item).record != trace.record:
        yield Broken("", written.text, "is read otherwise", next((one.excuse for one in (*missing, *added)), ""))


class _Excuses:
    """Why a value need not come back."""

    def __init__(self, plan: Plan, findings: Iterable[Finding]) -> None:
        self._rows = {value.row: reason for value, reason in exceptions(plan)}
        self._asides = asides(plan)
        self._found = {finding.source.path: finding.code for finding in findings if finding.source}

    def of(self, leaf: tuple[str, str], entries: Iterable[Entry]) -> str:
        """What was found at its place or above it, else what the row that carries it or leaves it aside says."""
        if f"{_NUMBERS.sub('', leaf[0])} ".startswith(self._asides):
            return "aside"
        found = (code for path, code in self._found.items() if leaf[0] == path or leaf[0].startswith(f"{path}/"))
        rows = (entry.row for entry in entries if (entry.message_path, entry.text) == leaf)
        return next(found, "") or next((self._rows[row] for row in rows if row in self._rows), "")


def _envelope(table: Format, unit: Unit, unmapped: tuple[str, ...]) -> Iterator[Broken]:
    """What stands around the units, written and read again."""
    outer = table.trace_outer(unit.opening) if table.plan.unit else None
    if outer is None:
        return
    again = next(openings(table, _document(table, unit, unit.data.decode("utf-8", "replace"))), None)
    if again is None or table.read_outer(again).record != outer.record:
        yield Broken("", "", "has another envelope", next((finding.code for finding in outer.findings), ""))
        return
    entries = table.twin_writer.write_outer(outer.record)[1].entries
    own = {(from_document(table.plan, entry.message_path), entry.text) for entry in entries if not entry.model_path}
    gone = tuple(from_document(table.plan, path) for path in unmapped)
    lost = difference(around(table, unit.opening), around(table, again), gone, own)
    yield from (Broken(path, text, "is lost") for path, text in lost.missing)
    yield from (Broken(path, text, "is added") for path, text in lost.added)


def _document(table: Format, unit: Unit, text: str) -> bytes:
    """A unit in a whole document of its own."""
    if not table.plan.framed:
        return text.encode()
    return b"".join(table.frame(table.read_outer(unit.opening).record, (text,)))


def _leaves(table: Format, unit: Unit) -> Leaves:
    """What a unit says; where it is a whole document, with what stands around it."""
    assert isinstance(unit.item, Item)
    own = leaf_set(table.syntax.leaves(unit.item, unit.opening, unit.data, table.plan))
    return own if table.plan.framed else own + around(table, unit.opening)


def around(table: Format, opening: Opening) -> Leaves:
    """What stands around the units, by paths from the document (`/interchange/message/…`)."""
    return leaf_set(outside(table, opening), "/")


def outside(table: Format, opening: Opening) -> Iterator[Leaf]:
    """Every value around the units; where any name of the root is read, it is the one that is written."""
    nowhere = Item(0, opening.span, None)
    leaves = table.syntax.leaves(nowhere, opening, opening.head + opening.tail, table.plan)
    if not table.plan.any_root:
        return iter(leaves)
    name = (table.plan.root[0].local, 1)
    return (msgspec.structs.replace(leaf, steps=(name, *leaf.steps[1:])) for leaf in leaves)


def from_document(plan: Plan, path: str, *, unit: bool = False) -> str:
    """A path that begins at the record's own element, or at that of a unit, as one from the document.

    Numbers of the elements above it are not known.
    """
    steps = (*plan.root, *plan.unit)[:-1] if unit else plan.root[:-1]
    above = "".join(f"/{step.local}" for step in steps)
    return path if path.startswith("/") else posixpath.normpath(f"{above}/{path}")
