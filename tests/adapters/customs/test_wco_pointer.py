"""Pointers of WCO ids against a traced declaration: the traps named in the reference of customs answers."""

import pytest

from adapters.customs.wco_pointer import locate
from gateway.findings import Row
from gateway.mapping.trace import Entry
from gateway.model import Step

ROW = Row("customs/uk/h7.yaml", 1)
GS, GS_IDS = "Declaration/GoodsShipment", ("42A", "67A")
GI, GI_IDS = f"{GS}/GovernmentAgencyGoodsItem", (*GS_IDS, "68A")


def entry(path, model, *ids):
    return Entry(path, model, "text", ROW, wco_ids=ids)


def item(number):
    at, model = f"{GI}[{number}]", f"goods_items[{number}]"
    return (
        entry(f"{at}/CustomsValueAmount", f"{model}.value", *GI_IDS, "108"),
        entry(f"{at}/CustomsValueAmount/@currencyID", f"{model}.value", *GI_IDS, "108"),
        entry(f"{at}/AdditionalDocument[1]/ID", f"{model}.documents[1].id", *GI_IDS, "02A", "D005"),
        entry(f"{at}/AdditionalDocument[2]/ID", f"{model}.documents[2].id", *GI_IDS, "02A", "D005"),
        entry(f"{at}/Commodity/Description", f"{model}.description", *GI_IDS, "23A", "137"),
        entry(f"{at}/Commodity/Classification/ID", f"{model}.tariff_code", *GI_IDS, "23A", "21A", "145"),
        entry(f"{at}/Commodity/Classification/IdentificationTypeCode", "", *GI_IDS, "23A", "21A"),
    )


ENTRIES = (
    entry("Declaration/../WCOTypeName", ""),
    entry("Declaration/FunctionalReferenceID", "declaration.lrn", "42A", "D026"),
    entry("Declaration/Exporter/Name", "consignor.name", "42A", "57A", "R031"),
    entry("Declaration/Exporter/Address/CityName", "consignor.address.city", "42A", "57A", "04A", "241"),
    entry(f"{GS}/Consignment/GoodsLocation/Name", "goods_location.name", *GS_IDS, "28A", "64A", "L016"),
    entry(f"{GS}/DomesticDutyTaxParty/ID", "fiscal_references[1].id", *GS_IDS, "55B", "R119"),
    *item(1),
    *item(2),
)


def pointer(text):
    """`42A 68A[2]+108` as steps."""
    steps = []
    for part in text.split():
        section, _, tag = part.partition("+")
        name, _, number = section.rstrip("]").partition("[")
        steps.append(Step(section=name, tag=tag or None, number=int(number) if number else None))
    return tuple(steps)


@pytest.mark.parametrize(
    ("chain", "path", "model"),
    [
        ("42A+D026", "Declaration/FunctionalReferenceID", "declaration.lrn"),
        ("42A 67A 68A[2]+108", f"{GI}[2]/CustomsValueAmount", "goods_items[2].value"),
        ("42A 67A 68A[1] 02A[2]+D005", f"{GI}[1]/AdditionalDocument[2]/ID", "goods_items[1].documents[2].id"),
        ("42A 67A 28A 64A+L016", f"{GS}/Consignment/GoodsLocation/Name", "goods_location.name"),
        ("42A 67A 68A[2] 23A 21A+145", f"{GI}[2]/Commodity/Classification/ID", "goods_items[2].tariff_code"),
        ("42A[1] 67A[1] 55B[1]+R119", f"{GS}/DomesticDutyTaxParty/ID", "fiscal_references[1].id"),
    ],
)
def test_a_full_chain_leads_to_the_value(chain, path, model):
    found = locate(pointer(chain), ENTRIES)
    assert (found.message_path, found.model_path, found.text) == (path, model, "text")


def test_a_chain_may_skip_the_declaration_itself():
    assert locate(pointer("67A 68A[2]+108"), ENTRIES).model_path == "goods_items[2].value"


def test_a_chain_may_end_at_a_class():
    found = locate(pointer("42A 67A 68A[2]"), ENTRIES)
    assert (found.message_path, found.model_path, found.text) == (f"{GI}[2]", "goods_items[2]", "")
    assert found.wco_ids == GI_IDS


def test_a_class_of_one_element_is_the_place_of_that_class():
    found = locate(pointer("42A 57A"), ENTRIES)
    assert (found.message_path, found.model_path) == ("Declaration/Exporter", "consignor")


def test_an_occurrence_that_does_not_exist_leads_to_the_class_above():
    found = locate(pointer("42A 67A 68A[9]+108"), ENTRIES)
    assert found.message_path == GS
    assert found.text == ""


def test_an_element_that_was_not_declared_leads_to_its_class():
    found = locate(pointer("42A 57A+R032"), ENTRIES)
    assert (found.message_path, found.model_path) == ("Declaration/Exporter", "consignor")


def test_without_a_number_several_occurrences_are_named_together():
    found = locate(pointer("42A 67A 68A+108"), ENTRIES)
    assert (found.message_path, found.model_path) == (GI, "goods_items")


def test_a_class_that_was_not_declared_leads_to_the_declaration():
    found = locate(pointer("42A 17C+R144"), ENTRIES)
    assert (found.message_path, found.model_path) == ("Declaration", "")


@pytest.mark.parametrize("chain", ["", "99Z", "99Z+108"])
def test_an_unknown_chain_leads_nowhere(chain):
    assert locate(pointer(chain), ENTRIES) is None


def test_nothing_declared_nothing_found():
    assert locate(pointer("42A"), ()) is None
