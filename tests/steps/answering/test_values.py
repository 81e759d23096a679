"""Records as values with paths."""

from decimal import Decimal

from gateway.model import Address, Amount, Consignment, GoodsItem, Moment, Party
from gateway.steps.answering.values import element, values


def test_each_value_has_path_and_element():
    record = Consignment(
        item_id="RR473124829PT",
        posted_at=Moment(iso="2026-09-12"),
        consignee=Party(address=Address(lines=("1 Example Street", "Flat 2"))),
        goods_items=(GoodsItem(description="tea"), GoodsItem(value=Amount(Decimal("5.00"), "EUR"))),
        extension={"shelf": "A3"},
    )
    assert {path: said.text for path, said in values(record).items()} == {
        "item_id": "RR473124829PT",
        "posted_at": "2026-09-12",
        "consignee.address.lines": "1 Example Street, Flat 2",
        "goods_items[1].description": "tea",
        "goods_items[2].value": "5.00 EUR",
        "extension.shelf": "A3",
    }
    assert values(record)["goods_items[2].value"].element == "goods_items.value"


def test_element_of_a_path_has_no_numbers():
    assert element("goods_items[12].references[1].id") == "goods_items.references.id"
