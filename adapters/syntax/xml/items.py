"""The units of one slice: parsed a hundred at a time, and one by one where a hundred fails.

The tree of a hundred lives as long as one of its items does; nothing here holds an earlier one.
"""

from collections.abc import Iterator, Sequence
from functools import cached_property

from lxml import etree

from adapters.syntax.xml.envelope import of_head, unreadable
from adapters.syntax.xml.faults import fault, finding
from adapters.syntax.xml.hint import id_hint
from adapters.syntax.xml.markup import NAME
from adapters.syntax.xml.namespaces import Namespaces
from adapters.syntax.xml.parse import hardened, parse
from adapters.syntax.xml.path import path
from adapters.syntax.xml.plain import Plain
from adapters.syntax.xml.units import adjacent, undisturbed, unit_tags
from gateway.findings import Finding
from gateway.mapping.plan import Plan
from gateway.mapping.protocols import Bad, Item, Limits, Opening, Scan, Slice, Span

HUNDRED = 100


def items(
    opening: Opening, at: Slice, data: bytes, plan: Plan, limits: Limits, scan: Scan | None = None
) -> Iterator[Item | Bad]:
    """Every unit of failure of a slice, in order; what `scan` understands of its text alone is not parsed."""
    reader = _Reader(opening, at, data, plan, limits)
    plain = Plain(opening, data, plan) if scan else None
    ordinal, waiting = at.ordinal, list[Span]()
    for span in _spans(at, data, limits):
        record = None
        if scan and plain and plain.fits and (text := plain.text(reader.raw(span))) is not None:
            record = scan(text)
        if record is None:
            waiting.append(span)
        if waiting and (record is not None or len(waiting) == HUNDRED):
            yield from reader.hundred(ordinal, waiting)
            ordinal, waiting = ordinal + len(waiting), []
        if record is not None:
            yield Item(ordinal, span, None, record=record)
            ordinal += 1
    if waiting:
        yield from reader.hundred(ordinal, waiting)


def _spans(at: Slice, data: bytes, limits: Limits) -> Iterator[Span]:
    """The place of every unit in the file. A slice of one is that one, whatever its bytes look like."""
    name = NAME.match(data)
    if at.items == 1 or name is None:
        yield Span(at.offset, at.length, at.line)
        return
    line, counted = at.line, 0
    tags = unit_tags(name[1])
    places = undisturbed(data, tags, at.items) or adjacent(data, 0, tags, limits.item_bytes, plain=True)
    for begin, end in places:
        line += data.count(b"\n", counted, begin)
        counted = begin
        yield Span(at.offset + begin, end - begin, line)


class _Reader:
    """What the units of one slice have in common."""

    def __init__(self, opening: Opening, at: Slice, data: bytes, plan: Plan, limits: Limits) -> None:
        self.opening = opening
        self.at = at
        self.data = data
        self.plan = plan
        self.limits = limits
        self.path = path(plan)
        self.parser = hardened()
        self.namespaces = Namespaces(plan, self.path)

    def hundred(self, ordinal: int, spans: Sequence[Span]) -> Iterator[Item | Bad]:
        units = self._parsed(spans)
        if units is None:
            for number, span in enumerate(spans, ordinal):
                yield self._one(number, span)
            return
        units.reverse()
        for number, span in enumerate(spans, ordinal):
            yield self._item(number, span, units.pop())

    def _parsed(self, spans: Sequence[Span]) -> list[etree._Element] | None:
        """The units of a stretch, or None where it cannot be read as a whole."""
        first, last = spans[0], spans[-1]
        try:
            units = self._units(self.data[first.offset - self.at.offset : last.offset + last.length - self.at.offset])
        except etree.XMLSyntaxError:
            return None
        return units if len(units) == len(spans) and self.namespaces.know(units) else None

    def _one(self, ordinal: int, span: Span) -> Item | Bad:
        raw = self.raw(span)
        try:
            units = self._units(raw)
        except etree.XMLSyntaxError as error:
            return self._bad(ordinal, span, self._fault(error, raw, span))
        if len(units) != 1:
            return self._bad(ordinal, span, finding("SRC222", span))
        if not self.namespaces.know(units):
            values = {"namespace": etree.QName(units[0]).namespace or ""}
            return self._bad(ordinal, span, finding("SRC209", span, values))
        return self._item(ordinal, span, units[0])

    def _fault(self, error: etree.XMLSyntaxError, raw: bytes, span: Span) -> Finding:
        if self._headless:
            return finding("SRC218", span)
        return fault(error, self.opening.head, raw, span) if self._begins(raw) else finding("SRC222", span)

    @cached_property
    def _headless(self) -> bool:
        """Whether what stands around the units cannot be read: then none of them can."""
        return unreadable(self.opening.head, self.opening.tail)

    def _units(self, raw: bytes) -> list[etree._Element]:
        root = parse(self.opening.head + raw + self.opening.tail, self.parser)
        self.namespaces.adopt(root)
        return self.path.units(root)

    def _item(self, ordinal: int, span: Span, unit: etree._Element) -> Item | Bad:
        begin = span.offset - self.at.offset
        equals = self.data.count(b"=", begin, begin + span.length)
        if code := self._excess(begin, begin + span.length, equals, unit):
            return self._bad(ordinal, span, finding(code, span))
        return Item(ordinal, span, unit, equals)

    def _excess(self, begin: int, end: int, equals: int, unit: etree._Element) -> str:
        """The code of the cap that a unit breaks; its tree is walked only where its bytes allow for that."""
        may_be_deep = self.data.count(b"/", begin, end) >= self.limits.depth - len(self.path.steps)
        if may_be_deep and _depth(unit) > self.limits.depth:
            return "SRC231"
        if (
            equals > self.limits.attributes
            and max(len(element.attrib) for element in unit.iter()) > self.limits.attributes
        ):
            return "SRC232"
        return ""

    def _begins(self, raw: bytes) -> bool:
        """Whether bytes begin with the start tag of a unit, be it damaged behind its name."""
        name = NAME.match(raw)
        return name is not None and self.path.fits(len(self.path.steps) - 1, name[1])

    def raw(self, span: Span) -> bytes:
        begin = span.offset - self.at.offset
        return self.data[begin : begin + span.length]

    def _bad(self, ordinal: int, span: Span, *found: Finding) -> Bad:
        return Bad(ordinal, span, found, id_hint(self.raw(span), self.plan))


def _depth(unit: etree._Element) -> int:
    """Depth of the deepest element, counted from the document."""
    above = sum(1 for _ in unit.iterancestors())
    deepest = depth = 0
    for event, _ in etree.iterwalk(unit, events=("start", "end")):
        depth += 1 if event == "start" else -1
        deepest = max(deepest, depth)
    return above + deepest


def outer(opening: Opening, plan: Plan) -> Item | Bad:
    """What stands around the units of an interchange: the element of the last step of `root` that is not the unit."""
    way = path(plan)
    if not way.record:
        return Item(0, opening.span, None)
    try:
        element = parse(opening.head + opening.tail)
    except etree.XMLSyntaxError as error:
        return Bad(None, opening.span, (of_head(opening, error),), interchange=opening.interchange)
    Namespaces(plan, way).adopt(element)
    for step in way.steps[1 : way.record]:
        *_, element = element.iterchildren(f"{{*}}{step.local}")
    return Item(0, opening.span, element)
