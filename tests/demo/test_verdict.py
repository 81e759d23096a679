from decimal import Decimal
from pathlib import Path

import pytest

from gateway.demo.script import load
from gateway.demo.verdict import faults
from gateway.model import Amount, Consignment, GoodsItem, Measure

SCRIPT, _ = load(Path(__file__).parents[2] / "config" / "demo" / "uk-customs")


def goods(**said: object) -> GoodsItem:
    usual = {
        "description": "Cotton shirt, knitted",
        "tariff_code": "61091000",
        "value": Amount(Decimal("24.00"), "GBP"),
        "gross_mass": Measure(Decimal("0.300")),
    }
    return GoodsItem(**(usual | said))


def codes(*items: GoodsItem) -> list[tuple[str, int]]:
    return [(fault.complaint.code, fault.number) for fault in faults(SCRIPT, Consignment(goods_items=items))]


def test_ordinary_goods_pass():
    assert codes(goods(), goods(description="Ceramic mug", tariff_code="69120025")) == []


@pytest.mark.parametrize(
    ("said", "code"),
    [
        ({"tariff_code": "77010000"}, "D0100"),
        ({"tariff_code": "93040000"}, "D0110"),
        ({"description": "Power bank with Lithium cell"}, "D0200"),
        ({"value": Amount(Decimal("0.10"), "GBP")}, "D0300"),
    ],
)
def test_a_breach_is_found_at_its_goods_item(said, code):
    assert codes(goods(), goods(**said)) == [(code, 2)]


def test_a_word_inside_another_is_no_breach():
    assert codes(goods(description="Battenberg cake tin; perfumery bottle, empty")) == []


def test_goods_without_a_mass_are_not_valued_by_weight():
    assert codes(goods(value=Amount(Decimal("0.01"), "GBP"), gross_mass=None)) == []


def test_every_breach_is_told():
    assert codes(goods(tariff_code="99000000", description="Knife")) == [("D0100", 1), ("D0200", 1)]
