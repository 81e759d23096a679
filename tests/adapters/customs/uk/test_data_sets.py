"""Every data set: what the pack adds, what it asks for, what it refuses."""

import re
from datetime import date
from decimal import Decimal

import msgspec
import pytest

from adapters.customs.uk import AUTHORITY
from gateway.checks.lists import rows
from gateway.findings import catalogue
from gateway.mapping.protocols import Filing
from gateway.model import (
    Address,
    Amount,
    Consignment,
    Declaration,
    DeliveryTerms,
    GoodsItem,
    Identification,
    Measure,
    Moment,
    Party,
    Reference,
)
from gateway.model.dictionary import at

DAY = date(2026, 9, 14)
KINDS = ("h7", "h7-grouped", "birds", "low-value-import", "low-value-export")
EORI = (Identification(kind="EORI", id="GB987654321000"),)
SETTINGS = {"declarant-id": "GB123456789000", "location": "GBAUBELBFSBEL"}
OF_GOODS = {"valuation-method": "1", "preference": "100", "origin-kind": "1", "package-type": "PK"}
BULK = {"documents": "1BRD=GBBIRDS0001", "entry-summary": "26GB34F7Y1O2CX8PT4", "package-type": "PA"}
ABROAD = Party(name="Loja Exemplo", address=Address(lines=("Rua 5",), city="Lisboa", country="PT"))
HERE = Party(name="A. Receiver", address=Address(lines=("1 High Street",), city="Leeds", country="GB"), ids=EORI)
GOODS = GoodsItem(
    description="T-shirt, cotton",
    hs_code="61091000",
    origin="PT",
    net_mass=Measure(Decimal("0.100")),
    value=Amount(Decimal("10.00"), "GBP"),
)
IMPORT = Consignment(
    item_id="UA473124829PT", nature="11", gross_mass=Measure(Decimal("0.250")), consignor=ABROAD, consignee=HERE,
    goods_items=(GOODS, GOODS), delivery_terms=DeliveryTerms(code="DAP"),
)  # fmt: skip
EXPORT = msgspec.structs.replace(
    IMPORT, consignor=HERE, consignee=ABROAD, declaration=Declaration(exit_office="GB000060")
)
BIRDS = msgspec.structs.replace(
    IMPORT,
    authorisations=(Reference(type="BRD", id="GB123456789000"),),
    declaration=Declaration(supervising_office="GBSAA001"),
)
WHOLE = {
    "h7": (IMPORT, {}),
    "h7-grouped": (IMPORT, {}),
    "birds": (BIRDS, BULK),
    "low-value-import": (IMPORT, OF_GOODS),
    "low-value-export": (EXPORT, OF_GOODS),
}


def complete(kind, record=None, settings=None, on=DAY, lists=rows):
    known, own = WHOLE[kind]
    filing = Filing("GW1ABC", Moment("2026-09-14T06:00:00Z"), target=f"customs/uk/{kind}")
    return AUTHORITY.complete(record or known, filing, SETTINGS | (own if settings is None else settings), on, lists)


def codes(kind, record=None, settings=None, **how):
    return [(one.code, one.values.get("element", "")) for one in complete(kind, record, settings, **how)[1]]


@pytest.mark.parametrize(
    ("kind", "type_", "procedure", "additional"),
    [
        ("h7", "IMA", ("40", "00"), ("1H7", "C07")),
        ("h7-grouped", "IMA", ("40", "00"), ("1H7", "C07")),
        ("birds", "COJ", ("00", "20"), ("21V",)),
        ("low-value-import", "IMA", ("40", "00"), ("C07",)),
        ("low-value-export", "EXD", ("10", "00"), ("3LV",)),
    ],
)
def test_the_format_chooses_type_procedure_and_additional_procedures(kind, type_, procedure, additional):
    said, findings = complete(kind)
    assert findings == ()
    assert said.declaration.type == type_
    for item in said.goods_items:
        assert (item.procedure.requested, item.procedure.previous) == procedure
        assert item.additional_procedures == additional


def test_goods_from_the_channel_islands_are_told_by_an_additional_procedure():
    jersey = msgspec.structs.replace(BIRDS, export_country="JE")
    assert complete("birds", jersey)[0].goods_items[0].additional_procedures == ("21V", "15F")


def test_facts_of_the_goods_come_from_settings_where_nobody_says_them():
    own = msgspec.structs.replace(GOODS, preference="300")
    said, _ = complete("low-value-import", msgspec.structs.replace(IMPORT, goods_items=(own, GOODS)))
    assert [item.preference for item in said.goods_items] == ["300", "100"]
    assert {(item.valuation_method, item.origin_kind, item.payment_method) for item in said.goods_items} == {
        ("1", "1", None)
    }


def test_a_mail_item_is_one_package_counted_with_the_first_kind_of_goods():
    said, _ = complete("low-value-import")
    packages = [(one.count, one.type, one.marks) for item in said.goods_items for one in item.packages]
    assert packages == [(1, "PK", "UA473124829PT"), (0, "PK", "UA473124829PT")]
    marked, _ = complete("low-value-import", settings=OF_GOODS | {"shipping-marks": "EX/1"})
    assert {one.marks for item in marked.goods_items for one in item.packages} == {"EX/1"}


def test_the_filer_says_entry_summary_and_account():
    said, _ = complete("birds", settings=BULK | {"deferment-account": "1234567"})
    assert [(one.kind, one.type, one.id, one.line) for one in said.documents] == [
        ("previous", "ZZZZ", "UA473124829PT", None),
        ("previous", "Z355", "26GB34F7Y1O2CX8PT4", 1),
        ("payment", "1DAN", "1234567", None),
    ]


def test_countries_follow_from_the_parties_and_offices_stay_as_the_filer_says():
    said, _ = complete("low-value-export")
    assert (said.export_country, said.destination_country) == ("GB", "PT")
    assert (said.declaration.exit_office, said.declaration.lrn) == ("GB000060", "GW1ABC")


SILENT = Consignment(goods_items=(GoodsItem(),))
EXPORTER, IMPORTER = [("TGT562", "3/1")] * 4, [("TGT562", "3/15")] * 4


@pytest.mark.parametrize(
    ("kind", "lacking"),
    [
        ("h7", [*EXPORTER, *IMPORTER, "4/18", "6/5", "6/8", "6/14"]),
        ("h7-grouped", [*EXPORTER, *IMPORTER, "4/18", "6/5", "6/8", "6/14"]),
        ("birds", ["2/1", "2/3", *EXPORTER, "3/16", "3/39", "4/14", "5/14", "5/27", "6/1", "6/5", "6/8", "6/9", "6/10",
                   "6/11"]),
        ("low-value-import", [*EXPORTER, *IMPORTER, "4/1", "4/14", "4/16", "4/17", "5/14", "5/15", "6/1",
                              "6/5", "6/8", "6/9", "6/10", "6/11", "6/14", "8/5"]),
        ("low-value-export", [*EXPORTER, *[("TGT562", "3/9")] * 4, "4/14", "5/8", "5/12", "5/14", "6/1", "6/5", "6/8",
                              "6/9", "6/10", "6/11", "6/14", "8/5"]),
    ],
)  # fmt: skip
def test_what_a_data_set_needs_and_nobody_says_is_told_element_by_element(kind, lacking):
    own = {"4/18": "TGT554", "4/14": "TGT554", "6/5": "TGT561", "6/14": "TGT552"} | dict.fromkeys(
        ("2/1", "2/3", "4/16", "4/17", "6/9", "6/10", "6/11"), "TGT557"
    )
    expected = [(own.get(one, "TGT562"), one) if isinstance(one, str) else one for one in lacking]
    assert codes(kind, SILENT, settings={}) == expected


def test_a_finding_names_data_set_and_element():
    (finding,) = complete("low-value-import", msgspec.structs.replace(IMPORT, delivery_terms=None))[1]
    assert finding.model_path == "delivery_terms.code"
    assert finding.wco_id == "090"
    assert "low-value-import needs delivery terms (data element 4/1)" in catalogue.text(finding)


def test_who_has_a_number_needs_no_name():
    numbered = msgspec.structs.replace(IMPORT, consignor=Party(ids=EORI), consignee=Party(ids=EORI))
    assert codes("h7", numbered) == []


def test_another_exporter_or_importer_stands_for_the_parties_of_the_parcel():
    nameless = msgspec.structs.replace(IMPORT, consignor=Party(), consignee=Party(), exporter=ABROAD, importer=HERE)
    assert codes("h7", nameless) == []
    assert ("TGT562", "3/9") in codes(
        "low-value-export", msgspec.structs.replace(EXPORT, consignee=Party(), importer=HERE)
    )


@pytest.mark.parametrize(("kind", "record", "code"), [
    ("h7", EXPORT, "TGT550"), ("birds", EXPORT, "TGT550"), ("low-value-export", IMPORT, "TGT564"),
])  # fmt: skip
def test_goods_on_their_way_to_another_side_are_held(kind, record, code):
    assert code in [one for one, _ in codes(kind, record)]


@pytest.mark.parametrize(("kind", "type_"), [("h7", "COJ"), ("birds", "IMA"), ("low-value-export", "IMD")])
def test_a_type_of_another_data_set_is_held(kind, type_):
    (finding,) = complete(kind, settings=WHOLE[kind][1] | {"declaration-type": type_})[1]
    assert (finding.code, finding.values["type"]) == ("TGT563", type_)


@pytest.mark.parametrize("kind", KINDS)
def test_before_its_day_there_is_no_data_set(kind):
    assert codes(kind, on=date(2019, 1, 1)) == [("TGT560", "")]


@pytest.mark.parametrize(
    ("kind", "limit", "code"), [("low-value-import", "135", "C07"), ("low-value-export", "873", "3LV")]
)
def test_low_value_ends_at_its_limit(kind, limit, code):
    def worth(text):
        goods = msgspec.structs.replace(GOODS, value=Amount(Decimal(text), "GBP"))
        return complete(kind, msgspec.structs.replace(WHOLE[kind][0], goods_items=(goods,)))

    assert worth(limit)[1] == ()
    said, (finding,) = worth(f"{limit}.01")
    assert (finding.code, finding.values["code"]) == ("TGT555", code)
    assert code not in said.goods_items[0].additional_procedures


# rules that public documents tell


def test_imports_into_northern_ireland_from_the_rest_of_the_world_are_told_and_others_are_not():
    def statements(country, postcode):
        there = msgspec.structs.replace(HERE, address=msgspec.structs.replace(HERE.address, postcode=postcode))
        sender = msgspec.structs.replace(ABROAD, address=msgspec.structs.replace(ABROAD.address, country=country))
        said, _ = complete("h7", msgspec.structs.replace(IMPORT, consignor=sender, consignee=there))
        return [one.code for one in said.goods_items[0].statements]

    assert statements("CN", "bt1 1aa") == ["NIIMP"]
    assert statements("CN", "LS1 1AA") == statements("GB", "BT1 1AA") == statements("PT", "BT1 1AA") == []


def test_a_statement_of_the_filer_is_not_said_twice():
    there = msgspec.structs.replace(HERE, address=msgspec.structs.replace(HERE.address, postcode="BT1 1AA"))
    said, _ = complete("h7", msgspec.structs.replace(IMPORT, consignee=there), {"statements": "NIIMP"})
    assert [one.code for one in said.goods_items[0].statements] == ["NIIMP"]


def violated(record=IMPORT, **settings):
    found = complete("h7", record, settings)[1]
    assert {one.code for one in found} <= {"TGT565"}
    return [one.values["rule"] for one in found]


def test_a_declarant_who_is_the_importer_says_so():
    mine = {"declarant-id": "GB987654321000"}
    assert violated(**mine) == ["2/2 importer"]
    assert violated(**mine, statements="00500=Importer") == []
    assert violated() == []


def test_a_label_of_scientific_material_stands_beside_its_permit():
    assert violated(documents="C635=GBICP1") == ["2/3 CITES label"] * 2
    assert violated(documents="C635=GBICP1, C400=GBICP2") == []


def test_a_declarant_without_a_number_is_refused():
    named = {"declarant-id": "", "declarant-name": "Example Post"}
    assert violated(**named) == ["3/18 number"]


def test_no_rule_claims_a_code_of_customs():
    assert {row["code"] for row in rows("customs/uk/rules")} == {""}


# the tables themselves


def paths():
    """Every path that a dated table names."""
    for row in rows("customs/uk/required"):
        yield from filter(None, (row["path"], row["unless"]))
    for name in ("statements", "additional-procedures", "rules"):
        for row in rows(f"customs/uk/{name}"):
            sentences = " & ".join(filter(None, (row["when"], row.get("must", ""))))
            yield from (part.split()[0] for part in sentences.split(" & ") if part)
            yield from filter(None, (row.get("path", ""),))


@pytest.mark.parametrize("path", sorted(set(paths())))
def test_a_path_of_a_dated_table_is_a_field_of_the_model(path):
    assert at(Consignment, re.sub(r"\[[^\]]*\]", "", path)) is not None


def test_every_data_set_that_a_table_names_is_one():
    known = {row["data_set"] for row in rows("customs/uk/procedures")}
    assert known == set(KINDS)
    for name in ("required", "reliefs", "statements", "additional-procedures", "fiscal-references"):
        assert {each for row in rows(f"customs/uk/{name}") for each in row["data_sets"].split()} <= known
    assert {each for row in rows("customs/uk/rules") for each in row["categories"].split()} <= known
    assert all(AUTHORITY.takes_several(f"customs/uk/{kind}") == (kind in {"h7-grouped", "birds"}) for kind in KINDS)


def test_every_row_says_where_it_is_from():
    names = ("procedures", "required", "reliefs", "statements", "additional-procedures", "fiscal-references", "rules")
    assert [row for name in names for row in rows(f"customs/uk/{name}") if not row["source"]] == []


def test_a_requirement_with_a_setting_names_one_that_the_pack_reads():
    asked = {row["setting"] for row in rows("customs/uk/required")} - {""}
    assert asked
    assert asked <= set(AUTHORITY.settings)
