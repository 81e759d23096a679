"""A run of units in a stream, cut into stretches; whatever is wrong with a unit ends where the next begins."""

import re
from collections.abc import Iterator
from functools import lru_cache
from typing import NamedTuple

from adapters.syntax.window import Window
from adapters.syntax.xml import sections
from adapters.syntax.xml.markup import UnitTags, after_start, find_end, is_empty, local, unit_tags
from adapters.syntax.xml.units import adjacent, following, nested_end

STRETCH = 4 << 20  # bytes of one stretch, unless it is a single unit
GAP = 1 << 16  # what is looked at between two units


class Cut(NamedTuple):
    """A stretch of units. One that is not whole is alone."""

    begin: int
    end: int
    line: int
    items: int = 1


class Cutter:
    """Cuts runs of units: `size` is the most units of a stretch, `cap` the longest unit in bytes.

    `strict`: units of this format never hold one another.
    """

    def __init__(self, window: Window, size: int, cap: int, *, strict: bool) -> None:
        self.window = window
        self.size = size
        self.cap = cap
        self.strict = strict
        self._barren = 0  # offset up to which no end tag of a unit stands
        self._begin = self._end = self._line = self._items = 0  # the stretch that grows

    def cuts(self, at: int, name: bytes, around: tuple[bytes, ...]) -> Iterator[Cut]:
        """Stretches one after the other, from the unit at `at` until something else than a unit follows."""
        tags = unit_tags(name)
        while at >= 0:
            may_end = self._may_end(at, tags)
            if may_end:
                yield from self._plain(at, tags)
            if self._end <= at:
                yield from self._grown()
                end = self._nested(at, tags) if may_end else -1
                yield self._alone(at, end, name, around)
            at = self._next(self._end, tags)
        yield from self._grown()

    def resume(self, at: int, name: bytes, around: tuple[bytes, ...]) -> int:
        """Where reading may go on after wreckage: behind an end tag of a unit, or where another or the end begins."""
        resync = _resync(name, around)
        while True:
            self.window.floor = at
            if found := _search(resync, self.window.data, at - self.window.base):
                return self.window.base + (found.end() if found["own"] else found.start())
            at = max(at, self.window.end - GAP)  # a tag may lie across two blocks
            if not self.window.grow():
                return self.window.end

    def _plain(self, at: int, tags: UnitTags) -> Iterator[Cut]:
        """Stretches of units with nothing unusual about them."""
        window, base = self.window, self.window.base
        for first, last in adjacent(window.data, at - base, tags, self.cap, complete=window.ended):
            if self._items == self.size or base + last - self._begin > STRETCH:
                yield from self._grown()
            if not self._items:
                self._begin, self._line = base + first, window.line(base + first)
            self._end, self._items = base + last, self._items + 1

    def _grown(self) -> Iterator[Cut]:
        if self._items:
            yield Cut(self._begin, self._end, self._line, self._items)
            self._items = 0

    def _nested(self, at: int, tags: UnitTags) -> int:
        """Where a unit ends that holds others of its name, or -1."""
        begin = at - self.window.base
        end = nested_end(self.window.data, begin, tags, begin + self.cap, strict=self.strict)
        return end if end < 0 else self.window.base + end

    def _alone(self, at: int, end: int, name: bytes, around: tuple[bytes, ...]) -> Cut:
        """A unit that holds others of its name, or (`end` is -1) one that is not whole."""
        line = self.window.line(at)
        self._end = end if end >= 0 else self.window.without_space(at, self.resume(at + 1, name, around))
        return Cut(at, self._end, line)

    def _may_end(self, at: int, tags: UnitTags) -> bool:
        """Whether an end tag stands within reach; what was searched once is not searched again."""
        self.window.floor = at
        self.window.reach(at + self.cap + len(tags.end) + 1)
        data, base, stop = self.window.data, self.window.base, at + self.cap
        if is_empty(data, after_start(data, at - base, tags.start)):
            return True
        if find_end(data, tags.end, max(at, self._barren) - base, stop - base)[0] >= 0:
            return True
        self._barren = max(stop - len(tags.end), 0)
        return False

    def _next(self, end: int, tags: UnitTags) -> int:
        """Where the next unit begins, or -1 where something else follows."""
        self.window.floor = end
        self.window.reach(end + GAP)
        found = following(self.window.data, end - self.window.base, tags)
        return found + self.window.base if found >= 0 else -1


@lru_cache(maxsize=64)
def _resync(name: bytes, around: tuple[bytes, ...]) -> re.Pattern[bytes]:
    """The end tag of a unit, the start tag of another, an end tag of what is around them, or a section.

    A start tag with nothing but another unit or the end behind it stands where an end tag was meant.
    """
    unit = rb"<(?:[^\s<>/:!?]++:)?" + re.escape(local(name)) + rb"(?=[\s/>])"
    end = rb"</(?:" + (b"|".join(re.escape(outer) for outer in around) or rb"(?!)") + rb")\s*+>"
    return re.compile(
        rb"(?P<own></" + re.escape(name) + rb"\s*+>)|" + end + rb"|(?P<aside><[!?])|"
        + unit + rb"(?![^<>]*+>\s*+(?:" + unit + rb"|" + end + rb"))"
    )  # fmt: skip


def _search(resync: re.Pattern[bytes], data: bytes, at: int) -> re.Match[bytes] | None:
    """The first place where reading may be taken up again; sections are stepped over."""
    while (found := resync.search(data, at)) and found["aside"]:
        at = max(sections.after(data, found.start(), len(data)), found.end())
    return found
