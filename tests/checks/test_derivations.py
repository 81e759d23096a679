from decimal import Decimal

import pytest

from gateway.checks.derivations import (
    DERIVATIONS,
    derived,
    derived_of_item,
    line_net_mass,
    line_value,
    unit_net_mass,
    unit_price,
)
from gateway.model import (
    Amount,
    Consignment,
    Document,
    GoodsItem,
    Measure,
    Movement,
    Package,
    Receptacle,
    Reference,
    Transport,
)
from gateway.model.dictionary import fields, records

OF_ITEM = {("GoodsItem", "number"), ("GoodsItem", "gross_mass"), ("GoodsItem", "postage")}
OF_ITEMS_NOT_READ = {("Receptacle", "gross_mass")}  # the weights of its items stand in other messages


def amount(number, currency="EUR"):
    return Amount(Decimal(number), currency)


def mass(number, unit="KGM"):
    return Measure(Decimal(number), unit)


def test_every_derived_field_of_the_model_has_a_derivation():
    marked = {
        (name, field.name) for name, record in records().items() for field in fields(record).values() if field.derived
    }
    known = {(record.__name__, field) for record, field in DERIVATIONS}
    assert marked - OF_ITEM - OF_ITEMS_NOT_READ == known


def test_totals_of_a_parcel():
    parcel = Consignment(
        goods_items=(
            GoodsItem(description="belt", gross_mass=mass("0.5"), value=amount("10"), packages=(Package(count=1),)),
            GoodsItem(
                description="shirt", gross_mass=mass("250", "GRM"), value=amount("5.50"), packages=(Package(count=2),)
            ),
        ),
        transport=Transport(equipment=(Reference(id="ABCU1234567"),)),
    )
    assert derived(parcel, "gross_mass") == mass("0.750")
    assert derived(parcel, "value") == amount("15.50")
    assert derived(parcel, "package_count") == 3
    assert derived(parcel, "goods_item_count") == 2
    assert derived(parcel, "container_count") == 1
    assert derived(parcel, "description") == "belt, shirt"


def test_what_lacks_a_part_is_not_derived():
    parcel = Consignment(goods_items=(GoodsItem(value=amount("10"), gross_mass=mass("1")), GoodsItem()))
    for field in ("value", "gross_mass", "package_count", "container_count", "description"):
        assert derived(parcel, field) is None
    mixed = Consignment(goods_items=(GoodsItem(value=amount("10")), GoodsItem(value=amount("10", "USD"))))
    assert derived(mixed, "value") is None
    assert derived(parcel, "item_id") is None


def test_totals_of_a_movement_take_what_is_stated_else_what_is_derived():
    movement = Movement(
        consignments=(
            Consignment(package_count=3, gross_mass=mass("2"), container_count=0),
            Consignment(
                packages=(Package(count=1),), goods_items=(GoodsItem(gross_mass=mass("1")),), container_count=1
            ),
        )
    )
    assert derived(movement, "consignment_count") == 2
    assert derived(movement, "package_count") == 4
    assert derived(movement, "container_count") == 1
    assert derived(movement, "gross_mass") == mass("3")
    assert derived(Receptacle(item_ids=("RR473124829GB",)), "item_count") == 1


@pytest.mark.parametrize(
    ("kind", "of"), [("N740", "transport"), ("N380", "supporting"), ("C400", "supporting"), ("NMRN", "previous")]
)
def test_kind_of_a_document(kind, of):
    assert derived(Document(type=kind), "kind") == of
    assert derived(Document(), "kind") is None


def test_a_sole_item_is_the_whole_parcel():
    item = GoodsItem(description="belt")
    parcel = Consignment(goods_items=(item,), gross_mass=mass("1"), postage=amount("4"))
    assert derived_of_item(item, parcel, "gross_mass") == mass("1")
    assert derived_of_item(item, parcel, "postage") == amount("4")
    assert derived_of_item(item, parcel, "number") == 1
    two = Consignment(goods_items=(GoodsItem(), item), gross_mass=mass("1"))
    assert derived_of_item(item, two, "gross_mass") is None
    assert derived_of_item(item, two, "number") == 2


def test_line_and_unit_derive_each_other():
    item = GoodsItem(quantity=Decimal(4), unit_price=amount("1.25"), unit_net_mass=mass("0.1"))
    assert line_value(item) == amount("5.00")
    assert line_net_mass(item) == mass("0.4")
    line = GoodsItem(quantity=Decimal(4), value=amount("5"), net_mass=mass("0.4"))
    assert unit_price(line) == amount("1.25")
    assert unit_net_mass(line) == mass("0.1")


@pytest.mark.parametrize("quantity", [None, Decimal(0), Decimal(3)])
def test_a_division_without_an_end_derives_nothing(quantity):
    line = GoodsItem(quantity=quantity, value=amount("10"), net_mass=mass("1"))
    assert unit_price(line) is None
    assert unit_net_mass(line) is None


def test_stated_wins():
    item = GoodsItem(quantity=Decimal(2), value=amount("9"), unit_price=amount("5"))
    assert line_value(item) == amount("9")
    assert unit_price(item) == amount("5")
