"""R04 weights of the parcel, R06 weights of the goods. Weights are of the whole line; all sums are exact kilograms."""

from collections.abc import Iterator, Mapping
from decimal import Decimal
from functools import cache

from gateway.checks.lists import rows
from gateway.checks.rules.fault import Fault
from gateway.checks.yardstick import Yardstick
from gateway.model import Consignment, GoodsItem, Measure
from gateway.model.measures import KILOGRAM, kilograms

GRAM = Decimal("0.001")
LARGEST_EXPONENT = 12  # of a number that is a mass at all


def gross_mass(consignment: Consignment, _: Yardstick) -> Iterator[Fault]:
    """R04: above zero, no finer than a gram, within the limit of the mail class."""
    stated = consignment.gross_mass
    if stated is None:
        return
    gross = kilograms(stated)
    if gross is None:
        yield "SRC326", "gross_mass", {"unit": stated.unit}
        return
    if gross <= 0:
        yield "SRC321", "gross_mass", {"value": str(stated.value)}
    if finer_than_gram(stated):
        yield "SRC323", "gross_mass", _stated(stated)
    limit = _limits().get(consignment.mail_class or "")
    if limit is not None and gross > limit:
        values = {"value": str(gross), "limit": str(limit), "mail_class": consignment.mail_class or ""}
        yield "SRC324", "gross_mass", values


def net_masses(consignment: Consignment, _: Yardstick) -> Iterator[Fault]:
    """R04: Σ net ≤ gross, and the gross masses of the goods, where all are stated, add up to that of the parcel."""
    gross = kilograms(consignment.gross_mass) if consignment.gross_mass is not None else None
    if gross is None or not consignment.goods_items:
        return
    net = sum((kilograms(item.net_mass) or 0 for item in consignment.goods_items if item.net_mass is not None), 0)
    if net > gross > 0:
        yield "SRC322", "gross_mass", {"net": str(net), "gross": str(gross)}
    if consignment.goods_items[0].gross_mass is not None:
        stated = [kilograms(item.gross_mass) for item in consignment.goods_items if item.gross_mass is not None]
        whole = [mass for mass in stated if mass is not None]
        if len(whole) == len(consignment.goods_items) and sum(whole) != gross:
            yield "SRC328", "gross_mass", {"sum": str(sum(whole)), "stated": str(gross)}


def line_masses(consignment: Consignment, _: Yardstick) -> Iterator[Fault]:
    """R06: net > 0, no finer than a gram, quantity times unit mass = line mass."""
    for number, item in enumerate(consignment.goods_items, 1):
        stated = item.net_mass
        if stated is None:
            continue
        if stated.value <= 0:
            yield "SRC325", f"goods_items[{number}].net_mass", {"value": str(stated.value)}
        elif finer_than_gram(stated):
            yield "SRC323", f"goods_items[{number}].net_mass", _stated(stated)
        if kilograms(stated) is None:
            yield "SRC326", f"goods_items[{number}].net_mass", {"unit": stated.unit}
        if item.unit_net_mass is not None:
            yield from _unit_mass(item, f"goods_items[{number}].unit_net_mass")


def finer_than_gram(measure: Measure) -> bool:
    """Say whether a mass in metric units has parts of a gram; pounds and ounces always have."""
    if measure.unit == KILOGRAM:
        return measure.value.adjusted() < LARGEST_EXPONENT and bool(measure.value % GRAM)
    if measure.unit == "GRM":
        return measure.value.adjusted() < LARGEST_EXPONENT and bool(measure.value % 1)
    return False


def _unit_mass(item: GoodsItem, path: str) -> Iterator[Fault]:
    if item.net_mass is None or item.unit_net_mass is None or item.quantity is None:
        return
    line, unit = kilograms(item.net_mass), kilograms(item.unit_net_mass)
    if line is not None and unit is not None and item.quantity * unit != line:
        yield "SRC327", path, {"quantity": str(item.quantity), "unit_mass": str(unit), "mass": str(line)}


def _stated(measure: Measure) -> dict[str, str]:
    return {"value": str(measure.value), "unit": measure.unit}


@cache
def _limits() -> Mapping[str, Decimal]:
    return {row["mail_class"]: Decimal(row["kilograms"]) for row in rows("checks/class-limits") if row["kilograms"]}
