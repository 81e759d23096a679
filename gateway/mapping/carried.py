"""What a table carries: each element or attribute of the message with the row that carries it and the model's field."""

from collections.abc import Iterator

from gateway.mapping.plan import Element, Plan, Value


def carried(plan: Plan) -> Iterator[tuple[str, Value]]:
    """Every row's element or attribute (`item/value/@currency`) with the row's value, in the order of the document."""
    by_number = {value.number: value for value in plan.values}

    def below(element: Element) -> Iterator[tuple[str, Value]]:
        slots = [(element.path, slot) for slot in element.texts]
        slots += [(f"{element.path}/@{a.name}", slot) for a in element.attributes for slot in a.slots]
        yield from ((path, by_number[slot.value]) for path, slot in slots if slot.role == "text")
        for child in element.children:
            yield from below(child)

    if plan.document is not None:
        yield from below(plan.document)


def model_path(plan: Plan, value: Value) -> str:
    """Where a value stands in the record, lists by their names (`consignments.goods_items.hs_code`); "" for none."""
    if not value.refs:
        return ""
    steps = [value.refs[0].path()]
    scope = plan.scopes[value.refs[0].scope]
    while scope.parent is not None:
        steps[:0] = [*(hop.names[0] for hop in scope.hops), scope.field]
        scope = plan.scopes[scope.parent]
    return ".".join(filter(None, steps))
