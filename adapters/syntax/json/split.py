"""A file cut at bytes: documents, in them the way to the list of units, in it stretches of whole units.

One document or several, one behind the other; one that is itself a list holds units. Only what stands around the units
is kept, so that memory does not grow with the file.
"""

import re
from collections.abc import Generator, Iterator
from typing import BinaryIO

import msgspec

from adapters.syntax.json.brackets import SPACE, TEXT, after, balanced, look
from adapters.syntax.json.envelope import Event, Frame, Interchanges
from adapters.syntax.json.faults import Fault
from adapters.syntax.json.guard import BOM
from adapters.syntax.json.lines import is_lines, lines
from adapters.syntax.json.run import Ending, Run
from adapters.syntax.json.skim import readable
from adapters.syntax.json.stretches import Cut
from adapters.syntax.json.way import Way, way
from adapters.syntax.window import Window
from gateway.mapping.plan import Plan
from gateway.mapping.protocols import Limits, Span

_NAME = re.compile(rb"(" + TEXT + rb")[ \t\r\n]*+:[ \t\r\n]*+")
_NEXT = re.compile(rb"[ \t\r\n]*+(?:(?P<next>,)[ \t\r\n]*+|(?P<end>[}\]]))")
_DOCUMENT = re.compile(rb"\n[ \t\r]*+(?=[{\[])")
_STRING = msgspec.json.Decoder(str)


def slices(stream: BinaryIO, plan: Plan, size: int, limits: Limits) -> Iterator[Event]:
    """Openings, slices of at most `size` units, closings, in the order of the file."""
    return _Splitter(Window(stream), way(plan), size, limits).events()


class _Splitter:
    """Each walk takes where something begins, hands out what is ready, and gives where it ends."""

    def __init__(self, window: Window, path: Way, size: int, limits: Limits) -> None:
        self.window, self.path, self.size, self.limits = window, path, size, limits
        self.found = Interchanges(limits)

    def events(self) -> Iterator[Event]:
        at = self.space(0)
        if self.window.bytes(at, at + len(BOM)) == BOM:
            at = self.space(at + len(BOM))
        if at == self.window.end:
            yield from self.found.close(Span(0, at, 1))
        elif self.path.alone and self.sign(at) == b"{":
            yield from self.objects(at)
        else:
            while at < self.window.end and not self.found.refused:
                at = yield from self.document(at)
        yield from self.found.finish()

    # documents

    def objects(self, at: int) -> Iterator[Event]:
        """Each document is a unit: an object a line, or objects one behind the other."""
        begin = at
        self.found.enter((), b"")
        cuts = lines(self.window, at, self.size, self.limits.item_bytes)
        if not is_lines(self.window, at, self.limits.item_bytes):
            cuts = self.one_by_one(at)
        yield from self.taken(cuts)
        if not self.found.refused:
            yield from self.found.close(Span(begin, self.window.end - begin, 1))

    def one_by_one(self, at: int) -> Iterator[Cut]:
        while at < self.window.end:
            line, end = self.window.line(at), balanced(self.window, at, self.limits.item_bytes)
            if end < 0:
                end = self.next_document(at)
                yield Cut(at, self.window.without_space(at, end), line)
            else:
                yield Cut(at, end, line)
            at = self.space(end)

    def next_document(self, at: int) -> int:
        """Where a line begins with a bracket, as the lines of a document do not."""
        at += 1
        while True:
            self.window.floor = at
            if found := _DOCUMENT.search(self.window.data, at - self.window.base):
                return found.end() + self.window.base
            at = max(at, self.window.end - 1)
            if not self.window.grow():
                return self.window.end

    def document(self, at: int) -> Generator[Event, None, int]:
        """A list of units, or an object with the way to them."""
        place = Span(at, 0, self.window.line(at))
        try:
            end = yield from self.whole(at)
        except Fault as fault:
            yield from self.broken(fault, place)
            return self.window.end
        if not self.found.refused:
            yield from self.found.close(Span(at, end - at, place.line))
        return self.space(end)

    def whole(self, at: int) -> Generator[Event, None, int]:
        sign = self.sign(at)
        if sign == b"[" and self.path.alone:
            return (yield from self.units(at + 1, ()))
        if sign not in {b"{", b"["} or self.path.alone:
            raise Fault("SRC522", at)
        return (yield from self.inside(at, self.path.names, ()))

    def broken(self, fault: Fault, place: Span) -> Iterator[Event]:
        """An envelope that cannot be followed: its units, if any stand before the fault, are read all the same."""
        if self.found.refused:
            return
        line = self.window.line(max(fault.at, self.window.base))
        here = Span(fault.at, 0, line)
        if self.found.holds_units:
            self.found.note("SRC521" if fault.code == "SRC504" else "SRC524", here)
            yield from self.found.close(Span(place.offset, self.window.end - place.offset, place.line))
        elif fault.code == "SRC522" and self.found.waits:
            self.found.note(fault.code, here)
        elif fault.code == "SRC212":
            yield self.found.refuse(fault.code, here, **fault.values)
        else:
            column = fault.at - self.window.base - self.window.data.rfind(b"\n", 0, fault.at - self.window.base)
            yield self.found.refuse("SRC520", here, line=str(line), column=str(column))

    # the way to the units

    def inside(self, at: int, names: tuple[str, ...], around: tuple[Frame, ...]) -> Generator[Event, None, int]:
        """What a name on the way leads to: an object to go on in, or a list of such."""
        if self.sign(at) == b"{":
            return (yield from self.members(at, names, around))
        at = self.space(at + 1)
        while self.sign(at) != b"]":
            if self.sign(at) != b"{":
                at = self.passed(at)
            else:
                at = yield from self.members(at, names, (*around, Frame(b"[", b"]")))
            at, ended = self.separator(at, b"]")
            if ended:
                return at
        return at + 1

    def members(self, at: int, names: tuple[str, ...], around: tuple[Frame, ...]) -> Generator[Event, None, int]:
        frame = Frame(b"{", b"}", [], b"", [])
        beside, at = frame.before, self.space(at + 1)
        if self.sign(at) == b"}":
            return at + 1
        while True:
            begin, here = at, look(self.window, _NAME, at)
            if here is None:
                raise Fault("SRC520" if at < self.window.end else "SRC504", at)
            name, at = here[1], here.end() + self.window.base
            sign = self.sign(at)
            if self.said(name) == names[0] and sign in {b"{", b"["}:
                frame.entered = name + b": "
                if len(names) > 1:
                    at = yield from self.inside(at, names[1:], (*around, frame))
                elif sign == b"[":
                    at = yield from self.units(at + 1, (*around, frame))
                else:
                    at = yield from self.unit(at, (*around, frame))
                beside = frame.after
            else:
                at = self.passed(at)
                beside.append(self.window.bytes(begin, at))
                if sum(each.size for each in (*around, frame)) > self.limits.item_bytes:
                    raise Fault("SRC212", begin, limit=self.limits.item_bytes)
            at, ended = self.separator(at, b"}")
            if ended:
                return at

    def said(self, name: bytes) -> str:
        try:
            return _STRING.decode(name)
        except (msgspec.DecodeError, UnicodeDecodeError):
            return ""

    def passed(self, at: int) -> int:
        """Behind a value that is not on the way."""
        end = balanced(self.window, at, self.limits.item_bytes)
        if end < 0:
            raise Fault("SRC520" if not self.window.ended or self.sign(at) else "SRC504", at)
        return end

    def separator(self, at: int, bracket: bytes) -> tuple[int, bool]:
        """Behind the comma, or behind the last bracket."""
        found = look(self.window, _NEXT, at)
        if found is None or (found["end"] or bracket) != bracket:
            raise Fault("SRC504" if self.space(at) == self.window.end else "SRC520", at)
        return found.end() + self.window.base, found["end"] is not None

    # units

    def units(self, at: int, around: tuple[Frame, ...]) -> Generator[Event, None, int]:
        self.found.enter(around)
        cap, ends = self.limits.item_bytes, self.ends(around)
        run = Run(self.window, at, self.size, cap, self.path.signs, ends, outermost=not around)
        yield from self.taken(run.cuts())
        for comma in run.commas:
            self.found.note("SRC523", comma)
        if run.ending is Ending.STREAM or self.found.refused:
            raise Fault("SRC504", run.at)
        return run.at

    def ends(self, around: tuple[Frame, ...]) -> "_Ends":
        return _Ends(b"".join(frame.head() for frame in around) + b"[]")

    def unit(self, at: int, around: tuple[Frame, ...]) -> Generator[Event, None, int]:
        """An object where a list of units could stand."""
        self.found.enter(around, b"")
        line, end = self.window.line(at), balanced(self.window, at, self.limits.item_bytes)
        if end < 0:
            raise Fault("SRC520", at)
        yield from self.taken(iter((Cut(at, end, line),)))
        return end

    def taken(self, cuts: Iterator[Cut]) -> Iterator[Event]:
        """Cuts into the interchange; too many of them end the file."""
        for cut in cuts:
            self.found.add(cut)
            if self.found.full:
                yield self.found.refuse("SRC214", Span(cut.begin, 0, cut.line), limit=str(self.limits.items))
                return

    # the window

    def space(self, at: int) -> int:
        return after(self.window, SPACE, at)

    def sign(self, at: int) -> bytes:
        self.window.reach(at + 1)
        return self.window.bytes(at, at + 1)


class _Ends:
    """Whether bytes may stand behind the list of units: the rest of a document that began as its head says."""

    def __init__(self, head: bytes) -> None:
        self.head = head

    def __call__(self, rest: bytes) -> bool:
        return readable(self.head + rest)
