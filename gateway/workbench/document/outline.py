"""What stands on the page of a format: its elements in the order of the message, and those that no row carries."""

from collections.abc import Iterable, Iterator, Mapping
from types import MappingProxyType

import msgspec

from gateway.findings.finding import Row
from gateway.mapping.grammar import Node
from gateway.mapping.places import Place, place_of_list, places_of
from gateway.mapping.plan import Attribute, Element, Plan, Slot, Test
from gateway.mapping.table import Line as TableLine
from gateway.mapping.table import Table
from gateway.workbench.document.examples import Examples
from gateway.workbench.document.line import Line, Need, Outline

Notes = Mapping[Row, str]
MANY_IDS = 3  # more ids than that are one for each role; which one is meant is not known


def outline(plan: Plan, examples: Examples, notes: Notes = MappingProxyType({})) -> Outline:
    """The outline of a table; `notes` are what its rows say of themselves."""
    if plan.document is None:
        return Outline(plan, (), ())
    lines = tuple(_Lines(plan, examples, notes).of(plan.document, 0, "always"))
    carried = {line.node.order for line in lines if line.node is not None}
    unused = _unused(plan.document.node, carried) if plan.document.node is not None else ()
    return Outline(plan, lines, tuple({node.order: node for node in unused}.values()))


def notes_of(table: Table) -> Notes:
    """The notes of a table's rows; in a plan only those of values are left."""
    return dict(_notes(table.lines))


def _notes(lines: Iterable[TableLine]) -> Iterator[tuple[Row, str]]:
    for line in lines:
        if note := line.text("note"):
            yield line.place.row(), note
        yield from _notes(line.lines or ())


class _Lines:
    """The walk over the elements of a plan."""

    def __init__(self, plan: Plan, examples: Examples, notes: Notes) -> None:
        self.plan, self.examples, self.notes = plan, examples, notes
        self.values = {value.number: value for value in plan.values}

    def of(self, element: Element, depth: int, around: Need, told: str = "") -> Iterator[Line]:
        """An element and all below it; `told` is the path of the one that conditions tell from its like."""
        need = _need(element.node, element.required, around)
        told = element.path if element.tests else told
        yield from self._element(element, depth, need, told)
        for attribute in element.attributes:
            yield from self._attribute(element, attribute, depth + 1, need)
        for child in element.children:
            yield from self.of(child, depth + 1, need, told)

    def _element(self, element: Element, depth: int, need: Need, told: str) -> Iterator[Line]:
        node, name = element.node, _named(element)
        least, most = (node.least, node.most) if node else (int(element.required), None if element.repeats else 1)
        note = self.notes.get(element.row, "") if element.row and not element.texts else ""
        bare = Line(element.path, name, depth, node, least, most, need, element.row, wco=_ids(node, ()), note=note)
        if element.opens is not None and not element.texts:
            place = place_of_list(self.plan, element.opens)
            yield msgspec.structs.replace(bare, places=(place,), lists=True)
        elif not element.texts:
            yield msgspec.structs.replace(bare, aside=element.aside)
        for slot in element.texts:
            yield self._with(bare, slot, told)

    def _attribute(self, element: Element, attribute: Attribute, depth: int, around: Need) -> Iterator[Line]:
        node = attribute.node
        need = _need(node, node is None and around != "no", around)
        least = node.least if node else 0
        path = f"{element.path}/@{attribute.name}"
        bare = Line(path, f"@{attribute.name}", depth, node, least, 1, need, element.row, wco=_ids(node, ()))
        return (self._with(bare, slot) for slot in attribute.slots)

    def _with(self, bare: Line, slot: Slot, told: str = "") -> Line:
        value = self.values[slot.value]
        sibling = slot.piece + 1 if told and value.pieces[slot.choice] > 1 else 0  # pieces told apart by conditions
        places = tuple(place for ref in value.refs for place in places_of(self.plan, ref))
        return msgspec.structs.replace(
            bare,
            row=value.row,
            value=value,
            role=slot.role,
            need="always" if value.required and bare.need == "always" else bare.need,
            places=places,
            wco=_ids(bare.node, places if slot.role == "text" else ()),
            examples=self.examples.at(value.row, bare.path, sibling, bare.path[len(told) :].count("/")),
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


def _unused(node: Node, carried: set[int]) -> Iterator[Node]:
    """The topmost elements of the grammar that no row carries."""
    for child in node.children.values():
        if child.order in carried:
            yield from _unused(child, carried)
        else:
            yield child
