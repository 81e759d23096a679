"""The rules of Danish customs: a valid declaration violates none, and each is violated once by one changed fact."""

import re
from decimal import Decimal

import pytest

from gateway.checks.lists import among, rows
from gateway.mapping.registry import shipped
from gateway.model import (
    Address,
    Communication,
    Document,
    Identification,
    Location,
    Measure,
    Package,
    Party,
    Reference,
    Statement,
)
from tests.adapters.customs.dk.declared import complete, goods, money, parcel, put, violated
from tests.adapters.customs.dk.filled import OWN, own, published
from tests.tables.conftest import shared

__all__ = ["shared"]

TABLE = tuple(rows("customs/dk/rules"))
CHECKED = tuple(row for row in TABLE if row["offline"] != "no")
ITEM = "goods_items[1]."
LIST = re.compile(r"customs/dk/([-\w]+)")
BRACKETS = re.compile(r"\[[^]]*\]")
PRIVATE = (Identification(kind="EORI", id="DK09999981"),)
COMPANY = (Identification(kind="EORI", id="DK87654321"),)
ADDRESS = Address(lines=("Eksempelvej 1",), city="Aarhus", postcode="8000", country="DK")


def paper(kind):
    return (Document(kind=kind, type="ZZZZ", id="1"),)


def place(**facts):
    return Location(**({"type": "D"} | facts))


VIOLATIONS = {
    ("VR1", "goods_items[].additional_procedures[]"): {ITEM + "additional_procedures": ("C07", "F48", "XX9")},
    ("VR2", "documents[kind=previous].type"): {"documents": paper("previous")},
    ("VR2", "goods_items[].documents[kind=previous].type"): {ITEM + "documents": paper("previous")},
    ("VR3", "documents[kind=supporting].type"): {"documents": paper("supporting")},
    ("VR3", "goods_items[].documents[kind=supporting].type"): {ITEM + "documents": paper("supporting")},
    ("VR4", "representative.capacity"): {"representative": Party(ids=COMPANY, capacity="1")},
    ("VR5", "declaration.type"): {"declaration.type": "IMQ"},
    ("VR6", "goods_items[].supplementary_quantity"): {ITEM + "supplementary_quantity": Decimal(1)},
    ("VR7", "goods_items[].value"): {ITEM + "additional_procedures": ("C08",), ITEM + "value": money("360.01")},
    ("VR8", "fiscal_references"): {ITEM + "additional_procedures": ("C09",)},
    ("VR9", "representative.ids"): {
        "representative": Party(ids=(Identification(kind="EORI", id="DK12345678"),), capacity="2")
    },
    ("VR10", "goods_items[].hs_code"): {ITEM + "hs_code": "990100"},
    ("VR11", "goods_items[].hs_code"): {ITEM + "hs_code": "240220"},
    ("VR12", "goods_items[].hs_code"): {ITEM + "hs_code": "240220", ITEM + "additional_procedures": ("C08", "F48")},
    ("VR32", "fiscal_references[role=FR5].id"): {"fiscal_references": (Reference(role="FR5", id="IM12"),)},
    ("VR33", "goods_items[].hs_code"): {ITEM + "hs_code": "610999"},
    ("VR34", "goods_items"): {ITEM + "value": money("0.00")},
    ("VR35", "postage"): {"postage": money("40.00", "XYZ")},
    ("VR37", "goods_items[].value"): {
        ITEM + "additional_procedures": ("C08", "F48"), ITEM + "value": money("50.00", "EUR"),
    },
    ("VR41", "documents[kind=reference].type"): {"documents": paper("reference")},
    ("VR41", "goods_items[].documents[kind=reference].type"): {ITEM + "documents": paper("reference")},
    ("VR42", "goods_items"): {ITEM + "value": money("1150.01")},
    ("VR43", "goods_items[].supplementary_quantity"): {ITEM + "supplementary_quantity": Decimal(50)},
    ("VR44", "goods_items[].gross_mass"): {ITEM + "gross_mass": Measure(Decimal(100000), "GRM")},
    ("VR45", "goods_items[].packages[].count"): {ITEM + "packages": (Package(count=50),)},
    ("VR46", "fiscal_references"): {"fiscal_references": (Reference(role="FR2", id="DK12345678"),)},
    ("VR49", "goods_location"): {"goods_location": None},
    ("VR50", "consignor.address.country"): {"consignor.address.country": "ZZ"},
    ("VR50", "goods_items[].consignor.address.country"): {ITEM + "consignor": Party(address=Address(country="ZZ"))},
    ("VR51", "declarant.address.country"): {"declarant.address": Address(country="NO")},
    ("VR52", "statements[].code"): {"statements": (Statement(code="12345"),)},
    ("VR52", "goods_items[].statements[].code"): {ITEM + "statements": (Statement(code="12345"),)},
    ("VR53", "declarant.communications"): {"declarant.contact_name": "B. Broker"},
    ("VR54", "fiscal_references[].role"): {"fiscal_references": (Reference(role="FR6", id="IM1234567890"),)},
    ("VR55", "representative.communications"): {
        "representative": Party(
            ids=COMPANY, contact_name="B. Broker", communications=(Communication(type="TE", value="+4512"),)
        )
    },
    ("VR56", "postage"): {ITEM + "postage": money("39.99")},
    ("VR57", "goods_items[].hs_code"): {ITEM + "hs_code": "240220"},
    ("VR58", "declarant"): {"declarant.name": "Broker A/S"},
    ("VR59", "importer"): {"importer": Party(ids=COMPANY, name="Firma A/S")},
    ("VR60", "goods_items[].postage"): {"goods_items": (goods(postage=money("40.00")), goods())},
    ("VR62", "importer.address.country"): {"importer.address.country": "SE"},
    ("VR63", "importer"): {"importer.address": None},
    ("VR64", "declarant"): {"declarant.ids": PRIVATE},
    ("VR65", "goods_items[].supplementary_quantity"): {ITEM + "hs_code": "640110"},
    ("VR66", "importer.ids"): {ITEM + "additional_procedures": ("C07", "F49"), "importer": Party(ids=COMPANY)},
    ("VR67", "goods_items[].hs_code"): {ITEM + "hs_code": "990100"},
    ("VR69", "importer.ids"): {"statements": (Statement(code="00500"),)},
    ("VR70", "consignor.address.country"): {"consignor.address.country": "ZZ"},
    ("VR70", "goods_items[].consignor.address.country"): {ITEM + "consignor": Party(address=Address(country="ZZ"))},
    ("VR95", "goods_location.name"): {"goods_location.name": "DKXXX"},
    ("VR100", "goods_location.qualifier"): {"goods_location": place(type="A", qualifier="Z", address=ADDRESS)},
    ("VR101", "goods_location.qualifier"): {"goods_location": place(type="B", qualifier="U", name="DKCPH")},
    ("VR102", "goods_location.qualifier"): {"goods_location": place(type="C")},
    ("VR103", "goods_location.address"): {"goods_location": place(qualifier="Z")},
    ("VR104", "goods_location.office"): {"goods_location": place(type="A", qualifier="V", office="DE001234")},
    ("VR105", "goods_location.authorisation"): {"goods_location": place(qualifier="Y", id="1")},
    ("VR106", "goods_location.authorisation"): {"goods_location": place(qualifier="Y", id="1", authorisation="DK1")},
    ("VR107", "goods_location.id"): {"goods_location": place(qualifier="Y", authorisation="DKTST123456789")},
    ("VR119", "goods_items[].hs_code"): {ITEM + "hs_code": "240220"},
    ("VR121", "goods_items[].hs_code"): {ITEM + "hs_code": "240220"},
    ("VR122", "goods_items[].hs_code"): {ITEM + "hs_code": "240220"},
    ("VR158", "importer.address.country"): {"importer.ids": ()},
    ("VR163", "goods_location.qualifier"): {"goods_location": place(qualifier="T")},
    ("VR178", "documents[kind=transport].type"): {"documents": paper("transport")},
    ("VR178", "goods_items[].documents[kind=transport].type"): {ITEM + "documents": paper("transport")},
}  # fmt: skip
ITEM_STATEMENTS = ("VR69", {ITEM + "statements": (Statement(code="00500"),)})


@pytest.fixture(scope="module", params=["own", "published"])
def lists(request):
    """What is shipped empty as an operator fills it: few codes, or all that customs publishes."""
    return own() if request.param == "own" else published(request.getfixturevalue("shared"))


def changed(facts):
    record, _ = complete(parcel())
    for path, value in facts.items():
        record = put(record, path, value)
    return record


def test_a_valid_declaration_violates_none(lists):
    assert violated(complete(parcel())[0], lists) == []
    assert violated(complete(parcel(goods("300.00"), nature="31", consignor=None))[0], lists) == []


def test_every_rule_that_is_checked_is_violated_once_below():
    assert {(row["rule"], row["path"]) for row in CHECKED} == VIOLATIONS.keys()


@pytest.mark.parametrize(("rule", "path"), VIOLATIONS)
def test_a_rule_violated_gives_the_code_of_the_authority(rule, path, lists):
    row = next(row for row in CHECKED if (row["rule"], row["path"]) == (rule, path))
    found = [each for each in violated(changed(VIOLATIONS[rule, path]), lists) if each.values["rule"] == rule]
    assert [each.values["code"] for each in found] == [row["code"] or rule]
    assert {each.code for each in found} == {"TGT606" if row["severity"] == "warning" else "TGT605"}
    assert BRACKETS.sub("[]", found[0].model_path) == BRACKETS.sub("[]", path)


def test_a_statement_on_a_goods_item_is_checked_as_one_on_the_declaration(lists):
    rule, facts = ITEM_STATEMENTS
    assert rule in {each.values["rule"] for each in violated(changed(facts), lists)}


def test_a_rule_is_told_once_for_each_place_that_violates_it():
    record, _ = complete(parcel(goods(), goods(code="990100"), goods(code="990200")))
    found = [each.model_path for each in violated(record) if each.values["rule"] == "VR67"]
    assert found == ["goods_items[2].hs_code", "goods_items[3].hs_code"]


def test_lists_that_nobody_filled_say_nothing():
    needing = {row["rule"] for row in CHECKED if row["offline"] == "list"} - {"VR33"}
    for (rule, _), facts in VIOLATIONS.items():
        if rule in needing:
            assert rule not in {each.values["rule"] for each in violated(changed(facts))}


def test_every_list_that_a_rule_needs_is_shipped_empty():
    needed = {
        name for row in CHECKED if row["offline"] == "list" for name in LIST.findall(f"{row['when']} {row['must']}")
    }
    assert needed == OWN.keys()
    assert {name for name in needed if list(rows(f"customs/dk/{name}"))} == set()


def test_without_a_list_of_offices_one_must_be_named_still():
    said = changed({"goods_location": place(type="A", qualifier="V")})
    assert "VR104" in {each.values["rule"] for each in violated(said)}


def test_a_list_in_the_folder_of_the_operator_counts_from_its_day(tmp_path):
    file = tmp_path / "codes/customs/dk/transport-documents.csv"
    file.parent.mkdir(parents=True)
    file.write_text("# source: own\ncode,valid_from,valid_to,source\nN740,2026-09-14,,own\nN750,2026-09-15,,own\n")
    lists, said = among((tmp_path, shipped())), changed({"documents": (), ITEM + "documents": ()})
    for kind, rules in (("N740", []), ("N750", ["VR178"])):
        record = put(said, "documents", (Document(kind="transport", type=kind, id="1"),))
        assert [each.values["rule"] for each in violated(record, lists)] == rules


def test_values_at_the_limit_are_within():
    at_limits = {ITEM + "value": money("1150.00"), ITEM + "gross_mass": Measure(Decimal("99.999"))}
    assert violated(changed(at_limits)) == []
    gift = {ITEM + "additional_procedures": ("C08",), ITEM + "value": money("360.00"), "fiscal_references": ()}
    assert violated(changed(gift)) == []


def test_without_a_rate_no_limit_is_violated():
    dear = {ITEM + "value": money("999999.00", "XOF")}
    assert violated(changed(dear)) == []


def test_rules_hold_for_the_categories_they_were_published_for():
    wrong = changed({"declaration.type": "IMQ", "importer.address.country": "SE"})
    assert {each.values["rule"] for each in violated(wrong, category="H7")} == {"VR5", "VR62"}
    assert {each.values["rule"] for each in violated(wrong, category="H1")} == {"VR62"}
    assert violated(wrong, category="H6") == []


def test_every_rule_is_checked_or_says_why_not():
    assert all(row["note"] for row in TABLE if row["offline"] in {"no", "part"})
    assert all((row["path"] and row["must"]) or row["offline"] == "no" for row in TABLE)
    assert {row["offline"] for row in TABLE} == {"yes", "list", "rate", "part", "no"}


def test_every_rule_is_told_in_three_languages():
    for row in TABLE:
        texts = {row["message"], row["message_fr"], row["message_es"]}
        assert len(texts) == 3 and "" not in texts, row["rule"]
