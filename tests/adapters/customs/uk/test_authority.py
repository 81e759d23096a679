"""The United Kingdom's pack: what it adds, what it refuses to guess, and on which day."""

from datetime import date
from decimal import Decimal

import msgspec
import pytest

from adapters.customs.uk import AUTHORITY
from adapters.customs.uk.filer import KEYS
from gateway.checks.lists import rows
from gateway.findings import catalogue
from gateway.mapping.protocols import Filing
from gateway.model import (
    Address,
    Amount,
    Consignment,
    Document,
    GoodsItem,
    Identification,
    Measure,
    Moment,
    Party,
    Transport,
)

DAY = date(2026, 9, 14)
FILING = Filing("GW1ABCDEFGHJKMNPQ", Moment("2026-09-14T06:00:00Z"))
SETTINGS = {"declarant-id": "GB123456789000", "location": "GBAUBELBFSBEL", "exchange-rates": "sample"}
SENDER = Party(name="Loja Exemplo Lda", address=Address(lines=("Rua Exemplo 5",), city="Lisboa", country="PT"))
RECEIVER = Party(
    name="A. Receiver", address=Address(lines=("1 Example Street",), city="Leeds", country="GB", postcode="LS1 1AA")
)


def goods(value="10.00", currency="GBP", code="61091000", net="0.100"):
    return GoodsItem(
        description="T-shirt, cotton",
        hs_code=code,
        quantity=Decimal(1),
        net_mass=Measure(Decimal(net)),
        value=Amount(Decimal(value), currency),
    )


def parcel(*items, **facts):
    facts = {
        "item_id": "UA473124829PT",
        "nature": "11",
        "gross_mass": Measure(Decimal("0.250")),
        "consignor": SENDER,
        "consignee": RECEIVER,
    } | facts
    return Consignment(goods_items=items or (goods(),), **facts)


def complete(consignment, settings=SETTINGS, on=DAY, lists=rows):
    return AUTHORITY.complete(consignment, FILING, settings, on, lists)


def codes(consignment, **how):
    return [finding.code for finding in complete(consignment, **how)[1]]


def supporting(item):
    return [each for each in item.documents if each.kind == "supporting"]


def test_a_sale_below_the_limit_is_filed_with_the_general_relief():
    said, findings = complete(parcel())
    assert findings == ()
    assert msgspec.structs.asdict(said.goods_items[0].procedure) == {"requested": "40", "previous": "00"}
    assert said.goods_items[0].additional_procedures == ("1H7", "C07")
    assert (said.declaration.function, said.declaration.type, said.declaration.lrn) == ("9", "IMA", FILING.lrn)
    assert said.declarant.ids == (Identification(kind="EORI", id="GB123456789000"),)
    assert said.transport.mode == "5"
    assert said.package_count == 1
    assert said.documents == (Document(kind="previous", type="ZZZZ", id="UA473124829PT"),)


def test_the_location_of_goods_is_taken_apart():
    place = complete(parcel())[0].goods_location
    assert (place.type, place.qualifier, place.name, place.address.country) == ("A", "U", "BELBFSBEL", "GB")


def test_goods_at_the_limit_to_the_penny_are_relieved_and_a_penny_more_is_held():
    assert codes(parcel(goods("135.00"))) == []
    assert codes(parcel(goods("135.01"))) == ["TGT555"]
    assert complete(parcel(goods("135.01")))[0].goods_items[0].additional_procedures == ("1H7",)


def test_postage_does_not_count_towards_the_limit():
    assert codes(parcel(goods("135.00"), postage=Amount(Decimal("12.00"), "GBP"))) == []


def test_a_gift_has_its_own_relief_and_limit():
    said, findings = complete(parcel(goods("39.00"), nature="31"))
    assert findings == ()
    assert said.goods_items[0].additional_procedures == ("1H7", "C08")
    assert codes(parcel(goods("39.01"), nature="31")) == ["TGT556"]


def test_a_gift_above_its_limit_that_a_person_waives_is_declared_with_the_general_relief():
    said, _ = complete(parcel(goods("80.00"), nature="31"))
    assert said.goods_items[0].additional_procedures == ("1H7", "C07")


def test_values_in_several_currencies_are_added_in_pounds_and_the_rates_are_named():
    # sample rates: 1.15 EUR and 196 JPY to the pound: 100 + 40 = 140 pounds
    (finding,) = complete(parcel(goods("115.00", "EUR"), goods("7840", "JPY")))[1]
    assert finding.code == "TGT555"
    assert finding.values["value"] == "140.00"
    assert finding.values["how"] == "115.00 EUR at 1.15 (sample) + 7840 JPY at 196 (sample)"
    assert "140.00 GBP (115.00 EUR at 1.15 (sample)" in catalogue.text(finding)


def test_sample_rates_are_for_trials_only():
    without = {key: text for key, text in SETTINGS.items() if key != "exchange-rates"}
    (finding,) = complete(parcel(goods("10.00", "EUR")), settings=without)[1]
    assert (finding.code, finding.values) == ("TGT553", {"currency": "EUR"})


def test_rates_of_the_operator_count_from_their_day():
    september = {"valid_from": "2026-09-01", "valid_to": "2026-09-30", "source": "HMRC"}
    october = {"valid_from": "2026-10-01", "valid_to": "", "source": "HMRC"}
    own = ({"currency": "EUR", "per_pound": "1.00"} | september, {"currency": "EUR", "per_pound": "1.50"} | october)

    def lists(name):
        return own if name == "customs/uk/exchange-rates" else tuple(rows(name))

    assert codes(parcel(goods("150.00", "EUR")), on=date(2026, 9, 30), lists=lists) == ["TGT555"]
    assert codes(parcel(goods("150.00", "EUR")), on=date(2026, 10, 1), lists=lists) == []


def test_a_relief_that_ends_at_midnight_counts_by_the_day_of_declaration():
    def lists(name):
        table = [dict(row) for row in rows(name)]
        if name == "customs/uk/reliefs":
            table[0]["valid_to"] = "2026-09-14"
        return table

    assert complete(parcel(), lists=lists)[0].goods_items[0].additional_procedures == ("1H7", "C07")
    later = complete(parcel(), on=date(2026, 9, 15), lists=lists)[0]
    assert later.goods_items[0].additional_procedures == ("1H7",)


def test_a_day_without_a_procedure_is_a_finding():
    assert codes(parcel(), on=date(2019, 1, 1)) == ["TGT560"]


def test_the_number_of_a_seller_in_the_one_stop_shop_becomes_a_fiscal_reference():
    seller = msgspec.structs.replace(SENDER, ids=(Identification(kind="OTHER", id="IM1234567890"),))
    said, findings = complete(parcel(consignor=seller))
    assert findings == ()
    assert [(each.id, each.role) for each in said.fiscal_references] == [("IM1234567890", "FR5")]
    assert said.goods_items[0].additional_procedures == ("1H7", "C07", "F48")
    assert said.consignor.ids == (Identification(kind="IOSS", id="IM1234567890"),)


@pytest.mark.parametrize(
    ("number", "kind", "role"),
    [("GB123456789000", "EORI", None), ("GB123456789", "VAT", "FR2"), ("PT500000000", "OTHER", None)],
)
def test_the_form_of_a_number_tells_its_kind(number, kind, role):
    customer = msgspec.structs.replace(RECEIVER, ids=(Identification(kind="OTHER", id=number),))
    said, _ = complete(parcel(consignee=customer))
    assert said.consignee.ids[0].kind == kind
    assert [each.role for each in said.fiscal_references] == ([role] if role else [])


@pytest.mark.parametrize(
    ("code", "declared"),
    [("61091000", "61091000"), ("6109100010", "6109100010"), ("610910001099", "6109100010"), ("610910001", "61091000")],
)
def test_digits_of_the_tariff_are_taken_as_given(code, declared):
    said, findings = complete(parcel(goods(code=code)))
    assert findings == ()
    assert said.goods_items[0].tariff_code == declared


def test_six_digits_are_held_unless_settings_say_to_fill_up_with_zeros():
    (finding,) = complete(parcel(goods(code="610910")))[1]
    assert (finding.code, finding.model_path, finding.values["digits"]) == ("TGT551", "goods_items[1].hs_code", "6")
    said, findings = complete(parcel(goods(code="610910")), settings=SETTINGS | {"commodity-padding": "zeros"})
    assert findings == ()
    assert said.goods_items[0].tariff_code == "61091000"


def test_four_digits_are_never_filled_up():
    assert codes(parcel(goods(code="6109")), settings=SETTINGS | {"commodity-padding": "zeros"}) == ["TGT551"]


def test_a_missing_commodity_code_is_held():
    assert codes(parcel(goods(code=None))) == ["TGT552"]


def test_a_correction_is_declared_and_the_first_word_kept():
    item = msgspec.structs.replace(goods(), revised_hs_code="61099020", revised_description="T-shirt, wool")
    declared = complete(parcel(item))[0].goods_items[0]
    assert (declared.tariff_code, declared.hs_code) == ("61099020", "61091000")
    assert declared.description == "T-shirt, wool"
    assert item.description == "T-shirt, cotton"


def test_the_gross_mass_of_the_parcel_is_shared_out_by_net_mass_to_the_gram():
    said, _ = complete(parcel(goods(net="0.100"), goods(net="0.200"), gross_mass=Measure(Decimal("0.400"))))
    assert [each.gross_mass.value for each in said.goods_items] == [Decimal("0.133"), Decimal("0.267")]


def test_without_net_masses_no_gross_mass_is_invented():
    item = msgspec.structs.replace(goods(), net_mass=None)
    assert codes(parcel(item, item)) == ["TGT561", "TGT561"]


def test_goods_items_are_numbered_in_their_order_whatever_the_sender_called_them():
    items = tuple(msgspec.structs.replace(goods(), number=number) for number in (7, 3))
    assert [each.number for each in complete(parcel(*items))[0].goods_items] == [1, 2]


def test_a_document_of_the_parcel_is_said_with_each_of_its_goods():
    invoice = Document(type="N380", id="INV-1")
    said, findings = complete(parcel(goods(), goods(), documents=(invoice,)))
    assert findings == ()
    declared = Document(kind="supporting", type="N380", id="INV-1")
    assert [supporting(each) for each in said.goods_items] == [[declared], [declared]]


def test_a_document_without_a_code_of_the_destination_is_left_out_and_reported():
    said, (finding,) = complete(parcel(documents=(Document(type="LI", id="L-1"),)))
    assert (finding.code, finding.severity, finding.model_path) == ("TGT559", "warning", "documents[1].type")
    assert supporting(said.goods_items[0]) == []


def test_documents_of_the_parcel_keep_their_places_so_that_pointers_lead_to_them():
    papers = (Document(type="LI", id="L-1"), Document(type="N380", id="INV-1"))
    own = msgspec.structs.replace(goods(), documents=(Document(type="C400", id="P-1"),))
    item = complete(parcel(own, documents=papers))[0].goods_items[0]
    assert [(each.type, each.kind) for each in item.documents] == [
        ("LI", "reference"),
        ("N380", "supporting"),
        ("C400", "supporting"),
        ("ZZZZ", "previous"),
    ]
    assert AUTHORITY.origin("goods_items[1].documents[2].id") == "documents[2].id"


def test_what_came_before_is_declared_as_the_sender_says_it():
    said, _ = complete(parcel(documents=(Document(type="N355", id="26PT1"),)))
    assert [(each.type, each.kind) for each in said.documents] == [("N355", "previous"), ("ZZZZ", "previous")]


def test_a_parcel_for_another_country_is_held():
    elsewhere = msgspec.structs.replace(RECEIVER, address=msgspec.structs.replace(RECEIVER.address, country="IE"))
    assert codes(parcel(consignee=elsewhere)) == ["TGT550"]


def test_settings_that_are_missing_or_wrong_are_named():
    findings = complete(parcel(), settings={})[1]
    assert [(each.code, each.values["key"]) for each in findings] == [
        ("TGT557", "declarant-id"),
        ("TGT557", "location"),
    ]
    assert all(f"--set {each.values['key']}=" in catalogue.hint(each) for each in findings)
    assert codes(parcel(), settings=SETTINGS | {"location": "somewhere"}) == ["TGT558"]


def test_settings_say_type_representative_statements_and_further_references():
    settings = SETTINGS | {
        "declaration-type": "IMD",
        "representative-id": "GB999999999000",
        "representative-status": "3",
        "statements": "NIIMP, 00500=Importer",
        "transport-nationality": "PT",
        "inventory-reference": "GB/1234-33HB",
        "previous-document": "Z355",
    }
    said, findings = complete(parcel(transport=Transport(mode="air")), settings=settings)
    assert findings == ()
    assert said.declaration.type == "IMD"
    assert (said.representative.ids[0].id, said.representative.capacity) == ("GB999999999000", "3")
    assert [(each.code, each.text) for each in said.goods_items[0].statements] == [
        ("NIIMP", None),
        ("00500", "Importer"),
    ]
    assert (said.transport.mode, said.transport.nationality) == ("5", "PT")
    assert [(each.type, each.id) for each in said.documents] == [("Z355", "UA473124829PT"), ("ZMCR", "GB/1234-33HB")]


def test_every_setting_the_pack_reads_is_described():
    assert set(SETTINGS) < set(KEYS) == set(AUTHORITY.settings)


def test_line_breaks_are_blanks_with_a_note():
    item = msgspec.structs.replace(goods(), description="T-shirt,\r\n cotton")
    there = msgspec.structs.replace(
        RECEIVER, address=msgspec.structs.replace(RECEIVER.address, lines=("1 Street\nFlat 2", "\n"))
    )
    said, findings = complete(parcel(item, consignee=there))
    assert said.goods_items[0].description == "T-shirt, cotton"
    assert said.consignee.address.lines == ("1 Street Flat 2", "")
    assert [(one.code, one.severity, one.model_path) for one in findings] == [
        ("TGT566", "info", "consignee.address.lines[1]"),
        ("TGT566", "info", "consignee.address.lines[2]"),
        ("TGT566", "info", "goods_items[1].description"),
    ]


@pytest.mark.parametrize("number", range(550, 566))
def test_every_finding_of_the_pack_is_in_the_catalogue_and_says_what_to_do(number):
    entry = catalogue.entry(f"TGT{number}")
    assert entry.waivable
    assert entry.hint
