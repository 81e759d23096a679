"""What a data set asks for and a record lacks, element by element."""

from datetime import date
from decimal import Decimal

import pytest

from adapters.customs.required import missing, requirements
from gateway.model import Amount, Consignment, Document, GoodsItem, Identification, Package, Party

DAY = date(2026, 9, 14)
COLUMNS = (
    "data_sets",
    "element",
    "name",
    "path",
    "unless",
    "wco",
    "finding",
    "setting",
    "valid_from",
    "valid_to",
    "source",
)
TABLE = (
    ("a b", "1/1", "value", "goods_items[].value", "", "108", "TGT554", "", "", "", ""),
    ("a", "3/1", "name", "consignor.name", "consignor.ids[kind=EORI].id", "R031", "", "", "", "", ""),
    ("a", "6/10", "packages", "goods_items[].packages.count", "", "144", "", "", "2027-01-01", "", ""),
    ("a", "1/6", "goods", "goods_items", "", "006", "", "", "", "", ""),
)


def lists(name):
    assert name == "authority/required"
    return [dict(zip(COLUMNS, row, strict=True)) for row in TABLE]


def lacks(record, data_set="a", on=DAY):
    wanted = requirements(lists, "authority/required", data_set, on)
    return [(one.code, one.model_path) for one in missing(wanted, record, data_set, "TGT562")]


def test_each_goods_item_is_looked_at_by_itself_and_a_code_of_its_own_is_used():
    worth = GoodsItem(value=Amount(Decimal(1), "GBP"))
    record = Consignment(consignor=Party(name="A"), goods_items=(worth, GoodsItem(), GoodsItem()))
    assert lacks(record) == [("TGT554", "goods_items[2].value"), ("TGT554", "goods_items[3].value")]


def test_what_stands_for_it_is_enough():
    goods = (GoodsItem(value=Amount(Decimal(0), "GBP")),)
    assert lacks(Consignment(goods_items=goods)) == [("TGT562", "consignor.name")]
    numbered = Party(ids=(Identification(kind="EORI", id="GB123456789000"),))
    assert lacks(Consignment(goods_items=goods, consignor=numbered)) == []
    other = Party(ids=(Identification(kind="VAT", id="GB123456789"),))
    assert lacks(Consignment(goods_items=goods, consignor=other)) == [("TGT562", "consignor.name")]


def test_an_entry_of_a_certain_kind_is_missed_at_its_list():
    goods = GoodsItem(documents=(Document(type="N380", id="1"),))
    of_kind = dict(
        zip(COLUMNS, ("a", "2/3", "permit", "goods_items[].documents[type=C400].id", *[""] * 7), strict=True)
    )
    wanted = requirements(lambda _: [of_kind], "authority/required", "a", DAY)
    found = missing(wanted, Consignment(goods_items=(goods, goods)), "a", "TGT562")
    assert [one.model_path for one in found] == ["goods_items[1].documents", "goods_items[2].documents"]
    permit = GoodsItem(documents=(Document(type="C400", id="1"),))
    assert list(missing(wanted, Consignment(goods_items=(permit,)), "a", "TGT562")) == []


def test_what_the_filer_says_by_a_setting_is_told_with_its_key():
    asked = (
        "a",
        "4/16",
        "method",
        "goods_items[].valuation_method",
        "",
        "122",
        "TGT557",
        "valuation-method",
        *[""] * 3,
    )
    wanted = requirements(lambda _: [dict(zip(COLUMNS, asked, strict=True))], "authority/required", "a", DAY)
    (found,) = missing(wanted, Consignment(goods_items=(GoodsItem(),)), "a", "TGT562")
    assert (found.code, found.values["key"]) == ("TGT557", "valuation-method")


def test_another_data_set_asks_for_less_and_no_goods_are_missed_once():
    assert lacks(Consignment(), "b") == []
    assert lacks(Consignment()) == [("TGT562", "consignor.name"), ("TGT562", "goods_items")]


@pytest.mark.parametrize(
    ("count", "on", "lacking"), [(0, date(2027, 1, 1), []), (None, DAY, []), (None, date(2027, 1, 1), 1)]
)
def test_a_requirement_counts_from_its_day_and_none_of_something_is_said(count, on, lacking):
    packages = (Package(count=count, type="PK"),)
    goods = (GoodsItem(value=Amount(Decimal(1), "GBP"), packages=packages),)
    found = lacks(Consignment(goods_items=goods, consignor=Party(name="A")), on=on)
    assert found == ([("TGT562", "goods_items[1].packages.count")] if lacking else [])
