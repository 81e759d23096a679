"""Records as text: objects and lists as the table and its grammar say, indented by two spaces.

What stands in a value is said by the grammar's column `kind`: `string`, `number`, `boolean` or `object`; behind
`array ` each entry of a list, with `|null` what is written as `null` where nothing is said. Where the grammar says
nothing (or there is none) the model decides: weights, amounts, counts and other numbers are numbers, flags are `true`
and `false`, all else is text; what may repeat is a list. A text that is no number is text, whatever is said of it.

Source: RFC 8259.
"""

import re
from collections.abc import Iterable, Iterator

import msgspec

from adapters.syntax.json.way import way
from gateway.mapping.body import MARK, Body
from gateway.mapping.grammar import Node
from gateway.mapping.plan import Element, Plan

INDENT = "  "
_NUMBER = re.compile(r"-?(?:0|[1-9][0-9]*)(?:\.[0-9]+)?(?:[eE][+-]?[0-9]+)?")
_LITERALS = {"true", "false", "null"}
_NUMBERS = {"number", "measure", "amount", "count"}


def written(body: Body, plan: Plan) -> str:
    """One document, or one unit of a list in its document."""
    path, pen = way(plan), _Pen(plan)
    if not plan.unit:
        return pen.value(body, (plan.document,) if plan.document else (), 0) + "\n"
    elements: tuple[Element, ...] = (plan.document,) if plan.document else ()
    for name in path.names:
        elements = _below(elements, name)
    return pen.value(body, elements, len(path.names) + 1)


def frame(body: Body | None, units: Iterable[str], plan: Plan) -> Iterator[bytes]:
    """The document around units, as they come; without one they are a list."""
    text = _Pen(plan).value(body, (plan.document,) if plan.document else (), 0) if body is not None else f"[{MARK}]"
    head, _, tail = text.partition(MARK)
    yield head.encode()
    comma, level = "", len(way(plan).names) + 1
    for unit in units:
        yield f"{comma}\n{INDENT * level}{unit.rstrip()}".encode()
        comma = ","
    yield f"\n{INDENT * (level - 1)}{tail}\n".encode()


def kinds(element: Element, plan: Plan) -> str:
    """What stands in a value: what the grammar says, else what the model does."""
    said = _said(element.node)
    if said:
        return said
    value = next((plan.values[slot.value] for slot in element.texts), None)
    if value is None or value.codes is not None or value.converter or value.kind not in {*_NUMBERS, "flag"}:
        return "string"
    own = next((slot.role for slot in element.texts), "text")
    return "string" if own != "text" else "boolean" if value.kind == "flag" else "number"


def _said(node: Node | None) -> str:
    said = node.kind.removeprefix("array").strip().removesuffix("|null") if node else ""
    return said if said in {"string", "number", "boolean"} else ""


class _Pen:
    """Writes values; each takes the elements of the table that it may be."""

    def __init__(self, plan: Plan) -> None:
        self.plan = plan

    def value(self, body: Body, elements: tuple[Element, ...], level: int) -> str:
        if body.children or not any(element.texts for element in elements):
            return self.object(body, elements, level)
        return _literal(body.text or "", kinds(elements[0], self.plan))

    def object(self, body: Body, elements: tuple[Element, ...], level: int) -> str:
        space = INDENT * (level + 1)
        members = [f"{space}{_text(name)}: {text}" for name, text in self.members(body, elements, level + 1)]
        return "{\n" + ",\n".join(members) + f"\n{INDENT * level}}}" if members else "{}"

    def members(self, body: Body, elements: tuple[Element, ...], level: int) -> Iterator[tuple[str, str]]:
        """Each name with its value, in the order they are written in; what is null among them where it belongs."""
        found: dict[str, list[Body]] = {}
        for child in body.children:
            found.setdefault(child.tag, []).append(child)
        known = elements[0].node.children if elements and elements[0].node else {}
        order = {name: node.order for name, node in known.items()}
        nothing = [name for name, node in known.items() if node.kind.endswith("|null") and name not in found]
        for name in sorted([*found, *nothing], key=lambda name: order.get(name, -1)) if nothing else found:
            if name == MARK:
                yield way(self.plan).unit, f"[{MARK}]"
            elif name in found:
                yield name, self.member(found[name], _below(elements, name), level)
            else:
                yield name, "null"

    def member(self, bodies: list[Body], elements: tuple[Element, ...], level: int) -> str:
        """One value, or a list."""
        if not any(_is_list(element) for element in elements):
            return self.value(bodies[0], elements, level)
        space = INDENT * (level + 1)
        entries = [space + self.value(body, elements, level + 1) for body in bodies]
        return "[\n" + ",\n".join(entries) + f"\n{INDENT * level}]"


def _is_list(element: Element) -> bool:
    return element.repeats or (element.node is not None and element.node.kind.startswith("array"))


def _below(elements: tuple[Element, ...], name: str) -> tuple[Element, ...]:
    """What a name may be: several where predicates tell them apart."""
    return tuple(child for element in elements for child in element.children if child.name == name)


def _literal(text: str, kind: str) -> str:
    if (kind == "number" and _NUMBER.fullmatch(text)) or (kind == "boolean" and text in _LITERALS):
        return text
    return _text(text)


def _text(text: str) -> str:
    return msgspec.json.encode(text).decode()
