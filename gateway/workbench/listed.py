"""Lists and who uses them: the rows of tables that name a two-way list."""

from collections import Counter
from collections.abc import Iterator, Mapping
from datetime import date

import msgspec

from gateway.findings.errors import MappingInvalid
from gateway.findings.finding import Row
from gateway.mapping.carried import model_path
from gateway.mapping.codelist import CodeList
from gateway.mapping.listing import MESSAGE, MODEL, Listing
from gateway.mapping.registry import Registry


class Use(msgspec.Struct, frozen=True):
    """One row of one table that names a list: the element, the field of the model, file and line."""

    format: str
    element: str
    field: str
    row: Row


def uses(registry: Registry, on: date) -> Mapping[str, tuple[Use, ...]]:
    """The rows that name each list, tables that are at fault left out: `gateway mapping lint` tells of them."""
    found: dict[str, dict[Row, Use]] = {}
    for name in registry.names():
        for list_, use in _named(registry, name, on):
            found.setdefault(list_, {}).setdefault(use.row, use)
    return {name: tuple(each.values()) for name, each in found.items()}


def _named(registry: Registry, name: str, on: date) -> Iterator[tuple[str, Use]]:
    try:
        plan = registry.plan(name, on)
    except MappingInvalid:
        return
    for value in plan.values:
        if value.codes is not None:
            yield value.codes.name, Use(name, value.key, model_path(plan, value), value.row)


def preferred(listing: Listing, codes: CodeList) -> frozenset[int]:
    """Lines of the pairs that count where several stand beside them, in one direction or the other."""
    messages = Counter(row[MESSAGE] for row in listing.rows)
    models = Counter(row[MODEL] for row in listing.rows)
    return frozenset(
        row.line
        for row in listing.rows
        if (messages[row[MESSAGE]] > 1 or models[row[MODEL]] > 1)
        and codes.written.get(row[MODEL]) == row[MESSAGE]
        and codes.read.get(row[MESSAGE]) == row[MODEL]
    )
