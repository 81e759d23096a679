"""What the grammar demands and knows: elements that must stand, their order, and texts that fit them."""

from collections.abc import Iterator

from gateway.findings.catalogue import text as message_of
from gateway.findings.finding import Finding
from gateway.mapping.faults import fault
from gateway.mapping.grammar import Node
from gateway.mapping.lint.subject import Subject, walk
from gateway.mapping.order import Order, filled, in_order, overruling
from gateway.mapping.plan import Attribute, Element, Slot, Value
from gateway.mapping.table import Line
from gateway.mapping.texts import fitting


def demands(subject: Subject) -> Iterator[Finding]:
    """The table against its grammar."""
    if subject.plan.writes:
        yield from _mandatory(subject, subject.document)
    for element in walk(subject.document):
        yield from _fits(subject, element, element.node, element.path, element.texts)
        for attribute in element.attributes:
            yield from _fits(subject, attribute, attribute.node, f"{element.path}/@{attribute.name}", attribute.slots)
    yield from _in_order(subject, subject.own.lines, subject.root.node)


def _mandatory(subject: Subject, element: Element) -> Iterator[Finding]:
    """Elements that the grammar wants wherever this one stands."""
    carried = {child.path.rpartition("/")[2] for child in element.children if _carries(subject, child)}
    carried |= {f"@{attribute.name}" for attribute in element.attributes}
    for node in element.node.children.values() if element.node else ():
        if node.least and node.name not in carried:
            yield fault("MAP117", subject.place(subject.row(element)), path=node.path)
    for child in element.children:
        yield from _mandatory(subject, child)


def _carries(subject: Subject, element: Element) -> bool:
    """Whether it can be written; a row that could not be understood is told already."""
    values = [value for inner in walk(element) for _, _, value in subject.slots(inner)]
    return not values or any(value.only != "read" for value in values)


def _fits(
    subject: Subject, holder: Element | Attribute, node: Node | None, path: str, slots: tuple[Slot, ...]
) -> Iterator[Finding]:
    """Texts that the table itself says must be ones that the element may hold."""
    if node is None:
        return
    if node.kind == "group" and slots and isinstance(holder, Element):
        yield fault("MAP144", subject.place(subject.value(slots[0]).row), path=path)
        return
    for slot in slots:
        value = subject.value(slot)
        if slot.role != "text" or value.pieces != (1,) or value.only == "read":
            continue
        for said in _said(value):
            number = value.numeric
            for trouble in fitting(said, node, number=number):
                problem = message_of(Finding(trouble.code, values=trouble.values))
                yield fault("MAP143", subject.place(value.row), text=said, path=path, problem=problem)
                break


def _said(value: Value) -> Iterator[str]:
    """Every text that a row writes whatever the record says."""
    yield from (text for text in (value.constant, value.default) if text)
    if value.codes is not None:
        yield from (code for code in value.codes.written.values() if code)


def _in_order(subject: Subject, lines: tuple[Line, ...], node: Node | None) -> Iterator[Finding]:
    """Rows stand as their elements do, so that the table can be read beside the schema; the fewest are told to move."""
    order = Order(node, subject.document.node)
    known = filled(subject.plan, subject.own.file)
    placed = [(rank, line) for line in lines if (rank := order.rank(line))]
    ranks = overruling([rank for rank, _ in placed], [known[line.place.line, line.key] for _, line in placed])
    ranked = [(rank, line) for rank, (_, line) in zip(ranks, placed, strict=True)]
    staying = in_order(ranks)
    for at, (rank, line) in enumerate(ranked):
        if at not in staying:
            before = [ranked[other] for other in staying if ranked[other][0] <= rank]
            _, other = max(before, key=lambda pair: pair[0]) if before else ranked[min(staying)]
            code = "MAP142" if before else "MAP156"
            yield fault(code, line.place, path=line.key, other=other.key, line=other.place.line)
    for line in lines:
        if line.lines:
            yield from _in_order(subject, line.lines, order.node(line))
