"""All checks of one consignment: the record rules, and the value checks that the rows of its table ask for."""

from collections.abc import Iterator, Mapping
from functools import lru_cache
from typing import Any

import msgspec

from gateway.checks.named import CHECKS, Check
from gateway.checks.rules import POSTAL_RULES, RULES
from gateway.checks.rules.fault import Fault, Rule
from gateway.checks.yardstick import Context, Yardstick, yardstick
from gateway.findings import Finding
from gateway.findings.catalogue import entry
from gateway.model import Consignment
from gateway.model.dictionary import at

Bound = tuple[tuple[str, str], ...]
POSTAL = ("item_id", "s10")  # a table that binds these two carries postal items
COVERED = frozenset(
    [
        POSTAL,
        ("consignor.address.country", "iso3166"),
        ("consignee.address.country", "iso3166"),
        ("goods_items.origin", "iso3166"),
        ("goods_items.hs_code", "hs"),
        ("goods_items.description", "description"),
    ]
)


class _Work(msgspec.Struct, frozen=True):
    """What is to be run for one table: rules, and checks at the end of a path that no rule covers."""

    rules: tuple[Rule, ...]
    values: tuple[tuple[tuple[str, ...], Check], ...]


def run(consignment: Consignment, context: Context, bound: Bound = ()) -> tuple[Finding, ...]:
    """Return every finding of a consignment; `bound` are the value checks of its table: model path and check name."""
    measured = yardstick(context, destination(consignment))
    work = _work(bound)
    faults: list[Fault] = []
    for rule in work.rules:
        faults += rule(consignment, measured)
    for steps, check in work.values:
        faults += _values_at(consignment, steps, "", check)
    return _findings(faults, consignment, measured) if faults else ()


def of_rows(record: Any, bound: Bound) -> Iterator[Fault]:
    """What the value checks of a table's rows find in any record, without the record rules: code, path, values."""
    for path, name in bound:
        steps = tuple(_without_predicates(path).split("."))
        if steps[0] in record.__struct_fields__:
            yield from _values_at(record, steps, "", CHECKS[name])


def destination(consignment: Consignment) -> str:
    """Return the country whose switches count."""
    if consignment.destination_country:
        return consignment.destination_country
    party = consignment.consignee or consignment.importer
    return (party.address.country or "") if party is not None and party.address is not None else ""


@lru_cache(maxsize=256)
def _work(bound: Bound) -> _Work:
    plain = [(_without_predicates(path), name) for path, name in bound]
    rules = RULES + (POSTAL_RULES if POSTAL in plain else ())
    return _Work(
        rules, tuple((tuple(path.split(".")), CHECKS[name]) for path, name in plain if (path, name) not in COVERED)
    )


def _without_predicates(path: str) -> str:
    """`communications[type=TE].value` → `communications.value`."""
    head, bracket, rest = path.partition("[")
    return head + _without_predicates(rest.partition("]")[2]) if bracket else head


def _values_at(record: Any, steps: tuple[str, ...], path: str, check: Check) -> Iterator[Fault]:
    value = record.get(steps[0]) if isinstance(record, Mapping) else getattr(record, steps[0])
    if value is None:
        return
    path += steps[0]
    entries = enumerate(value, 1) if isinstance(value, tuple) else ((0, value),)
    for number, entry_ in entries:
        place = f"{path}[{number}]" if number else path
        if len(steps) > 1:
            yield from _values_at(entry_, steps[1:], f"{place}.", check)
        else:
            for code, values in check(entry_):
                yield code, place, values


def _findings(faults: list[Fault], consignment: Consignment, measured: Yardstick) -> tuple[Finding, ...]:
    """Give each fault its severity, item and WCO id; a fault that two checks saw is told once."""
    found = {(code, path): values for code, path, values in faults}
    return tuple(
        Finding(code, severity, values, consignment.item_id or "", model_path=path, wco_id=_wco_id(path))
        for (code, path), values in found.items()
        if (severity := measured.severities.get(code) or entry(code).severity) != "off"
    )


@lru_cache(maxsize=4096)
def _wco_id(path: str) -> str:
    field = at(Consignment, _without_predicates(path))
    return field.wco[0] if field and field.wco else ""
