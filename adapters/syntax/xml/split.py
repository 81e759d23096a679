"""A file cut at bytes: interchanges, and in them slices of whole units, at constant memory.

The splitter walks from tag to tag around the units and jumps from unit to unit inside a run of them. It parses no unit.
Whatever is wrong with one ends where the next begins or the element around it ends, so that a fault costs the unit it
is in.
"""

from collections.abc import Callable, Iterator, Mapping
from typing import BinaryIO

from adapters.syntax.window import Window
from adapters.syntax.xml.cuts import Cut, Cutter
from adapters.syntax.xml.envelope import Frame
from adapters.syntax.xml.gap import Gap, Mark
from adapters.syntax.xml.interchanges import Event, Interchanges
from adapters.syntax.xml.markup import find_end, local
from adapters.syntax.xml.path import Path, path
from adapters.syntax.xml.scan import Kind, Token, scan
from gateway.mapping.plan import Plan
from gateway.mapping.protocols import Limits, Span


def slices(stream: BinaryIO, plan: Plan, size: int, limits: Limits) -> Iterator[Event]:
    """Openings, slices of at most `size` units, closings, in the order of the file."""
    way = path(plan)
    found = Interchanges(way.record, limits)
    splitter = _Splitter(stream, way, size, limits, found)
    while not (splitter.done or found.refused):
        splitter.step()
        yield from found.ready
        found.ready.clear()


class _Splitter:
    """Where the walk is: `frames` are the open elements on the way to the units, `gap` is what stands beside it."""

    def __init__(self, stream: BinaryIO, way: Path, size: int, limits: Limits, found: Interchanges) -> None:
        self.window = Window(stream)
        self.way = way
        self.limits = limits
        self.found = found
        self.done = False
        self._alone = len(way.names) == 1  # the document element is the unit
        self._cutter = Cutter(self.window, 1 if self._alone else size, limits.item_bytes, strict=not way.nests)
        self._at = 0
        self._document = b""  # name of the document element, once it has begun
        self._frames = [Frame(b"", b"", Span(0, 0, 1))]
        self._gap = Gap(way.inside)
        self._closes = 0  # up to where the outermost element of the gap is known to go on
        self._steps: Mapping[Kind, Callable[[Token], None]] = {
            Kind.START: self._start,
            Kind.EMPTY: self._start,
            Kind.END: self._finish,
            Kind.ASIDE: self._aside,
            Kind.CDATA: self._keep,
            Kind.DOCTYPE: self._doctype,
            Kind.BROKEN: self._wreck,
            Kind.STOP: self._stop,
        }

    def step(self) -> None:
        """Take one piece of markup, or one run of units."""
        self.window.floor = self._at
        token = scan(self.window, self._at, self.limits.item_bytes)
        if self._over and (token.text >= 0 or token.kind not in {Kind.ASIDE, Kind.STOP}):
            if local(token.name) == self._document and token.kind is not Kind.END:
                self.found.refuse("SRC217", self._place(token.begin))
                return
            self._note("SRC215", token.begin if token.text < 0 else token.text)
            token = Token(Kind.STOP, token.begin, token.begin, b"", -1)
        self._text(token)
        self._at = token.end
        self._steps[token.kind](token)

    @property
    def _over(self) -> bool:
        """Whether the document element has ended."""
        return bool(self._document) and len(self._frames) == 1

    @property
    def _among_units(self) -> bool:
        return len(self._frames) == len(self.way.names)

    @property
    def _around(self) -> tuple[bytes, ...]:
        return tuple(frame.name for frame in self._frames[1:])

    # markup

    def _start(self, token: Token) -> None:
        if self._gap.open:
            unit = self._among_units and local(token.name) == self.way.unit
            if unit and not self._gap_closes(token.begin):
                self._lose(token, token.begin)
            else:
                self._enter(token)
        elif self.way.fits(len(self._frames) - 1, token.name):
            (self._run if self._among_units else self._descend)(token)
        elif self.found and local(token.name) == self.way.names[self.way.record - 1]:
            self._note("SRC211", token.begin)  # the end tag of the interchange before
            self._ascend(self.way.record)
            self._start(token)
        else:
            self._gap.element(token.name, self._mark(token.begin))
            self._enter(token)

    def _finish(self, token: Token) -> None:
        inner = self._gap.open
        if inner and inner[-1] == token.name:
            inner.pop()
            self._keep(token)
        elif inner and self._among_units:
            self._lose(token, token.begin)
        elif token.name in inner:
            del inner[inner.index(token.name) :]
            self._keep(token)
        elif token.name in self._around:
            inner.clear()
            if token.name != self._frames[-1].name:
                self._note("SRC211", token.begin)
            self._ascend(1 + self._around.index(token.name))
        else:
            self._wreck(token)

    def _aside(self, token: Token) -> None:
        if self._gap.open or (not self._document and self.window.bytes(token.begin, token.begin + 6) == b"<?xml "):
            self._keep(token)

    def _doctype(self, token: Token) -> None:
        if self._among_units and not self._alone:
            self._wreck(token)
        else:
            self.found.refuse("SRC202", self._place(token.begin))

    def _wreck(self, token: Token) -> None:
        """Markup that fits nothing: among units it is part of one, in a head it stays, elsewhere it is left out."""
        if self._among_units:
            self._lose(token, token.end)
        elif len(self._frames) > self.way.record:
            self._keep(token)
        else:
            self._note("SRC215", token.begin)
            self._at = self._cutter.resume(token.end, self.way.names[self.way.record - 1], self._around)

    def _stop(self, token: Token) -> None:
        if len(self._frames) > 1:
            self._note("SRC211", token.begin)
        self._ascend(1)
        if not self.way.record:
            self.found.close(Span(0, token.end, 1))
        self.found.finish(Span(0, token.end, 1))
        self.done = True

    # what stands around the units

    def _text(self, token: Token) -> None:
        """Text before a piece of markup; white space on the way to the units says nothing."""
        if self._gap.open or token.text >= 0:
            if not self._gap.open:
                self._gap.text(self._mark(token.text))
            self._add(self._at, token.begin)

    def _keep(self, token: Token) -> None:
        self._add(token.begin, token.end)

    def _add(self, begin: int, end: int) -> None:
        outside = self._frames[-1].outside
        outside += self.window.bytes(begin, end)
        if len(outside) > self.limits.item_bytes:
            self.found.refuse("SRC212", self._place(begin), limit=str(self.limits.item_bytes))

    def _enter(self, token: Token) -> None:
        """An element beside the way to the units."""
        if token.kind is Kind.START:
            self._gap.open.append(token.name)
        self._keep(token)

    def _descend(self, token: Token) -> None:
        """One step nearer to the units."""
        tag = self.window.bytes(token.begin, token.end)
        empty = token.kind is Kind.EMPTY
        self._frames.append(Frame(token.name, tag[:-2] + b">" if empty else tag, self._place(token.begin)))
        self._document = self._document or local(token.name)
        self._gap.clear()
        if empty:
            self._ascend(len(self._frames) - 1)

    def _ascend(self, depth: int) -> None:
        """Close the open elements from the innermost up to this depth."""
        while len(self._frames) > depth:
            if self._among_units:
                self.found.leave()
            begun = self._frames.pop().place
            if len(self._frames) == self.way.record:
                self.found.close(Span(begun.offset, self._at - begun.offset, begun.line))

    # units

    def _run(self, token: Token) -> None:
        for cut in self._cutter.cuts(token.begin, token.name, self._around):
            self.found.add(cut, self._frames)
            self._at = cut.end
            if self._alone or self.found.refused:
                break
        self._document = self._document or local(token.name)
        self._gap.clear()

    def _lose(self, token: Token, at: int) -> None:
        """Nothing makes sense until a unit begins or what is around it ends, from `at` on: that counts as one unit."""
        mark = self._gap.wreckage(self._mark(token.begin), end_tag=token.kind is Kind.END)
        self._at = self._cutter.resume(at, self.way.unit, self._around)
        del self._frames[-1].outside[mark.kept :]
        self.found.add(Cut(mark.offset, self.window.without_space(mark.offset, self._at), mark.line), self._frames)
        self._gap.clear()

    def _gap_closes(self, at: int) -> bool:
        """Whether the element beside the units that we are in has an end tag: if so, a unit's name in it is a name."""
        if at >= self._closes:
            self.window.reach(at + self.limits.item_bytes)
            begin = at - self.window.base
            found, _ = find_end(self.window.data, b"</" + self._gap.open[0], begin, begin + self.limits.item_bytes)
            self._closes = found + self.window.base if found >= 0 else 0
        return at < self._closes

    # places

    def _mark(self, offset: int) -> Mark:
        return Mark(offset, self.window.line(offset), len(self._frames[-1].outside))

    def _place(self, offset: int) -> Span:
        return Span(offset, 0, self.window.line(offset))

    def _note(self, code: str, offset: int) -> None:
        self.found.note(code, self._place(offset))
