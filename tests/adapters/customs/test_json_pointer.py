"""Pointers like JSONPath, followed through what was written: the deepest place that resolves, and never a fault."""

import time

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from adapters.customs.dk import AUTHORITY
from adapters.customs.json_pointer import Part, locate, names, parts
from gateway.checks.lists import rows
from gateway.findings import Row
from gateway.mapping.registry import Registry
from gateway.mapping.trace import Entry
from gateway.model import Step
from tests.adapters.customs.dk.declared import DAY, complete, goods, parcel

KNOWN = names(rows, "customs/dk")
SHIPMENT = "$.consignmentShipment[?(@.sequenceNumber == 1)]"
ITEM = f"{SHIPMENT}.goodsItems[?(@.sequenceNumber == 2)]"
PLACE = f"{SHIPMENT}.locations[?(@.locationRoleType == '14')]"
LOCATION = "Declaration/GoodsShipment/Consignment/GoodsLocation"
STEPS = ("$", "consignmentShipment", "goodsItems", "[0]", "[1]", "commodity", "x")
WITHIN = "Declaration/GoodsShipment/GovernmentAgencyGoodsItem[2]"


@pytest.fixture(scope="module")
def written():
    said, _ = complete(parcel(goods(), goods(code="901580")))
    return Registry().format("customs/dk/h7", DAY).trace_write(said).entries


def led(pointer, entries):
    return AUTHORITY.locate((Step(text=pointer),), entries)


@pytest.mark.parametrize(
    ("pointer", "message_path", "model_path"),
    [
        ("$.type", "Declaration/TypeCode", "declaration.type"),
        ("  $.type ", "Declaration/TypeCode", "declaration.type"),
        ("$.customsOfficeRoles[?(@.customsOfficeRoleType == '96')].customsOfficeID", "Declaration/DeclarationOfficeID",
         "declaration.office"),
        ("$.customsOfficeRoles[?(@.customsOfficeRoleType=='96')]", "Declaration/DeclarationOfficeID",
         "declaration.office"),
        (SHIPMENT, "Declaration/GoodsShipment", ""),
        (ITEM, WITHIN, "goods_items[2]"),
        (f"{ITEM}.commodity.classification", f"{WITHIN}/Commodity/Classification", "goods_items[2].hs_code"),
        (f"{ITEM}.commodity.description", f"{WITHIN}/Commodity/Description", "goods_items[2].description"),
        (f"{SHIPMENT} . goodsItems[ ?( @.sequenceNumber == 2 ) ] . commodity . description",
         f"{WITHIN}/Commodity/Description", "goods_items[2].description"),
        ("$.consignmentShipment[0].goodsItems[1].commodity.description", f"{WITHIN}/Commodity/Description",
         "goods_items[2].description"),
        ("$['consignmentShipment']['goodsItems'][1]", WITHIN, "goods_items[2]"),
        (PLACE, LOCATION, "goods_location"),
        (f"{PLACE}.locationIdentificationType", f"{LOCATION}/IdentificationType", "goods_location.qualifier"),
    ],
)  # fmt: skip
def test_a_pointer_leads_to_what_was_written(pointer, message_path, model_path, written):
    found = led(pointer, written)
    assert (found.message_path, found.model_path) == (message_path, model_path)


def test_a_value_keeps_its_text_and_a_class_has_none(written):
    assert led(f"{ITEM}.commodity.description", written).text == "T-shirt, cotton"
    assert led(ITEM, written).text == ""


@pytest.mark.parametrize(
    ("pointer", "reached"),
    [
        (f"{SHIPMENT}.goodsItems[?(@.sequenceNumber == 9)].commodity", "Declaration/GoodsShipment"),
        (f"{SHIPMENT}.goodsItems[?(@.sequenceNumber == 0)]", "Declaration/GoodsShipment"),
        (f"{SHIPMENT}.goodsItems[?(@.sequenceNumber == x)]", "Declaration/GoodsShipment"),
        (f"{ITEM}.nobodyKnowsThis.atAll", WITHIN),
        (f"{ITEM}.commodity.((", f"{WITHIN}/Commodity"),
        (f"{PLACE}.locationId", LOCATION),
        (f"{SHIPMENT}.locations[?(@.locationRoleType == '99')].locationId", "Declaration/GoodsShipment"),
    ],
)
def test_what_does_not_resolve_leaves_the_deepest_place(pointer, reached, written):
    assert led(pointer, written).message_path == reached


@pytest.mark.parametrize("pointer", ["$.invoiceAmount.value", "", "$", "???", "$.consignmentShipment[7]"])
def test_a_pointer_of_which_nothing_resolves_leads_nowhere(pointer, written):
    assert led(pointer, written) is None


def test_every_goods_item_is_meant_where_none_is_named(written):
    found = led(f"{SHIPMENT}.goodsItems[*].commodity.description", written)
    assert found.model_path == "goods_items"


def test_an_occurrence_is_known_by_the_number_that_it_says_itself():
    def entry(path, text):
        return Entry(path, f"m.{path}", text, Row("t.yaml", 1))

    turned = (
        entry("Declaration/GoodsShipment/GovernmentAgencyGoodsItem/SequenceNumeric", "2"),
        entry("Declaration/GoodsShipment/GovernmentAgencyGoodsItem/Text", "second"),
        entry("Declaration/GoodsShipment/GovernmentAgencyGoodsItem[2]/SequenceNumeric", "1"),
        entry("Declaration/GoodsShipment/GovernmentAgencyGoodsItem[2]/Text", "first"),
    )
    assert locate((Step(text=f"{ITEM}.text"),), turned, KNOWN).text == "second"


def test_the_transport_document_is_the_mail_item_itself(written):
    found = led(f"{SHIPMENT}.consignment.transportContractDocument.id", written)
    assert (found.model_path, found.text) == ("item_id", "UA473124829PT")


def test_nothing_written_leads_nowhere():
    assert led("$.type", ()) is None
    assert AUTHORITY.locate((), ()) is None
    assert AUTHORITY.locate((Step(section="42A", tag="017"),), ()) is None


def test_names_and_filters_are_read_in_turn():
    assert list(parts("$.a[?(@.b == 'c')].d[3]")) == [Part("a", "b", "c"), Part("d", number="4")]


ANY = st.text(st.sampled_from("$.[]()?@='\"*0129 \tabtypegoodsItems\u0660\u00e9"), max_size=60)
TORN = st.tuples(st.sampled_from([ITEM, PLACE, "$.type"]), st.integers(0, 90), ANY).map(lambda t: t[0][: t[1]] + t[2])


@given(st.one_of(ANY, TORN, st.text(max_size=40)))
def test_no_text_is_too_strange(written, text):
    found = led(text, written)
    assert found is None or found.message_path.startswith("Declaration/")


@pytest.mark.parametrize(
    "text",
    ["$.a{}!", "$.a[?(@.k =={}", "$.a[?(@.k =={}x", "$.a[{}", "$.a[?{0}({0}@.k{0}=={0}'", "$.a[?(@.k == '{}", "$.{}["],
)
def test_a_long_pointer_is_read_in_one_go(text):
    """The time is that of its length: in a way that tries every cut this takes minutes, or hours."""
    begun = time.process_time()
    assert len(list(parts(text.format(" " * 20_000)))) <= 1
    assert time.process_time() - begun < 1


@given(
    st.lists(st.sampled_from(["$", "consignmentShipment", "goodsItems", "[0]", "[1]", "commodity", "x"]), max_size=8)
)
def test_a_longer_pointer_never_leads_to_a_shallower_place(written, steps):
    depths = [0]
    for count in range(len(steps) + 1):
        found = led(".".join(steps[:count]), written)
        depths.append(len(found.message_path.split("/")) if found else 0)
    assert depths == sorted(depths)


def test_entries_are_not_changed(written):
    before = msgspec.json.encode(written)
    led(ITEM, written)
    assert msgspec.json.encode(written) == before


def test_names_are_those_of_the_lists_at_hand(written):
    def lists(name):
        assert name == "customs/dk/pointers"
        return iter([{"within": "Declaration", "name": "kind", "key": "", "value": "", "element": "TypeCode"}])

    assert AUTHORITY.locate((Step(text="$.kind"),), written, lists).model_path == "declaration.type"
    assert AUTHORITY.locate((Step(text="$.kind"),), written) is None
