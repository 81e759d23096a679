"""A list of objects in a stream, cut into stretches of whole ones; a broken one ends where the next begins.

The usual way costs little: a block of the stream up to the last sign of a unit is one list to a parser that only skips,
and the lengths of its entries are the places. Where that fails, entries are followed bracket by bracket.
"""

import re
from collections.abc import Callable, Generator, Iterator
from enum import Enum, auto
from typing import NamedTuple

from adapters.syntax.json.brackets import GAP, SPACE, TEXT, balanced, look
from adapters.syntax.json.skim import names, raws_of, readable, separated
from adapters.syntax.json.stretches import Cut, Stretches
from adapters.syntax.window import Window
from gateway.mapping.protocols import Span

REACH = 1 << 18  # bytes that are looked at together
PATIENCE = 256  # units taken singly, at most, before the usual way is tried again
NEAR = 1 << 15  # bytes that an entry is followed where the next one seems to begin in it
TRIES = 16  # brackets that may be the last of a list whose last entry is broken
_SP = rb"[ \t\r\n]*+"
_NAME = TEXT + _SP + rb":"
_UNIT = rb"(?P<unit>\{" + _SP + rb"\"(?P<sign>[^\"\\\x00-\x1f]{1,200}+)\"" + _SP + rb":)"
_TEXT = re.compile(TEXT)
_AFTER = re.compile(
    _SP + rb"(?:(?P<end>,?+" + _SP + rb"\])|(?P<joined>(?=\{))|(?P<stop>,?+" + _SP + rb"\Z)"
    rb"|," + _SP + rb"(?:(?P<name>(?=" + _NAME + rb"))|(?P<next>)))"
)  # fmt: skip
_BEGINS = re.compile(rb"\{" + _SP + _NAME)
_CANDIDATE = re.compile(rb"[,}\]]" + _SP + _UNIT)
_STRAY = re.compile(_SP + rb"(?:,?+" + _SP + _UNIT + rb"|(?P<headless>" + _NAME + rb"))")
_OUTERMOST = re.compile(rb"[ \t\r\n}\],]*+(?:" + _UNIT + rb"|(?P<headless>" + _NAME + rb"))")


class Ending(Enum):
    """How a list ends: with its bracket, or with the stream."""

    BRACKET = auto()
    STREAM = auto()


class _Entry(NamedTuple):
    """One entry of the list: where it ends, what follows, and whether it can be read as it stands."""

    end: int
    after: str
    following: int
    whole: bool


class Run:
    """Cuts one list; afterwards `at` is behind it, `ending` says how it ended, `commas` where one is wrong.

    `signs` are names that only units say, `ends` tells whether bytes may follow the list. Behind the `outermost` list
    nothing follows but, perhaps, another document.
    """

    def __init__(
        self,
        window: Window,
        at: int,
        size: int,
        cap: int,
        signs: frozenset[bytes],
        ends: Callable[[bytes], bool],
        *,
        outermost: bool,
    ) -> None:
        self.window, self.at, self.cap, self.signs, self.ends = window, at, cap, signs, ends
        self.outermost = outermost
        self.ending = Ending.STREAM
        self.commas: list[Span] = []
        self._stretches = Stretches(window, size, cap)
        self._first = b""  # how the first unit begins
        self._wait = self._patience = 0

    def cuts(self) -> Iterator[Cut]:
        """Stretches one after the other; `at` is behind the opening bracket."""
        self.at += len(self._looked(SPACE, self.at))
        ended = self.window.bytes(self.at, self.at + 1) == b"]" and self._ended(self.at + 1)
        while self.at < self.window.end and not ended:
            if not self._wait:
                yield from self._usual()
            self._wait = max(self._wait - 1, 0)
            ended = yield from self._singly()
        yield from self._stretches.rest()

    def _usual(self) -> Iterator[Cut]:
        """All entries up to the last sign of a unit within reach, if they are a list without a fault."""
        window = self.window
        window.floor = self.at
        window.reach(self.at + REACH)
        begin, stop = self.at - window.base, len(window.data)
        found = _BEGINS.match(window.data, begin)
        sign = found[0] if found else b""
        self._first = self._first or sign
        while sign and (stop := window.data.rfind(sign, begin + 1, stop)) > begin:
            before = window.data[begin:stop].rstrip()
            if before.endswith(b",") and (raws := raws_of(before[:-1])) is not None:
                self._patience = 0
                for first, last in separated(window.data, raws, begin):
                    yield from self._stretches.add(first + window.base, last + window.base)
                self.at = stop + window.base
                return
            stop = begin + (stop - begin) // 2
        self._wait = self._patience = min(2 * self._patience + 1, PATIENCE)

    def _singly(self) -> Generator[Cut, None, bool]:
        """One entry; true at the end of the list."""
        begin, line = self.at, self.window.line(self.at)
        entry = self._entry(begin)
        if entry is None:
            return (yield from self._lost(begin, line))
        if entry.whole:
            yield from self._stretches.add(begin, entry.end)
        else:
            yield from self._stretches.alone(begin, entry.end, line)
        self.at = entry.following
        ended = entry.after == "stop" or (entry.after == "end" and self._ended(self.at))
        between = self.window.bytes(entry.end, self.at)
        if entry.after == "joined" or (entry.after == "end" and (b"," in between or not ended)):
            yield from self._surplus(entry.end, self.window.line(entry.end))
        return ended

    def _surplus(self, at: int, line: int) -> Iterator[Cut]:
        """A comma too many or too few: no stretch goes over it, each is a list without a fault."""
        self.commas.append(Span(at, 1, line))
        yield from self._stretches.rest()

    def _ended(self, at: int) -> bool:
        """Whether the list ends with the bracket before this place: not where another unit stands behind it."""
        found = look(self.window, _OUTERMOST if self.outermost else _STRAY, at)
        if found is not None and (found["headless"] or self._is_unit(found)):
            self.at = found.start("headless" if found["headless"] else "unit") + self.window.base
            return False
        self.at, self.ending = at, Ending.BRACKET
        return True

    def _entry(self, at: int) -> _Entry | None:
        """The entry at a place; None where it does not end as it should."""
        end = balanced(self.window, at, self._reach(at))
        if end <= at:
            return None
        raw = self.window.bytes(at, end)
        found = look(self.window, _AFTER, end)
        if found is None or found.lastgroup is None or (found.lastgroup == "stop" and not self.window.ended):
            return None
        following = found.end() + self.window.base
        whole = raw[:1] == b"{" and readable(raw)
        if not whole and self._swallowed(raw):
            return None
        if found["name"] is not None and not (whole and _says(raw, self.window.data, found.end())):
            return None
        return _Entry(end, found.lastgroup, following, whole)

    def _reach(self, at: int) -> int:
        """How far an entry is followed: one in which another begins is most likely broken."""
        self.window.floor = at
        self.window.reach(at + NEAR)
        begin = at - self.window.base
        near = any(self._is_unit(f) for f in _CANDIDATE.finditer(self.window.data, begin + 1, begin + NEAR))
        return min(NEAR, self.cap) if near else self.cap

    def _swallowed(self, raw: bytes) -> bool:
        return any(self._is_unit(found) for found in _CANDIDATE.finditer(raw, 1))

    def _lost(self, begin: int, line: int) -> Generator[Cut, None, bool]:
        """An entry that does not end: it is all up to where the next one begins, or the list ends."""
        found = self._candidate(begin + 1)
        end = found if found >= 0 else self._last_bracket(begin)
        self.at = end if end >= 0 else self.window.end
        self.ending = Ending.BRACKET if found < 0 <= end else Ending.STREAM
        stop = self.window.without_space(begin, self.at)
        if found >= 0 and self.window.bytes(stop - 1, stop) == b",":
            stop = self.window.without_space(begin, stop - 1)
        if stop > begin:
            yield from self._stretches.alone(begin, stop, line)
        else:
            yield from self._surplus(begin, line)
        self.at += self.ending is Ending.BRACKET
        return found < 0

    def _candidate(self, at: int) -> int:
        """Where the next unit begins that is told by a name which no object inside a unit says, or -1."""
        self.window.floor = at - 1
        while True:
            for found in _CANDIDATE.finditer(self.window.data, max(at - 1 - self.window.base, 0)):
                if self._is_unit(found):
                    return found.start("unit") + self.window.base
            at = max(at, self.window.end - GAP)
            self.window.floor = at - 1
            if not self.window.grow():
                return -1

    def _is_unit(self, found: re.Match[bytes]) -> bool:
        return found["sign"] in self.signs if self.signs else self._first in (found["unit"], b"")

    def _last_bracket(self, begin: int) -> int:
        """The bracket that ends the list whose last entry is broken: the last behind which all else can be read."""
        while self.window.grow():
            self.window.floor = max(begin, self.window.base, self.window.end - self.cap)
        at = len(self.window.data)
        for _ in range(TRIES):
            at = self.window.data.rfind(b"]", max(begin - self.window.base, 0), at)
            if at < 0 or self.ends(self.window.data[at + 1 :]):
                return at + self.window.base if at >= 0 else -1
        return -1

    def _looked(self, pattern: re.Pattern[bytes], at: int) -> bytes:
        found = look(self.window, pattern, at)
        return found[0] if found else b""


def _says(raw: bytes, data: bytes, at: int) -> bool:
    """Whether a unit says the name that stands behind it: then that is the next one, without its bracket."""
    name = _TEXT.match(data, at)
    return name is not None and name[0][1:-1] in names(raw)
