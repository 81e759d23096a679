import re
from decimal import Decimal

import msgspec
import pytest

from gateway.model import Address, Amount, Consignment, GoodsItem, Measure, Message, Moment, Party, Step
from gateway.model.dictionary import FieldInfo, at, fields, records

FORMAT = re.compile(r"(an|a|n)(\.\.)?\d+(,\d+)?")
KINDS = {str: "text", int: "count", Decimal: "number", bool: "flag"}


def test_a_field_says_kind_ids_and_format():
    assert fields(GoodsItem)["hs_code"] == FieldInfo(
        "hs_code", "text", None, False, ("145",), "an..18", "HS 2022", False
    )
    assert fields(Party)["address"].record is Address
    assert fields(Address)["lines"].is_list


def test_a_path_leads_through_parts_and_lists():
    assert at(Message, "consignments.goods_items.value").kind == "amount"
    assert at(Consignment, "consignee.address.country").wco == ("242",)
    assert at(Consignment, "consignee.addres.country") is None
    assert at(Consignment, "item_id.more") is None


def test_derived_fields_are_those_of_the_model():
    derived = {
        f"{name}.{field.name}"
        for name, record in records().items()
        for field in fields(record).values()
        if field.derived
    }
    assert derived == {
        "Consignment.container_count",
        "Consignment.description",
        "Consignment.goods_item_count",
        "Consignment.gross_mass",
        "Consignment.package_count",
        "Consignment.value",
        "Document.kind",
        "GoodsItem.gross_mass",
        "GoodsItem.net_mass",
        "GoodsItem.number",
        "GoodsItem.postage",
        "GoodsItem.unit_net_mass",
        "GoodsItem.unit_price",
        "GoodsItem.value",
        "Movement.consignment_count",
        "Movement.container_count",
        "Movement.gross_mass",
        "Movement.package_count",
        "Receptacle.gross_mass",
        "Receptacle.item_count",
    }


@pytest.mark.parametrize("record", records().values(), ids=records().keys())
def test_every_field_is_well_annotated(record):
    for field in fields(record).values():
        assert not field.format or FORMAT.fullmatch(field.format), field
        assert (field.record is not None) == (field.kind == "record")


@pytest.mark.parametrize("record", records().values(), ids=records().keys())
def test_every_record_says_nothing_when_nothing_was_said(record):
    assert msgspec.json.encode(record()) == b"{}"
    assert msgspec.json.decode(b"{}", type=record) == record()
    assert (record.__doc__ or "").strip()


def test_a_record_survives_json():
    record = Consignment(
        item_id="RR473124829GB",
        posted_at=Moment("2026-09-13", "20260913"),
        gross_mass=Measure(Decimal("0.900")),
        value=Amount(Decimal("45.50"), "EUR"),
        consignee=Party(name="Jo Sample", address=Address(lines=("1 High Street",), country="GB")),
        goods_items=(GoodsItem(number=1, quantity=Decimal(2), extension={"colour": "blue"}),),
    )
    encoded = msgspec.json.encode(record)
    assert msgspec.json.decode(encoded, type=Consignment) == record
    assert b"null" not in encoded


def test_records_are_never_changed():
    with pytest.raises(AttributeError):
        Step().number = 1
    with pytest.raises(TypeError):
        Step("42A")
