"""Rules as data: paths, sentences, the vocabulary, what is told and what cannot be told."""

from datetime import date
from decimal import Decimal

import pytest

from adapters.customs.law import Rate
from adapters.customs.rules import Day, Facts, rules_of, violations
from adapters.customs.rules.sentence import applies, violated
from adapters.customs.rules.subject import parse, reader
from adapters.customs.rules.way import WHOLE, parted
from adapters.customs.worth import Exchange
from gateway.findings import catalogue
from gateway.model import Amount, Consignment, Document, GoodsItem, Identification, Measure, Party, Reference

DAY = date(2026, 9, 14)
COLUMNS = (
    "rule", "code", "categories", "element", "path", "wco", "when", "must", "offline", "note", "severity", "message",
    "message_fr", "message_es", "valid_from", "valid_to", "source",
)  # fmt: skip
LISTS = {
    "xx/codes": [{"code": "A"}, {"code": "B"}, {"code": "OLD", "valid_to": "2026-09-13"}],
    "xx/headings": [{"code": "61"}, {"code": "9015"}],
    "xx/empty": [],
}
PARCEL = Consignment(
    nature="11",
    postage=Amount(Decimal("5.00"), "EUR"),
    consignor=Party(name="A", ids=(Identification(kind="EORI", id="DK1"),)),
    documents=(
        Document(kind="previous", type="A"), Document(kind="supporting", type="X"), Document(kind="previous", type="C"),
    ),
    goods_items=(
        GoodsItem(hs_code="610910", value=Amount(Decimal("4.00"), "EUR"), additional_procedures=("C07", "F48"),
                  gross_mass=Measure(Decimal(900), "GRM"), postage=Amount(Decimal("2.00"), "EUR")),
        GoodsItem(hs_code="901580", value=Amount(Decimal("8.00"), "USD"), additional_procedures=("C08",),
                  gross_mass=Measure(Decimal(2)), postage=Amount(Decimal("3.00"), "EUR")),
    ),
)  # fmt: skip


def lists(name):
    return [{"valid_from": "", "valid_to": ""} | row for row in LISTS[name]]


def facts(**rates):
    known = {currency: Rate(Decimal(rate), Decimal(1), "test") for currency, rate in rates.items()}
    return Facts({"C07": Decimal(40)}, Exchange("DKK", known))


def holds(sentence, record=PARCEL, on=DAY, **rates):
    """Whether a sentence is certainly so (True) or certainly not (False); None: it cannot be told."""
    so, not_so = (ask(sentence, WHOLE, Day(lists, on))((record,), facts(**rates)) for ask in (applies, violated))
    assert not (so and not_so)
    return True if so else False if not_so else None


def rule(**cells):
    row = {
        "rule": "R1", "code": "XX1", "categories": "H7", "path": "nature", "must": "nature only 31", "offline": "yes",
        "severity": "error", "message": "no", "message_fr": "non", "message_es": "",
    }  # fmt: skip
    return dict.fromkeys(COLUMNS, "") | row | cells


def told(*rows, record=PARCEL, category="H7", on=DAY):
    table = rules_of(lambda name: list(rows) if name == "xx/rules" else lists(name), "xx/rules", category, on)
    return list(violations(table, record, facts(EUR=7), "xx"))


@pytest.mark.parametrize(
    ("path", "found"),
    [
        ("nature", ["nature"]),
        ("consignee.name", ["consignee.name"]),
        ("goods_items.hs_code", ["goods_items.hs_code"]),
        ("goods_items[].hs_code", ["goods_items[1].hs_code", "goods_items[2].hs_code"]),
        ("goods_items[].additional_procedures[]", [
            "goods_items[1].additional_procedures[1]", "goods_items[1].additional_procedures[2]",
            "goods_items[2].additional_procedures[1]",
        ]),
        ("documents[kind=previous].type", ["documents[1].type", "documents[3].type"]),
        ("consignor[].name", ["consignor.name"]),
        ("consignee[].name", []),
    ],
)  # fmt: skip
def test_a_path_stands_for_its_places(path, found):
    way, rest = parted(parse(path))
    assert way.paths(PARCEL, rest) == found
    assert len(way.places(PARCEL)) == len(found)


def test_what_two_paths_share_is_at_the_same_entry():
    way, _ = parted(parse("goods_items[].hs_code"))
    second = way.places(PARCEL)[1]
    assert list(way.reads(parse("goods_items[].additional_procedures"))(second)) == ["C08"]
    assert list(way.reads(parse("goods_items.additional_procedures"))(second)) == ["C07", "F48", "C08"]
    assert list(way.reads(parse("nature"))(second)) == ["11"]


def test_values_of_a_kind_are_read_from_the_entries_of_that_kind():
    assert list(reader(parse("documents[kind=previous].type"))((PARCEL,))) == ["A", "C"]
    assert not reader(parse("consignee.address.city"))((PARCEL,))


def test_a_path_that_is_none_is_refused():
    with pytest.raises(ValueError, match="goods items"):
        parse("goods items")


@pytest.mark.parametrize("sentence", ["nature", "nature near 11"])
def test_a_sentence_without_a_known_test_is_refused(sentence):
    with pytest.raises(ValueError, match="nature"):
        applies(sentence, WHOLE, Day(lists, DAY))


@pytest.mark.parametrize(
    ("sentence", "answer"),
    [
        ("nature present", True),
        ("nature absent", False),
        ("returned absent", True),
        ("goods_items.additional_procedures has C09 C08", True),
        ("goods_items.additional_procedures lacks C08", False),
        ("goods_items.additional_procedures lacks C09", True),
        ("nature only 11 31", True),
        ("goods_items.additional_procedures only C07 C08", False),
        ("goods_items.hs_code form [0-9]{6}", True),
        ("goods_items.hs_code form (?!90).*", False),
        ("documents[kind=previous].type listed xx/codes", False),
        ("documents[kind=supporting].type listed xx/empty", None),
        ("documents[kind=supporting].type unlisted xx/codes", True),
        ("documents.type unlisted xx/codes", False),
        ("goods_items.hs_code covered xx/headings", True),
        ("goods_items.hs_code covered xx/empty", None),
        ("goods_items.hs_code uncovered xx/headings", False),
        ("goods_items.hs_code uncovered xx/empty", True),
        ("goods_items.hs_code harmonized", True),
        ("postage.currency currency", True),
        ("goods_items.gross_mass below 2", False),
        ("goods_items.gross_mass below 2.001", True),
        ("goods_items.value above 12", False),
        ("goods_items.value above 11.99", True),
        ("postage sums goods_items.postage", True),
        ("postage sums goods_items.value", None),
        ("postage within C07", True),
        ("goods_items.value within C07", None),
        ("postage within C99", None),
        ("consignor.ids.id same consignee.ids.id", True),
        ("consignor.ids.id same nature", False),
        ("consignor.ids.id differs consignor.ids.id", False),
        ("consignor.ids.id differs nature", True),
    ],
)
def test_the_vocabulary(sentence, answer):
    assert holds(sentence, EUR=7) is answer


def test_a_value_above_the_limit_in_the_own_currency_is_not_within():
    assert holds("postage within C07", EUR=9) is False


def test_a_list_counts_from_day_to_day():
    record = Consignment(nature="OLD")
    assert [holds("nature listed xx/codes", record, day) for day in (date(2026, 9, 13), DAY)] == [True, False]


def test_what_is_not_said_satisfies_a_demand_and_no_condition():
    assert holds("consignee.name only X") is None


def test_what_cannot_be_told_is_no_violation_and_no_condition():
    assert holds("documents.type listed xx/empty") is None


def test_all_of_a_condition_must_hold_and_one_violated_demand_is_enough():
    assert holds("nature present & nature only 11") is True
    assert holds("nature present & nature only 31") is False
    assert holds("nature only 31 & nature present") is False


def test_no_sentence_at_all_holds():
    assert holds("") is True


def test_a_violation_names_authority_rule_and_code_at_its_place():
    (found,) = told(rule(path="goods_items[].value", wco="112", must="goods_items[].value above 5"))
    assert (found.code, found.severity, found.model_path, found.wco_id) == (
        "TGT605",
        "error",
        "goods_items[1].value",
        "112",
    )
    assert found.values == {"authority": "xx", "rule": "R1", "code": "XX1", "message": "no", "message_fr": "non"}
    assert catalogue.text(found, "fr").endswith(": non")
    assert catalogue.text(found, "es").endswith(": no")


def test_the_number_stands_for_a_code_that_the_authority_does_not_give():
    assert told(rule(code=""))[0].values["code"] == "R1"


def test_a_warning_of_the_authority_is_one_here():
    (found,) = told(rule(severity="warning"))
    assert (found.code, found.severity, catalogue.entry(found.code).severity) == ("TGT606", "warning", "warning")


def test_a_rule_counts_while_it_is_in_force_and_for_its_categories():
    row = rule(valid_from="2026-09-14", valid_to="2026-09-30", categories="H7 H1")
    assert len(told(row)) == len(told(row, category="H1")) == 1
    assert told(row, category="H6") == told(row, on=date(2026, 10, 1)) == told(row, on=date(2026, 9, 13)) == []


def test_a_rule_that_is_not_checked_is_passed_over():
    assert told(rule(offline="no", path="", must="")) == []


def test_a_rule_without_a_condition_holds_always_and_one_with_it_only_then():
    assert told(rule(when="returned present")) == []
    assert len(told(rule(when="nature only 11"))) == 1


def test_a_record_without_goods_breaks_no_rule_of_goods():
    empty = Consignment(fiscal_references=(Reference(role="FR5"),))
    assert told(rule(path="goods_items[].hs_code", must="goods_items[].hs_code present"), record=empty) == []
