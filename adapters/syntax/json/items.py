"""The units of one slice: each with its value, or with what is wrong with it."""

from collections.abc import Iterator

from adapters.syntax.json.faults import Fault, fault
from adapters.syntax.json.hint import id_hint
from adapters.syntax.json.lines import spans
from adapters.syntax.json.node import Node
from adapters.syntax.json.parse import DEEPEST, parse
from adapters.syntax.json.skim import raws_of, separated
from adapters.syntax.json.unit import unit
from adapters.syntax.json.way import way
from gateway.mapping.plan import Plan
from gateway.mapping.protocols import Bad, Item, Leaf, Limits, Opening, Slice, Span

WIDE = Limits(depth=DEEPEST)
"""What was read once is read again, whatever the limits of its sender."""


def items(opening: Opening, at: Slice, data: bytes, plan: Plan, limits: Limits) -> Iterator[Item | Bad]:
    """Every unit of failure of a slice, in order."""
    path, around = way(plan), _around(opening, plan)
    line, counted = at.line, 0
    for ordinal, (begin, end) in enumerate(_places(opening, at, data), at.ordinal):
        line += data.count(b"\n", counted, begin)
        counted = begin
        span, raw = Span(at.offset + begin, end - begin, line), data[begin:end]
        try:
            yield Item(ordinal, span, unit(raw, path.unit, around, limits), 0)
        except Fault as found:
            yield Bad(ordinal, span, (fault(found, raw, span),), id_hint(raw, plan))


def _places(opening: Opening, at: Slice, data: bytes) -> Iterator[tuple[int, int]]:
    """Begin and end of every unit in the bytes of a slice."""
    if at.items == 1:
        yield 0, len(data)
    elif opening.head.endswith(b"["):
        yield from separated(data, raws_of(data) or [], 0)
    else:
        yield from spans(data, 0, len(data))


def outer(opening: Opening, plan: Plan) -> Item | Bad:
    """What stands around the units of an interchange: the object that the last step of `root` leads to."""
    if not plan.unit:
        return Item(0, opening.span, None)
    try:
        node = parse(opening.head + opening.tail, way(plan).document, WIDE).root
    except Fault as found:
        return Bad(None, opening.span, (fault(found, opening.head, opening.span),))
    for step in plan.root[1:]:
        node = next(child for child in node if child.tag == step.local)
    return Item(0, opening.span, node, 0)


def _around(opening: Opening, plan: Plan) -> Node | None:
    """The object that holds the list of units, where one does."""
    names = way(plan).names
    if not names:
        return None
    try:
        node = parse(opening.head + opening.tail, way(plan).document, WIDE).root
    except Fault:
        return None
    for name in names[:-1]:
        node = next((child for child in node if child.tag == name), node)
    return node


def leaves(item: Item, data: bytes, plan: Plan) -> Iterator[Leaf]:
    """Every value of a unit with its place; of an item numbered 0, of what stands around the units."""
    path = way(plan)
    if item.ordinal:
        yield from _leaves(data, path.unit, item.span)
    elif path.names:
        yield from _leaves(data, path.document, Span(0, len(data), 1))


def _leaves(data: bytes, name: str, span: Span) -> Iterator[Leaf]:
    line, counted = span.line, 0
    for steps, node in parse(data, name, WIDE).root.leaves():
        line += data.count(b"\n", counted, node.begin)
        counted = node.begin
        yield Leaf(steps, Span(span.offset + node.begin, node.end - node.begin, line), node.text or "")
