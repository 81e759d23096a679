"""A run of units in a stream, cut into stretches; whatever is wrong with a unit ends where the next begins."""

import re
from collections.abc import Iterable, Iterator
from typing import NamedTuple

from adapters.syntax.xml import sections
from adapters.syntax.xml.markup import UnitTags, find_end, local, unit_tags
from adapters.syntax.xml.units import adjacent, following
from adapters.syntax.xml.window import Window

STRETCH = 4 << 20  # bytes of one stretch, unless it is a single unit
GAP = 1 << 16  # what is looked at between two units


class Cut(NamedTuple):
    """A stretch of units. One that is not whole is alone; `oversize`: too large to be looked at."""

    begin: int
    end: int
    line: int
    items: int = 1
    oversize: bool = False


class Cutter:
    """Cuts runs of units: `size` is the most units of a stretch, `cap` the longest unit in bytes."""

    def __init__(self, window: Window, size: int, cap: int) -> None:
        self.window = window
        self.size = size
        self.cap = cap
        self._barren = 0  # offset up to which no end tag of a unit stands

    def cuts(self, at: int, name: bytes, around: Iterable[bytes]) -> Iterator[Cut]:
        """Stretches one after the other, from the unit at `at` until something else than a unit follows."""
        begin, end, line, items = at, at, 1, 0
        for first, last, first_line, fault in self._units(at, unit_tags(name), _resync(name, around)):
            if items and (fault or items == self.size or last - begin > STRETCH):
                yield Cut(begin, end, line, items)
                items = 0
            if fault:
                yield Cut(first, last, first_line, oversize=fault == "oversize")
                continue
            if not items:
                begin, line = first, first_line
            end, items = last, items + 1
        if items:
            yield Cut(begin, end, line, items)

    def _units(self, at: int, tags: UnitTags, resync: re.Pattern[bytes]) -> Iterator[tuple[int, int, int, str]]:
        """Begin, end and line of every unit, and what is wrong with its size or end tag."""
        while at >= 0:
            end = -1
            if self._has_end(at, tags):
                base = self.window.base
                for first, last in adjacent(self.window.data, at - base, tags, self.cap, self.window.ended):
                    end = base + last
                    yield base + first, end, self.window.line(base + first), ""
            if end < 0:
                line = self.window.line(at)
                end, fault = self._broken(at, resync)
                yield at, end, line, fault
            at = self._next(end, tags)

    def _has_end(self, at: int, tags: UnitTags) -> bool:
        """Whether an end tag stands within reach; what was searched once is not searched again."""
        self.window.floor = at
        self.window.reach(at + self.cap + len(tags.end) + 1)
        base, stop = self.window.base, at + self.cap
        if find_end(self.window.data, tags.end, max(at, self._barren) - base, stop - base)[0] >= 0:
            return True
        self._barren = max(stop - len(tags.end), 0)
        return False

    def _next(self, end: int, tags: UnitTags) -> int:
        """Where the next unit begins, or -1 where something else follows."""
        self.window.floor = end
        self.window.reach(end + GAP)
        found = following(self.window.data, end - self.window.base, tags)
        return found + self.window.base if found >= 0 else -1

    def _broken(self, at: int, resync: re.Pattern[bytes]) -> tuple[int, str]:
        """Where a unit ends that has no end tag of its own within reach, and what is wrong with it."""
        base, data = self.window.base, self.window.data
        stop = at - base + self.cap
        if found := _search(resync, data, at - base + 1, stop):
            return self._end(found, at), "open"
        if self.window.ended and len(data) <= stop:
            return self.window.without_space(at, self.window.end), "open"
        return self._skip(at + self.cap, resync), "oversize"

    def _skip(self, at: int, resync: re.Pattern[bytes]) -> int:
        """Where an oversize unit ends: with its end tag, or where something else begins."""
        while True:
            self.window.floor = at
            if found := _search(resync, self.window.data, at - self.window.base, len(self.window.data)):
                return self._end(found, at)
            at = max(at, self.window.end - GAP)  # a tag may lie across two blocks
            if not self.window.grow():
                return self.window.without_space(at, self.window.end)

    def _end(self, found: re.Match[bytes], begin: int) -> int:
        if found["own"]:
            return self.window.base + found.end()
        return self.window.without_space(begin, self.window.base + found.start())


def _resync(name: bytes, around: Iterable[bytes]) -> re.Pattern[bytes]:
    """Where a unit without end tag ends: the next start tag of a unit, an end tag of what is around, or a section.

    A start tag with nothing but another one behind it stands where an end tag was meant.
    """
    unit = rb"<(?:[^\s<>/:!?]++:)?" + re.escape(local(name)) + rb"(?=[\s/>])"
    ends = b"|".join(re.escape(end) for end in around) or rb"(?!)"
    return re.compile(
        rb"(?P<own></" + re.escape(name) + rb"\s*+>)|</(?:" + ends + rb")\s*+>|"
        rb"(?P<aside><[!?])|" + unit + rb"(?![^<>]*+>\s*+" + unit + rb")"
    )


def _search(resync: re.Pattern[bytes], data: bytes, at: int, stop: int) -> re.Match[bytes] | None:
    """The first place where reading may be taken up again; sections are stepped over."""
    while (found := resync.search(data, at, stop)) and found["aside"]:
        at = max(sections.after(data, found.start(), stop, b"<"), found.end())
    return found
