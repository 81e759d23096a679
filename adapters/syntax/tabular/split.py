"""A file cut into slices of whole items.

Rows of one item may stand apart. A first pass remembers eight bytes for each run of rows of one item and nothing else;
items of which several runs were found are looked at again for their last row. A slice goes on until no item of it has
rows behind it, so that memory is that of the widest mixture: of a sorted file one slice, whatever its size. Items that
are mixed are cut apart only by `divided`: such slices overlap, each holds all rows of its item.
"""

from array import array
from collections.abc import Iterator
from itertools import pairwise
from typing import BinaryIO

from adapters.syntax.tabular import guard, header, marks, sheet, source, text
from adapters.syntax.tabular.faults import finding
from adapters.syntax.tabular.group import Key, Keys, grouped
from adapters.syntax.tabular.header import Header
from adapters.syntax.tabular.layout import Layout, layout
from adapters.syntax.tabular.lines import lines
from adapters.syntax.tabular.row import Row
from gateway.findings import Finding
from gateway.mapping.plan import Plan
from gateway.mapping.protocols import Bad, Closing, Limits, Opening, Slice, Span

Event = Opening | Slice | Closing | Bad
HEAD = 1 << 16  # bytes among which the header stands
STRETCH = 4 << 20  # bytes after which a slice ends where it can
MIXED = 10_000  # items whose rows may stand among each other
_MASK = (1 << 64) - 1


def slices(stream: BinaryIO, plan: Plan, size: int, limits: Limits) -> Iterator[Event]:
    """Opening, slices of about `size` items, closing, in the order of the file."""
    head = stream.read(HEAD)
    if sheet.is_workbook(head):
        yield from _workbook(head + stream.read(), layout(plan), size, limits)
    else:
        yield from _text(stream, head, layout(plan), size, limits)


def _text(stream: BinaryIO, head: bytes, kept: Layout, size: int, limits: Limits) -> Iterator[Event]:
    whole = Span(0, len(head), 1)
    found = header.find(head, kept)
    if (fault := guard.header(found, kept, whole)) or found is None:
        yield Bad(None, whole, (fault,) if fault else ())
        return
    cutter = _Cutter(stream, head[: found.length], found, kept, size, limits)
    place = Span(0, found.length, 1)
    yield Opening(1, head[: found.length], b"", place)
    yield from cutter.slices()
    if not cutter.count and not cutter.refused:
        yield Bad(None, place, (finding("SRC430", place),))
        return
    yield Closing(1, cutter.count, (*guard.unread(found, kept, place), *_skipped(cutter.keys)))


class _Open:
    """The items of a slice that is not yet whole."""

    def __init__(self, row: Row) -> None:
        self.begin, self.line, self.reach, self.end = row.offset, row.line, row.end, row.end
        self.items: set[Key] = set()


class _Cutter:
    def __init__(self, stream: BinaryIO, head: bytes, found: Header, kept: Layout, size: int, limits: Limits) -> None:
        self.stream, self.found, self.kept, self.size, self.limits = stream, found, kept, size, limits
        self.begin, self.line = len(head), head.count(b"\n") + 1
        self.keys = Keys(kept, found)
        self.count = 0
        self.refused = False

    def rows(self) -> Iterator[Row]:
        self.stream.seek(self.begin)
        found = lines(self.stream, self.begin, self.line, self.limits.item_bytes)
        return text.keyed(found, self.found, self.keys.places)

    def slices(self) -> Iterator[Slice | Bad]:
        last, self.keys = self.last(), Keys(self.kept, self.found)
        now: _Open | None = None
        for row in self.rows():
            key = self.keys.of(row)
            if key is None:
                continue
            if now is not None and key not in now.items and row.offset >= now.reach and self.enough(now):
                yield self.cut(now)
                now = None
            if now is None:
                now = _Open(row)
            now.items.add(key)
            now.reach = max(now.reach, row.end, last.get(hash(key) & _MASK, 0))
            now.end = row.end
            if stop := self.stopped(now, row):
                self.refused = True
                yield stop
                return
        if now is not None:
            yield self.cut(now)

    def last(self) -> dict[int, int]:
        """Where the last row of each item ends whose rows stand apart, by its hash."""
        runs, before, keys = array("Q"), None, Keys(self.kept, self.found)
        for row in self.rows():
            key = keys.of(row)
            if key is not None and key != before:
                runs.append(hash(key) & _MASK)
                before = key
        apart = {one for one, other in pairwise(sorted(runs)) if one == other}
        if not apart:
            return {}
        keys = Keys(self.kept, self.found)
        ends = ((hash(key) & _MASK, row.end) for row in self.rows() if (key := keys.of(row)) is not None)
        return {one: end for one, end in ends if one in apart}

    def enough(self, now: _Open) -> bool:
        return len(now.items) >= self.size or now.end - now.begin >= STRETCH

    def stopped(self, now: _Open, row: Row) -> Bad | None:
        """Why nothing more of the file is looked at."""
        if self.count + len(now.items) > self.limits.items:
            return Bad(None, row.span, (finding("SRC214", row.span, limit=self.limits.items),))
        if len(now.items) > max(MIXED, self.size):
            return Bad(None, row.span, (finding("SRC414", row.span, limit=max(MIXED, self.size)),))
        return None

    def cut(self, now: _Open) -> Slice:
        ordinal = self.count + 1
        self.count += len(now.items)
        return Slice(1, ordinal, now.begin, now.end - now.begin, now.line, len(now.items))


def _workbook(data: bytes, kept: Layout, size: int, limits: Limits) -> Iterator[Event]:
    whole = Span(0, len(data), 1)
    try:
        found = header.among(sheet.first_rows(data, header.FIRST), kept)
        if (fault := guard.header(found, kept, whole)) or found is None:
            yield Bad(None, whole, (fault,) if fault else ())
            return
        keys = Keys(kept, found)
        groups = grouped(sheet.rows(data, found), keys)
    except sheet.TooLarge:
        yield Bad(None, whole, (finding("SRC425", whole, limit=sheet.allowed(len(data))),))
        return
    except sheet.Damaged:
        yield Bad(None, whole, (finding("SRC424", whole),))
        return
    yield Opening(1, b"", b"", Span(0, len(data), found.rows))
    for at in range(0, min(len(groups), limits.items), size):
        part = groups[at : at + size]
        yield Slice(1, at + 1, 0, len(data), part[0].first.line, len(part))
    if not groups:
        yield Bad(None, whole, (finding("SRC430", whole),))
        return
    if len(groups) > limits.items:
        yield Bad(None, whole, (finding("SRC214", whole, limit=limits.items),))
    notes = (*guard.unread(found, kept, whole), *_skipped(keys), *marks.marks(data, whole))
    yield Closing(1, min(len(groups), limits.items), notes)


def divided(opening: Opening, at: Slice, data: bytes, plan: Plan, limits: Limits) -> Iterator[Slice]:
    """The items of a slice in two; one by one where their rows are mixed, each with all of its rows."""
    kept, whole = layout(plan), Span(at.offset, at.length, at.line)
    head = source.heading(opening, data, kept)
    groups = source.groups(data, whole, head, kept, limits)[: at.items] if head else []
    half = (len(groups) + 1) // 2
    parts = [part for part in (groups[:half], groups[half:]) if part]
    apart = sheet.is_workbook(data) or len(parts) < 2 or max(g.end for g in parts[0]) <= parts[1][0].first.offset
    ordinal = at.ordinal
    for part in parts if apart else [[group] for group in groups]:
        begin, end = part[0].first.offset, max(group.end for group in part)
        yield Slice(at.interchange, ordinal, begin, end - begin, part[0].first.line, len(part))
        ordinal += len(part)


def _skipped(keys: Keys) -> Iterator[Finding]:
    """Rows that belong to no item."""
    if keys.first_blank is not None:
        first = keys.first_blank
        yield finding("SRC412", first.span, count=keys.blank)
    yield from (finding("SRC413", row.span) for row in keys.totals)
