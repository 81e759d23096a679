"""What stands on the page of a format: its elements in the order of the message, each with what the table says of it.

No words yet: a line holds facts, `remarks` and `page` say them in a language.
"""

from collections.abc import Iterator
from typing import Literal

import msgspec

from gateway.findings.finding import Row
from gateway.mapping.grammar import Node
from gateway.mapping.plan import Attribute, Element, Plan, Slot, Test, Value
from gateway.model.dictionary import FieldInfo
from gateway.workbench.document.examples import Examples
from gateway.workbench.document.places import Place, place_of_list, places_of

Need = Literal["always", "within", "no"]
MANY_IDS = 3  # more ids than that are one for each role; which one is meant is not known


class Line(msgspec.Struct, frozen=True):
    """One element or attribute. Without a value it groups those below it; `role` says what it is of its value.

    `need`: it must stand always, or where the element around it stands (`within`).
    """

    path: str
    name: str
    depth: int
    node: Node | None
    least: int
    most: int | None
    need: Need
    row: Row | None
    value: Value | None = None
    role: str = "text"
    places: tuple[Place, ...] = ()
    lists: bool = False
    wco: tuple[str, ...] = ()
    examples: tuple[str, ...] = ()

    @property
    def field(self) -> FieldInfo | None:
        return self.places[0].field if self.places else None

    @property
    def format(self) -> str:
        """The form that the grammar asks for, else the model's."""
        if self.node is not None and self.node.format:
            return self.node.format
        return self.field.format if self.field and self.value and self.node is None else ""


class Outline(msgspec.Struct, frozen=True):
    """All lines of a format, and the elements of its grammar that no row carries."""

    plan: Plan
    lines: tuple[Line, ...]
    unused: tuple[Node, ...]

    def values(self) -> Iterator[Line]:
        """The lines that carry a value."""
        return (line for line in self.lines if line.value is not None)


def outline(plan: Plan, examples: Examples) -> Outline:
    """The outline of a table."""
    if plan.document is None:
        return Outline(plan, (), ())
    lines = tuple(_Lines(plan, examples).of(plan.document, 0, "always"))
    carried = {line.node.path for line in lines if line.node is not None}
    root = plan.document.node
    return Outline(plan, lines, tuple(_unused(root, carried)) if root is not None else ())


class _Lines:
    """The walk over the elements of a plan."""

    def __init__(self, plan: Plan, examples: Examples) -> None:
        self.plan, self.examples = plan, examples
        self.values = {value.number: value for value in plan.values}

    def of(self, element: Element, depth: int, around: Need) -> Iterator[Line]:
        need = _need(element.node, element.required, around)
        yield from self._element(element, depth, need)
        for attribute in element.attributes:
            yield from self._attribute(element, attribute, depth + 1, need)
        for child in element.children:
            yield from self.of(child, depth + 1, need)

    def _element(self, element: Element, depth: int, need: Need) -> Iterator[Line]:
        node, name = element.node, _named(element)
        least, most = (node.least, node.most) if node else (int(element.required), None if element.repeats else 1)
        bare = Line(element.path, name, depth, node, least, most, need, element.row, wco=_ids(node, ()))
        if element.opens is not None and not element.texts:
            yield msgspec.structs.replace(bare, places=(place_of_list(self.plan, element.opens),), lists=True)
        elif not element.texts:
            yield bare
        for slot in element.texts:
            yield self._with(bare, slot)

    def _attribute(self, element: Element, attribute: Attribute, depth: int, around: Need) -> Iterator[Line]:
        node = attribute.node
        need = _need(node, node is None and around != "no", around)
        least = node.least if node else 0
        path = f"{element.path}/@{attribute.name}"
        bare = Line(path, f"@{attribute.name}", depth, node, least, 1, need, element.row, wco=_ids(node, ()))
        return (self._with(bare, slot) for slot in attribute.slots)

    def _with(self, bare: Line, slot: Slot) -> Line:
        value = self.values[slot.value]
        places = tuple(place for ref in value.refs for place in places_of(self.plan, ref))
        return msgspec.structs.replace(
            bare,
            row=value.row,
            value=value,
            role=slot.role,
            need="always" if value.required and bare.need == "always" else bare.need,
            places=places,
            wco=_ids(bare.node, places if slot.role == "text" else ()),
            examples=self.examples.at(value.row, bare.path),
        )


def _need(node: Node | None, required: bool, around: Need) -> Need:
    if not (node.least if node is not None else required):
        return "no"
    return "always" if around == "always" else "within"


def _ids(node: Node | None, places: tuple[Place, ...]) -> tuple[str, ...]:
    """The grammar's ids; else the model's, where they are not one for each role."""
    if node is not None and node.wco_id:
        return tuple(node.wco_id.split())
    ids = places[0].field.wco if places and places[0].field else ()
    return ids if len(ids) <= MANY_IDS else ()


def _named(element: Element) -> str:
    """The element's own name with the conditions that tell it from others."""
    return element.name.rpartition(":")[2] + "".join(map(_condition, element.tests))


def _condition(test: Test) -> str:
    path = "/".join(step.rpartition("}")[2] for step in test.path) or "."
    if test.values:
        return f"[{path}={' | '.join(test.values)}]"
    return f"[{path}]" if test.present else f"[not {path}]"


def _unused(node: Node, carried: set[str]) -> Iterator[Node]:
    """The topmost elements of the grammar that no row carries."""
    for child in node.children.values():
        if child.path in carried:
            yield from _unused(child, carried)
        else:
            yield child
