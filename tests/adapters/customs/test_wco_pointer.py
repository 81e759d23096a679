"""Pointers of WCO ids against a traced declaration: the traps named in the reference of customs answers."""

import pytest

from adapters.customs.wco_levels import levels, numbers, steps
from adapters.customs.wco_pointer import locate
from gateway.findings import Row
from gateway.mapping.trace import Entry
from gateway.model import Step

ROW = Row("customs/uk/h7.yaml", 1)
GS, GS_IDS = "Declaration/GoodsShipment", ("42A", "67A")
GI, GI_IDS = f"{GS}/GovernmentAgencyGoodsItem", (*GS_IDS, "68A")


def entry(path, model, *ids, text="text"):
    return Entry(path, model, text, ROW, wco_ids=ids)


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


def test_an_unknown_id_on_the_way_leads_to_the_place_before_it():
    found = locate(pointer("42A 67A 68A[2] 99Z+108"), ENTRIES)
    assert (found.message_path, found.model_path, found.wco_ids) == (f"{GI}[2]", "goods_items[2]", GI_IDS)


def test_an_unknown_element_of_a_known_class_leads_to_the_class():
    assert locate(pointer("42A 67A 68A[1]+999"), ENTRIES).message_path == f"{GI}[1]"


def test_what_is_an_attribute_for_us_is_pointed_at_by_its_element():
    """The currency (135) has an id of its own in the data model, and stands beside the amount in the message."""
    assert locate(pointer("42A 67A 68A[2]+135"), ENTRIES).message_path == f"{GI}[2]"
    assert locate(pointer("42A 67A 68A[2]+108"), ENTRIES).message_path == f"{GI}[2]/CustomsValueAmount"


def test_a_date_is_pointed_at_by_its_element_and_found_with_its_text():
    at = "Declaration/AcceptanceDateTime/DateTimeString"
    written = (*ENTRIES, entry(at, "declaration.declared_at", "42A", "023", "", text="20260914"))
    found = locate(pointer("42A+023"), written)
    assert (found.message_path, found.text) == (at, "20260914")


def numbered(*numbers):
    """Goods items that say their own numbers."""
    for place, number in enumerate(numbers, start=1):
        at, model = GI if place == 1 else f"{GI}[{place}]", f"goods_items[{place}]"
        yield entry(f"{at}/CustomsValueAmount", f"{model}.value", *GI_IDS, "108")
        yield entry(f"{at}/SequenceNumeric", f"{model}.number", *GI_IDS, "006", text=str(number))


@pytest.mark.parametrize(("number", "model"), [(1, "goods_items[1].value"), (3, "goods_items[2].value")])
def test_a_goods_item_is_known_by_the_number_it_says_not_by_its_place(number, model):
    assert locate(pointer(f"42A 67A 68A[{number}]+108"), tuple(numbered(1, 3))).model_path == model


def test_a_number_that_no_goods_item_says_leads_to_the_shipment():
    assert locate(pointer("42A 67A 68A[2]+108"), tuple(numbered(1, 3))).message_path == GS


def test_the_number_of_a_pointer_is_no_number_of_its_own():
    at, ids = "Declaration/Amendment/Pointer", ("42A", "06A", "97A")
    written = (
        entry(f"{at}/SequenceNumeric", "amendments[1].pointer[1].number", *ids, "006", text="9"),
        entry(f"{at}/DocumentSectionCode", "amendments[1].pointer[1].section", *ids, "375"),
    )
    assert locate(pointer("42A 06A[1] 97A[1]+375"), written).message_path == f"{at}/DocumentSectionCode"


def test_each_of_several_pointers_is_followed_on_its_own():
    chains = ["42A 57A+R031", "67A 68A[1] 23A+137", "42A 17C+R144"]
    assert [locate(pointer(each), ENTRIES).message_path for each in chains] == [
        "Declaration/Exporter/Name",
        f"{GI}[1]/Commodity/Description",
        "Declaration",
    ]


def test_the_way_of_an_entry_gives_the_pointer_that_leads_back_to_it():
    known = numbers(ENTRIES)
    declared = [each for each in ENTRIES if each.wco_ids and "@" not in each.message_path and each.model_path]
    assert [locate(steps(levels(each, known)), ENTRIES).message_path for each in declared] == [
        each.message_path for each in declared
    ]
