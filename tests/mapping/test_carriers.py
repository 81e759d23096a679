"""Which element of the sender's message a fact of the model stands in, also where nothing is said there."""

import pytest

from gateway.findings import Row
from gateway.mapping.carriers import Carriers
from gateway.mapping.trace import Entry

ROWS = """
id: item_id
to:
  is: consignee
  fields:
    name: name
    place/zip: address.postcode
    place/city: address.city
piece:
  is: goods_items
  fields:
    hs: hs_code
    price: {is: unit_price, currency: GBP}
"""


def said(*pairs):
    return [Entry(message, model, "x", Row("t.yaml", 1)) for message, model in pairs]


@pytest.fixture
def carriers(desk):
    return Carriers(desk(ROWS).plan)


@pytest.mark.parametrize(
    ("path", "element"),
    [
        ("item_id", "parcel/id"),
        ("consignee.address.postcode", "parcel/to/place/zip"),
        ("consignee.address", "parcel/to/place"),
        ("consignee", "parcel/to"),
        ("consignee.ids", "parcel/to"),
        ("goods_items[3].hs_code", "parcel/piece/hs"),
        ("goods_items[1].value", "parcel/piece/price"),
        ("goods_items[1].procedure.requested", "parcel/piece"),
        ("declaration.type", "parcel"),
        ("", "parcel"),
    ],
)
def test_a_fact_has_an_element_or_one_around_it(carriers, path, element):
    assert carriers.element(path) == element


def test_numbers_are_those_of_what_was_said_of_the_same_entry(carriers):
    known = said(("parcel/piece/hs", "goods_items[1].hs_code"), ("parcel/piece[2]/price", "goods_items[2].unit_price"))
    assert carriers.element("goods_items[2].hs_code", known) == "parcel/piece[2]/hs"
    assert carriers.element("goods_items[1].value", known) == "parcel/piece/price"
    assert carriers.element("goods_items[2].procedure", known) == "parcel/piece[2]"


def test_what_was_said_stands_where_it_was_said(carriers):
    known = said(("parcel/other", "item_id"))
    assert carriers.element("item_id", known) == "parcel/other"


def test_only_what_an_element_says_has_a_carrier(carriers):
    assert carriers.carrier("goods_items[1].value") == "parcel/piece/price"
    assert carriers.carrier("goods_items[1].origin") == "" == carriers.carrier("nature")


def test_what_is_written_may_stand_elsewhere_than_what_is_read(desk):
    plan = desk("a: {is: item_id, only: read}\nb: {is: item_id, only: write}").plan
    assert Carriers(plan).carrier("item_id").endswith("a")
    assert Carriers(plan, written=True).carrier("item_id").endswith("b")
