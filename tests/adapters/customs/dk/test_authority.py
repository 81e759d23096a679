"""Denmark's pack: what it adds, what it refuses to guess, and on which day."""

from datetime import date
from decimal import Decimal

import msgspec
import pytest

from adapters.customs.dk import AUTHORITY
from adapters.customs.dk.filer import KEYS
from gateway.checks.lists import rows
from gateway.findings import catalogue
from gateway.mapping.plugins import authority_for
from gateway.mapping.registry import Registry
from gateway.model import (
    Address,
    Communication,
    Consignment,
    Declaration,
    Document,
    GoodsItem,
    Guarantee,
    Identification,
    Location,
    Measure,
    Package,
    Party,
    Statement,
)
from tests.adapters.customs.dk.declared import DAY, SETTINGS, codes, complete, goods, money, parcel

GUARANTEE = {"guarantee-type": "1", "guarantee-reference": "24DK0000000000001"}
H6 = "customs/dk/h6"
OF_GOODS = ("description", "hs_code", "value")


def plain(consignment):
    """A parcel whose sender names no number."""
    return msgspec.structs.replace(consignment, consignor=msgspec.structs.replace(consignment.consignor, ids=()))


def additional(consignment, **how):
    return complete(consignment, **how)[0].goods_items[0].additional_procedures


def overlay(name, *own):
    return lambda asked: iter(own) if asked == name else rows(asked)


def test_the_pack_is_found_by_its_formats():
    assert authority_for("customs/dk/h7") is AUTHORITY
    assert authority_for("customs/dk/h7-amendment") is AUTHORITY


def test_a_sale_below_the_limit_is_filed_with_the_general_relief():
    said, _ = complete(parcel())
    assert codes(parcel()) == []
    assert msgspec.structs.asdict(said.goods_items[0].procedure) == {"requested": "40", "previous": "00"}
    assert said.goods_items[0].additional_procedures == ("C07", "F48")
    assert said.declaration == Declaration(
        function="9", category="H7", type="IMA", lrn="GW1ABCDEFGHJKMNPQ", office="DK005600"
    )
    assert said.submitter.ids == (Identification(kind="NATIONAL", id="12345678"),)
    assert said.declarant == Party(ids=(Identification(kind="EORI", id="DK12345678"),))
    assert said.documents == (Document(kind="transport", type="N750", id="UA473124829PT"),)
    assert said.goods_items[0].packages == (Package(count=1),)
    assert said.goods_items[0].gross_mass == Measure(Decimal("0.250"))
    assert [(each.role, each.id) for each in said.fiscal_references] == [("FR5", "IM1234567890")]


def test_what_is_filed_can_be_written():
    written = Registry().format("customs/dk/h7", DAY).write(complete(parcel())[0])
    assert written.findings == ()
    assert "<ProcedureCategory>H7</ProcedureCategory>" in written.text


def test_goods_at_the_limit_are_relieved_and_an_oere_more_is_held():
    assert codes(plain(parcel(goods("1150.00")))) == []
    assert codes(plain(parcel(goods("1150.01")))) == ["TGT609"]
    assert additional(plain(parcel(goods("1150.01")))) == ()


def test_postage_does_not_count_towards_the_limit():
    assert codes(parcel(goods("1150.00"), postage=money("200.00"))) == []


def test_a_gift_has_its_own_relief_and_limit():
    gift = plain(parcel(goods("360.00"), nature="31"))
    assert (codes(gift), additional(gift)) == ([], ("C08",))
    dear = plain(parcel(goods("360.01"), nature="31"))
    assert (codes(dear), additional(dear)) == (["TGT609"], ("C07",))


def test_values_are_told_in_kroner_and_the_rates_are_named():
    # sample rates: 746 kroner for 100 EUR, 4.40 for 100 JPY: 1119 + 44 = 1163
    (finding,) = (
        each for each in complete(parcel(goods("150.00", "EUR"), goods("1000", "JPY")))[1] if each.code == "TGT609"
    )
    assert finding.values["value"] == "1163.00"
    assert finding.values["how"] == "150.00 EUR at 746.00 for 100 (sample) + 1000 JPY at 4.40 for 100 (sample)"
    assert "1163.00 DKK (150.00 EUR at 746.00 for 100 (sample)" in catalogue.text(finding)


def test_sample_rates_are_for_trials_only():
    without = {key: text for key, text in SETTINGS.items() if key != "exchange-rates"}
    found = [each for each in complete(parcel(goods("10.00", "EUR")), settings=without)[1] if each.severity == "error"]
    assert [(each.code, each.values["currency"], each.values["wanted"]) for each in found] == [("TGT608", "EUR", "DKK")]


def test_rates_of_the_operator_count_from_their_day():
    old = {
        "currency": "EUR",
        "kroner": "750",
        "units": "100",
        "valid_from": "",
        "valid_to": "2026-09-30",
        "source": "own",
    }
    new = old | {"kroner": "800", "valid_from": "2026-10-01", "valid_to": ""}
    lists = overlay("customs/dk/exchange-rates", old, new)
    assert codes(parcel(goods("150.00", "EUR")), on=date(2026, 9, 30), lists=lists) == []
    assert "TGT609" in codes(parcel(goods("150.00", "EUR")), on=date(2026, 10, 1), lists=lists)


def test_a_relief_that_ends_at_midnight_counts_by_the_day_of_declaration():
    def lists(name):
        table = [dict(row) for row in rows(name)]
        if name == "customs/dk/reliefs":
            table[0]["valid_to"] = "2026-09-14"
        return iter(table)

    assert additional(plain(parcel()), lists=lists) == ("C07",)
    assert additional(plain(parcel()), on=date(2026, 9, 15), lists=lists) == ()


def test_a_day_without_a_procedure_is_a_finding():
    assert codes(parcel(), on=date(2019, 1, 1)) == ["TGT610"]


def test_the_flat_duty_is_information_from_its_day_and_counts_subheadings():
    mixed = parcel(goods(), goods(code="61091000"), goods(code="901580"))

    def told(on):
        return [each for each in complete(mixed, on=on)[1] if each.code == "TGT611"]

    assert told(date(2026, 6, 30)) == told(date(2028, 7, 1)) == []
    (finding,) = told(date(2026, 7, 1))
    assert finding.severity == "info"
    assert (finding.values["count"], finding.values["total"], finding.values["currency"]) == ("2", "6", "EUR")
    assert additional(mixed, on=date(2026, 6, 30)) == additional(mixed, on=date(2026, 7, 1))


def test_a_private_importer_has_the_number_of_those_who_have_none():
    importer = complete(parcel())[0].importer
    assert importer.ids == (Identification(kind="EORI", id="DK09999981"),)
    assert (importer.name, importer.address.city) == ("A. Receiver", "Aarhus")


def test_an_importer_with_a_number_is_named_by_it_alone():
    company = Party(
        name="Firma A/S", ids=(Identification(kind="OTHER", id="DK87654321"),), address=Address(country="DK")
    )
    said, _ = complete(parcel(consignee=company))
    assert said.importer == Party(ids=(Identification(kind="EORI", id="DK87654321"),))
    assert complete(parcel(), settings=SETTINGS | {"importer-id": "DK55555555"})[0].importer.ids[0].id == "DK55555555"


@pytest.mark.parametrize("facts", [{"company": "Firma A/S"}, {"person_type": "2"}])
def test_no_number_is_invented_for_a_company(facts):
    consignee = msgspec.structs.replace(parcel().consignee, **facts)
    assert codes(parcel(consignee=consignee)) == ["TGT562", "TGT605"]  # no number; VR158: a country only with one


def test_the_special_arrangement_is_for_private_importers_without_a_sellers_number():
    settings = SETTINGS | {"special-arrangement": "F49"}
    assert additional(plain(parcel()), settings=settings) == ("C07", "F49")
    assert additional(parcel(), settings=settings) == ("C07", "F48")
    company = Party(ids=(Identification(kind="EORI", id="DK87654321"),))
    assert additional(plain(parcel(consignee=company)), settings=settings) == ("C07",)


@pytest.mark.parametrize(
    ("said", "place"),
    [
        ("AUDKCPH", Location(type="A", qualifier="U", name="DKCPH")),
        ("AVDK005600", Location(type="A", qualifier="V", office="DK005600")),
        ("DXDK12345678", Location(type="D", qualifier="X", operator="DK12345678")),
        ("BYDKTST123456789/7", Location(type="B", qualifier="Y", authorisation="DKTST123456789", id="7")),
        ("DW55.61/12.65", Location(type="D", qualifier="W", latitude="55.61", longitude="12.65")),
    ],
)
def test_the_location_of_goods_is_taken_apart(said, place):
    assert complete(parcel(), settings=SETTINGS | {"location": said})[0].goods_location == place


def test_a_location_that_cannot_be_taken_apart_is_a_finding():
    assert codes(parcel(), settings=SETTINGS | {"location": "Copenhagen"}) == ["TGT558", "TGT605"]


def test_a_contact_person_has_telephone_and_e_mail():
    settings = SETTINGS | {"declarant-contact": "B. Broker"}
    assert codes(parcel(), settings=settings) == ["TGT605"]
    whole = settings | {"declarant-phone": "+4512345678", "declarant-email": "b@example.org"}
    said, _ = complete(parcel(), settings=whole)
    assert codes(parcel(), settings=whole) == []
    assert said.declarant.communications == (
        Communication(type="TE", value="+4512345678"),
        Communication(type="EM", value="b@example.org"),
    )


def test_a_representative_is_direct_unless_stated():
    settings = SETTINGS | {"representative-id": "DK22222222"}
    assert complete(parcel(), settings=settings)[0].representative.capacity == "2"
    stated = complete(parcel(), settings=settings | {"representative-status": "3"})[0]
    assert stated.representative.capacity == "3"


def test_statements_of_the_filer_stand_beside_those_of_the_record():
    said, _ = complete(parcel(statements=(Statement(code="00300"),)), settings=SETTINGS | {"statements": "00200=Text"})
    assert said.statements == (Statement(code="00300"), Statement(code="00200", text="Text"))


def test_all_goods_of_a_parcel_are_in_one_package():
    said, _ = complete(parcel(goods(), goods(), package_count=2))
    assert [item.packages[0].count for item in said.goods_items] == [2, 0]


def test_the_gross_mass_is_shared_out_by_net_mass():
    said, _ = complete(parcel(goods(net="0.1"), goods(net="0.2")))
    assert sum(item.gross_mass.value for item in said.goods_items) == Decimal("0.250")


def test_an_exporter_is_declared_where_no_consignor_is_known():
    known = parcel()
    said, _ = complete(msgspec.structs.replace(known, consignor=None, exporter=known.consignor))
    assert said.consignor.name == "Loja Exemplo Lda"


def test_documents_without_a_code_are_left_out_with_a_warning():
    papers = (Document(type="N380", id="1"), Document(type="invoice", id="2"))
    said, found = complete(parcel(documents=papers))
    assert [each.type for each in said.documents] == ["N380", "N750"]
    assert [(each.code, each.severity, each.model_path) for each in found if each.severity != "info"] == [
        ("TGT559", "warning", "documents[2].type")
    ]


def test_a_parcel_to_another_country_is_not_for_denmark():
    sweden = Party(name="B", address=Address(lines=("x",), city="Malmö", postcode="21100", country="SE"))
    found = [each for each in complete(parcel(consignee=sweden))[1] if each.severity == "error"]
    assert [each.code for each in found] == ["TGT612", "TGT605"]
    assert found[1].values["code"] == "DK1040"


def test_h6_has_ten_digits_origin_guarantee_and_no_relief():
    said, _ = complete(parcel(goods(code="6109100010")), settings=SETTINGS | GUARANTEE, target=H6)
    item = said.goods_items[0]
    assert codes(parcel(goods(code="6109100010")), settings=SETTINGS | GUARANTEE, target=H6) == []
    assert (item.tariff_code, item.origin_kind, item.additional_procedures) == ("6109100010", "1", ("F48",))
    assert said.declaration.category == "H6"
    assert said.guarantees == (Guarantee(type="1", reference="24DK0000000000001"),)
    written = Registry().format(H6, DAY).write(said)
    assert written.findings == ()


def test_goods_of_an_h6_have_an_additional_procedure_that_says_there_is_none():
    assert additional(plain(parcel()), settings=SETTINGS | GUARANTEE, target=H6) == ("000",)


def test_h6_pads_a_code_only_where_the_settings_say_so():
    settings = SETTINGS | GUARANTEE
    assert codes(parcel(), settings=settings, target=H6) == ["TGT551"]
    padded, _ = complete(parcel(), settings=settings | {"commodity-padding": "zeros"}, target=H6)
    assert padded.goods_items[0].tariff_code == "6109100000"


def test_a_longer_code_is_declared_by_its_six_digits_and_kept_as_the_tariffs():
    said, _ = complete(parcel(goods(code="6109100010")))
    assert (said.goods_items[0].hs_code, said.goods_items[0].tariff_code) == ("610910", "6109100010")
    table = Registry().format("customs/dk/h7", DAY)
    assert "<ID>610910</ID>" in table.writer(said), "the compiled writer has no doubt"
    assert table.write(said).findings == ()


def test_a_corrected_code_and_description_are_declared():
    corrected = goods(revised_hs_code="610990", revised_description="Vest, cotton")
    item = complete(parcel(corrected))[0].goods_items[0]
    assert (item.hs_code, item.tariff_code, item.description) == ("610990", "610990", "Vest, cotton")


@pytest.mark.parametrize(
    ("target", "lacking"),
    [
        ("customs/dk/h7", ["consignee.ids", *(f"goods_items[1].{name}" for name in OF_GOODS)]),
        (H6, ["consignee.ids", "gross_mass", "postage", *(f"goods_items[1].{name}" for name in OF_GOODS)]),
    ],
)  # fmt: skip
def test_what_a_data_set_needs_and_nobody_knows_is_told_element_by_element(target, lacking):
    _, found = complete(Consignment(goods_items=(GoodsItem(),)), settings={}, target=target)
    assert [each.model_path for each in found if each.code == "TGT562"] == lacking
    needed = [each.values["key"] for each in found if each.code == "TGT557"]
    assert needed == ["submitter-id", "declarant-id", "declaration-office"] + ["guarantee-type"] * (target == H6)
    assert KEYS.keys() >= set(needed)


def test_an_address_is_missed_part_by_part():
    somewhere = Party(name="A. Receiver", address=Address(city="Aarhus"))
    _, found = complete(parcel(consignee=somewhere))
    missed = {each.model_path: each.values["element"] for each in found if each.code == "TGT562"}
    assert missed == {
        "consignee.address.lines": "13 04 018 019",
        "consignee.address.postcode": "13 04 018 021",
        "consignee.address.country": "13 04 018 020",
    }


def test_a_missing_element_is_named_in_the_language_of_the_reader():
    _, found = complete(parcel(consignee=None))
    finding = next(each for each in found if each.code == "TGT562")
    assert "numéro de l'importateur" in catalogue.text(finding, "fr")
    assert "número del importador" in catalogue.text(finding, "es")


def test_goods_that_arrived_need_a_place_and_goods_lodged_before_do_not():
    nowhere = {key: text for key, text in SETTINGS.items() if key != "location"}
    (found,) = (each for each in complete(parcel(), settings=nowhere)[1] if each.severity == "error")
    assert (found.values["rule"], found.values["code"]) == ("VR49", "VR49")
    assert codes(parcel(), settings=nowhere | {"declaration-type": "IMD"}) == []


@pytest.mark.parametrize(
    ("declared", "said"),
    [
        ("goods_items[2].tariff_code", "goods_items[2].hs_code"),
        ("goods_items[1].gross_mass", "goods_items[1].net_mass"),
        ("goods_items[1].packages[1].count", "package_count"),
        ("goods_items[1].additional_procedures[2]", "nature"),
        ("fiscal_references[1].id", "consignor.ids"),
        ("importer.address.city", "consignee.address.city"),
        ("consignor.name", "consignor.name"),
    ],
)
def test_behind_a_declared_fact_stands_one_of_the_senders(declared, said):
    assert AUTHORITY.origin(declared) == said


def test_findings_are_told_at_the_senders_facts():
    _, found = complete(parcel(goods("300.00"), nature="31"), lists=overlay("customs/dk/additional-procedures"))
    assert all(not each.model_path.startswith("importer") for each in found)
    strange, lists = (
        parcel(),
        overlay("customs/dk/additional-procedures", {"code": "X", "valid_from": "", "valid_to": ""}),
    )
    rule = next(each for each in complete(strange, lists=lists)[1] if each.values.get("rule") == "VR1")
    assert rule.model_path == "nature"
