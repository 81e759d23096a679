"""Where a row's value stands in the model: the fields on the way from the unit's record, as path and as labels."""

from collections.abc import Iterator
from itertools import product

import msgspec

from gateway.mapping.plan import Hop, Plan, Ref, Scope
from gateway.model.dictionary import FieldInfo, fields, records
from gateway.model.labels import group, label

Steps = tuple[tuple[str, tuple[tuple[str, str], ...]], ...]


class Place(msgspec.Struct, frozen=True):
    """A place in the model: `goods_items.origin` of a record, its bare form without filters, labels on the way, group.

    `field` is what the dictionary says of it; `order` is its place among all of the record.
    """

    record: str
    path: str
    bare: str
    labels: tuple[str, ...]
    group: str
    order: tuple[int, ...] = ()
    field: FieldInfo | None = None


def places_of(plan: Plan, ref: Ref) -> Iterator[Place]:
    """The places that one reference of a value means: several where the table says `exporter | consignor`."""
    for names in product(*(hop.names for hop in ref.hops)):
        hops = tuple(msgspec.structs.replace(hop, names=(name,)) for hop, name in zip(ref.hops, names, strict=True))
        yield _place(plan, plan.scopes[ref.scope], hops, ref.field, ref.key)


def place_of_list(plan: Plan, number: int) -> Place:
    """The list that each entry of a scope belongs to."""
    scope = plan.scopes[number]
    assert scope.parent is not None
    return _place(plan, plan.scopes[scope.parent], scope.hops, scope.field)


def _place(plan: Plan, scope: Scope, hops: tuple[Hop, ...], *last: str) -> Place:
    steps = (*_outer(plan, scope), *((hop.names[0], hop.where) for hop in hops), *((name, ()) for name in last if name))
    record = _start(plan, scope)
    found = list(_walk(record, [name for name, _ in steps]))
    return Place(
        record,
        ".".join(name + "".join(f"[{key}={value}]" for key, value in where) for name, where in steps),
        ".".join(name for name, _ in steps),
        tuple(label(holder, info.name) for holder, info in found),
        group(record, steps[0][0]) if steps else "",
        tuple(list(fields(records()[holder])).index(info.name) for holder, info in found),
        found[-1][1] if found and len(found) == len(steps) else None,
    )


def _start(plan: Plan, scope: Scope) -> str:
    """The record from which paths count: that of the unit, or of what stands around it."""
    while scope.parent is not None and not scope.unit:
        scope = plan.scopes[scope.parent]
    return scope.record


def _outer(plan: Plan, scope: Scope) -> Steps:
    if scope.parent is None or scope.unit:
        return ()
    hops = tuple((hop.names[0], hop.where) for hop in scope.hops)
    return (*_outer(plan, plan.scopes[scope.parent]), *hops, (scope.field, scope.where))


def _walk(record: str, names: list[str]) -> Iterator[tuple[str, FieldInfo]]:
    """Each field on the way with the record that holds it; ends where the model ends (keys of maps)."""
    holder = records().get(record)
    for name in names:
        info = fields(holder).get(name) if holder is not None else None
        if holder is None or info is None:
            return
        yield holder.__name__, info
        holder = info.record
