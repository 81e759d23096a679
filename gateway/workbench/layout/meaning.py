"""Proof that two plans say the same, whatever the order and the places of their rows.

Values and scopes are numbered anew in the order of the document. Where rows fill one field or one list, their own order
says which is first: it must be the same too.
"""

from collections.abc import Iterator, Mapping
from typing import Any

import msgspec

from gateway.mapping.outer import slots
from gateway.mapping.plan import Element, Plan, Ref


def same(one: Plan, other: Plan) -> bool:
    """Whether two plans read and write the same."""
    return bool(meaning(one) == meaning(other))


def meaning(plan: Plan) -> Any:
    """A plan as plain data without lines and numbers of rows."""
    elements = list(_walk(plan.document)) if plan.document else []
    values = _numbers(slot.value for element in elements for _, slot in slots(element))
    scopes = {0: 0} | _numbers((element.opens for element in elements if element.opens is not None), 1)
    data = _without_rows(msgspec.to_builtins(plan, enc_hook=str))
    data["values"] = [_value(data["values"][old], values, scopes) for old in values]
    data["scopes"] = [_scope(data["scopes"][old], scopes) for old in scopes]
    data["document"] = _element(data["document"], values, scopes)
    data["checks"] = sorted(data["checks"])
    return data, _orders(plan, values, scopes)


def _numbers(olds: Iterator[int], first: int = 0) -> dict[int, int]:
    """New numbers in the order of first appearance."""
    found: dict[int, int] = {}
    for old in olds:
        found.setdefault(old, first + len(found))
    return found


def _walk(element: Element) -> Iterator[Element]:
    yield element
    for child in element.children:
        yield from _walk(child)


def _without_rows(data: Any) -> Any:
    if isinstance(data, dict):
        return {key: _without_rows(value) for key, value in data.items() if key != "row"}
    return [_without_rows(one) for one in data] if isinstance(data, (list, tuple)) else data


def _value(data: dict[str, Any], values: Mapping[int, int], scopes: Mapping[int, int]) -> dict[str, Any]:
    refs = [{**ref, "scope": scopes.get(ref["scope"], -1)} for ref in data["refs"]]
    return {**data, "number": values[data["number"]], "scope": scopes.get(data["scope"], -1), "refs": refs}


def _scope(data: dict[str, Any], scopes: Mapping[int, int]) -> dict[str, Any]:
    return {**data, "number": scopes[data["number"]], "parent": scopes.get(data["parent"], -1)}


def _element(data: dict[str, Any] | None, values: Mapping[int, int], scopes: Mapping[int, int]) -> Any:
    if data is None:
        return None
    attributes = [{**one, "slots": [_slot(slot, values) for slot in one["slots"]]} for one in data["attributes"]]
    return {
        **data,
        "opens": None if data["opens"] is None else scopes[data["opens"]],
        "texts": [_slot(slot, values) for slot in data["texts"]],
        "attributes": sorted(attributes, key=lambda one: str(one["name"])),
        "children": [_element(child, values, scopes) for child in data["children"]],
    }


def _slot(data: dict[str, Any], values: Mapping[int, int]) -> dict[str, Any]:
    return {**data, "value": values[data["value"]]}


def _orders(plan: Plan, values: Mapping[int, int], scopes: Mapping[int, int]) -> dict[Any, list[Any]]:
    """By field or list of the model: the rows that fill it, in their own order."""
    found: dict[Any, list[Any]] = {}
    for value in plan.values:
        for ref in (*value.refs[:1], *value.along):
            if ref is not None and value.number in values:
                found.setdefault((scopes.get(ref.scope), *_filled(ref)), []).append(values[value.number])
    for scope in plan.scopes[1:]:
        if scope.number in scopes and scope.parent is not None:
            way = _filled(Ref(scope.parent, scope.hops, scope.field))
            found.setdefault((scopes.get(scope.parent), *way), []).append(("scope", scopes[scope.number]))
    return {where: rows for where, rows in found.items() if len(rows) > 1}


def _filled(ref: Ref) -> tuple[str, ...]:
    """The field a row fills, or the list in which it makes an entry."""
    names = []
    for hop in ref.hops:
        names.append(hop.names[0])
        if hop.entry:
            return tuple(names)
    return (*names, ref.field, ref.key)
