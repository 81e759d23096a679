"""Fields that are stated or derived (`=` in the model): counts, totals, kinds of documents; unit and line.

Stated wins; a difference is a finding of the record rules. Writers ask `derived` where nothing was stated. None means
that it cannot be derived: a part is missing, currencies differ, a division has no end.

>>> from gateway.model import Amount, GoodsItem
>>> derived(Consignment(goods_items=(GoodsItem(), GoodsItem())), "goods_item_count")
2
>>> derived(Document(type="N740"), "kind")
'transport'
>>> line_value(GoodsItem(quantity=Decimal(3), unit_price=Amount(Decimal("1.25"), "EUR")))
Amount(amount=Decimal('3.75'), currency='EUR')
"""

from collections.abc import Callable, Iterable, Mapping
from decimal import Context, Decimal, Inexact
from functools import cache
from typing import Any

from gateway.checks.lists import rows
from gateway.model import Amount, Consignment, Document, GoodsItem, Measure, Movement, Package, Receptacle, Record
from gateway.model.measures import kilograms

_EXACT = Context(prec=28, traps=[Inexact])


def derived(record: Record, field: str) -> Any:
    """Return what the other fields of a record say a field must be, None where they do not say it."""
    derivation = DERIVATIONS.get((type(record), field))
    return derivation(record) if derivation else None


def derived_of_item(item: GoodsItem, consignment: Consignment, field: str) -> Any:
    """Return what the consignment says a field of its goods item must be: the number, and all of it for a sole item."""
    if field == "number":
        return next((at for at, other in enumerate(consignment.goods_items, 1) if other is item), None)
    if field in {"gross_mass", "postage"} and len(consignment.goods_items) == 1:
        return getattr(consignment, field)
    return None


def line_value(item: GoodsItem) -> Amount | None:
    """Return the value of the line: stated, or price times quantity."""
    if item.value is not None or item.unit_price is None or item.quantity is None:
        return item.value
    return Amount(item.unit_price.amount * item.quantity, item.unit_price.currency)


def unit_price(item: GoodsItem) -> Amount | None:
    """Return the price of one piece: stated, or the value divided by the quantity where that comes out even."""
    if item.unit_price is not None or item.value is None:
        return item.unit_price
    price = _divided(item.value.amount, item.quantity)
    return None if price is None else Amount(price, item.value.currency)


def line_net_mass(item: GoodsItem) -> Measure | None:
    """Return the net mass of the line: stated, or that of one piece times the quantity."""
    if item.net_mass is not None or item.unit_net_mass is None or item.quantity is None:
        return item.net_mass
    return Measure(item.unit_net_mass.value * item.quantity, item.unit_net_mass.unit)


def unit_net_mass(item: GoodsItem) -> Measure | None:
    """Return the net mass of one piece: stated, or that of the line divided where that comes out even."""
    if item.unit_net_mass is not None or item.net_mass is None:
        return item.unit_net_mass
    mass = _divided(item.net_mass.value, item.quantity)
    return None if mass is None else Measure(mass, item.net_mass.unit)


def _divided(whole: Decimal, by: Decimal | None) -> Decimal | None:
    if not by:
        return None
    try:
        return _EXACT.divide(whole, by)
    except Inexact:
        return None


def _mass(parts: Iterable[Measure | None]) -> Measure | None:
    masses = [kilograms(part) if part is not None else None for part in parts]
    known = [mass for mass in masses if mass is not None]
    return Measure(sum(known, Decimal())) if known and len(known) == len(masses) else None


def _gross_mass(consignment: Consignment) -> Measure | None:
    return _mass(item.gross_mass for item in consignment.goods_items)


def _value(consignment: Consignment) -> Amount | None:
    values = [line_value(item) for item in consignment.goods_items]
    known = [value for value in values if value is not None]
    if not known or len(known) != len(values) or len({value.currency for value in known}) != 1:
        return None
    return Amount(sum((value.amount for value in known), Decimal()), known[0].currency)


def _package_count(consignment: Consignment) -> int | None:
    if consignment.packages:
        return _packages(consignment.packages)
    counts = [_packages(item.packages) for item in consignment.goods_items]
    known = [count for count in counts if count is not None]
    return sum(known) if known and len(known) == len(counts) else None


def _packages(packages: Iterable[Package]) -> int | None:
    counts = [package.count for package in packages if package.count is not None]
    return sum(counts) if counts else None


def _container_count(consignment: Consignment) -> int | None:
    transport = consignment.transport
    return len(transport.equipment) if transport is not None and transport.equipment else None


def _description(consignment: Consignment) -> str | None:
    said = dict.fromkeys(item.description for item in consignment.goods_items if item.description)
    return ", ".join(said) or None


def _document_kind(document: Document) -> str | None:
    return _kinds().get(document.type or "", "supporting") if document.type else None


@cache
def _kinds() -> Mapping[str, str]:
    return {row["type"]: row["kind"] for row in rows("checks/document-kinds")}


def _stated_or_derived(consignment: Consignment, field: str) -> Any:
    stated = getattr(consignment, field)
    return derived(consignment, field) if stated is None else stated


def _total(movement: Movement, field: str) -> int | None:
    counts = [_stated_or_derived(consignment, field) for consignment in movement.consignments]
    return sum(counts) if counts and None not in counts else None


def _movement_mass(movement: Movement) -> Measure | None:
    return _mass(_stated_or_derived(consignment, "gross_mass") for consignment in movement.consignments)


DERIVATIONS: Mapping[tuple[type[Record], str], Callable[[Any], Any]] = {
    (Consignment, "gross_mass"): _gross_mass,
    (Consignment, "package_count"): _package_count,
    (Consignment, "goods_item_count"): lambda consignment: len(consignment.goods_items) or None,
    (Consignment, "container_count"): _container_count,
    (Consignment, "description"): _description,
    (Consignment, "value"): _value,
    (Document, "kind"): _document_kind,
    (GoodsItem, "value"): line_value,
    (GoodsItem, "unit_price"): unit_price,
    (GoodsItem, "net_mass"): line_net_mass,
    (GoodsItem, "unit_net_mass"): unit_net_mass,
    (Movement, "consignment_count"): lambda movement: len(movement.consignments),
    (Movement, "package_count"): lambda movement: _total(movement, "package_count"),
    (Movement, "container_count"): lambda movement: _total(movement, "container_count"),
    (Movement, "gross_mass"): _movement_mass,
    (Receptacle, "item_count"): lambda receptacle: len(receptacle.item_ids) or None,
}
