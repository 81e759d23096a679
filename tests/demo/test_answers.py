from datetime import UTC, datetime
from decimal import Decimal
from pathlib import Path

import pytest
from lxml import etree

from gateway.demo.answers import Case, Writer, fill, lot, movement_number
from gateway.demo.script import Complaint, load
from gateway.demo.verdict import Fault
from gateway.model import Amount, Consignment, GoodsItem

SCRIPT, TEMPLATES = load(Path(__file__).parents[2] / "config" / "demo" / "uk-customs")
AT = datetime(2026, 9, 14, 10, 15, tzinfo=UTC)
GOODS = (
    GoodsItem(value=Amount(Decimal("24.00"), "GBP")),
    GoodsItem(),
    GoodsItem(value=Amount(Decimal("11.55"), "EUR")),
)
VALUE = Complaint("D0300", "value < goods", "value", "42A 67A 68A[n]+108")


def answer(say: str, *faults: Fault) -> etree._Element:
    case = Case(Consignment(goods_items=GOODS), "GW1ABC", "26GB0000000000001A", faults)
    return etree.fromstring(Writer(TEMPLATES, 7, SCRIPT.tax_rate).write(case, say, AT)[1])


@pytest.mark.parametrize(
    ("say", "function"),
    [
        ("accepted", "01"),
        ("rejected", "03"),
        ("controlled", "05"),
        ("released", "08"),
        ("cleared", "09"),
        ("taxed", "13"),
    ],
)
def test_each_answer_names_its_function_and_the_declaration(say, function):
    response = answer(say).find("Response")
    assert response.findtext("FunctionCode") == function
    assert response.findtext("Declaration/FunctionalReferenceID") == "GW1ABC"
    assert response.findtext("Declaration/ID") == "26GB0000000000001A"
    assert response.findtext("IssueDateTime/DateTimeString") == "20260914101500Z"
    assert len(bytes.fromhex(response.findtext("FunctionalReferenceID"))) == 16


def test_a_rejection_points_at_class_element_and_occurrence():
    (error,) = answer("rejected", Fault(VALUE, 3)).iterfind(".//Error")
    assert error.findtext("ValidationCode") == "D0300"
    assert error.findtext("Description") == "value < goods"
    chain = [{step.tag: step.text for step in pointer} for pointer in error.iterfind("Pointer")]
    assert chain == [
        {"DocumentSectionCode": "42A"},
        {"DocumentSectionCode": "67A"},
        {"SequenceNumeric": "3", "DocumentSectionCode": "68A", "TagID": "108"},
    ]


def test_each_fault_becomes_one_error():
    assert len(answer("rejected", Fault(VALUE, 1), Fault(VALUE, 3)).findall(".//Error")) == 2


def test_tax_is_assessed_for_goods_with_a_value():
    items = answer("taxed").findall(".//GovernmentAgencyGoodsItem")
    assert [item.findtext("SequenceNumeric") for item in items] == ["1", "3"]
    assert [item.findtext(".//TaxAssessedAmount") for item in items] == ["4.80", "2.31"]
    assert [item.find(".//TaxAssessedAmount").get("currencyID") for item in items] == ["GBP", "EUR"]


def test_notifications_hang_on_seed_reference_and_kind_only():
    case = Case(Consignment(), "GW1ABC", "26GB0000000000001A", ())
    ids = {
        Writer(TEMPLATES, seed, SCRIPT.tax_rate).write(case, say, AT)[0]
        for seed in (1, 1, 2)
        for say in ("accepted", "cleared")
    }
    assert len(ids) == 4


def test_movement_numbers_have_eighteen_characters_and_differ():
    numbers = {movement_number("GB", 2026, 7, f"GW1{n}") for n in range(200)}
    assert len(numbers) == 200
    assert {len(number) for number in numbers} == {18}
    assert {number[:4] for number in numbers} == {"26GB"}


def test_a_lot_tells_words_apart():
    assert lot(1, "a", "bc") != lot(1, "ab", "c")


def test_fragments_keep_their_markup_and_values_are_escaped():
    assert fill("$part\n<a>$x</a>\n", {"x": "<"}, {"part": "<b/>\n"}) == "<b/>\n<a>&lt;</a>\n"
