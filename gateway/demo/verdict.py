"""What a simulated administration thinks of a declaration: the complaints of its rules, item by item."""

import re
from collections.abc import Iterator
from decimal import Decimal

import msgspec

from gateway.demo.script import Complaint, Rule, Script
from gateway.model import Amount, Consignment, GoodsItem

GRAM = Decimal("0.001")


class Fault(msgspec.Struct, frozen=True):
    """A complaint about the goods item `number`."""

    complaint: Complaint
    number: int


def faults(script: Script, declared: Consignment) -> tuple[Fault, ...]:
    """Every breach of a rule, in the order of goods items."""
    return tuple(
        Fault(rule, number)
        for number, goods in enumerate(declared.goods_items, start=1)
        for rule in script.rules
        if _breaks(rule, goods)
    )


def _breaks(rule: Rule, goods: GoodsItem) -> bool:
    value = getattr(goods, rule.field)
    if value is None:
        return False
    if rule.per_kilogram_below is not None:
        return _per_kilogram(value, goods) < rule.per_kilogram_below
    words = set(_words(str(value)))
    return str(value).startswith(rule.starts_with) if rule.starts_with else not words.isdisjoint(rule.mentions)


def _words(text: str) -> Iterator[str]:
    return (found[0] for found in re.finditer(r"\w+", text.casefold()))


def _per_kilogram(value: Amount, goods: GoodsItem) -> Decimal:
    mass = goods.gross_mass or goods.net_mass
    return value.amount / max(mass.value, GRAM) if mass else Decimal("Infinity")
