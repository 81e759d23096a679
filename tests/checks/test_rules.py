"""The item rules, one fault at a time: which code at which path, and that nothing else is said."""

from datetime import date
from decimal import Decimal

import pytest

from gateway.checks import Context
from gateway.model import (
    Address,
    Amount,
    Communication,
    Identification,
    Measure,
    Moment,
    Package,
    Party,
    Transport,
)


def amount(number, currency="EUR"):
    return Amount(Decimal(number), currency)


def kilos(number, unit="KGM"):
    return Measure(Decimal(number), unit)


def test_a_clean_parcel_has_no_finding(parcel, codes):
    assert codes(parcel.clean) == []


# R01, R17 identity


@pytest.mark.parametrize(
    ("number", "code"),
    [
        ("RR473124820GB", "SRC301"),
        ("12345", "SRC302"),
        ("JA473124829GB", "SRC303"),
        ("RR473124829UK", "SRC304"),
        ("RR47312482XGB", "SRC305"),
        ("rr473124829gb", "SRC306"),
    ],
)
def test_item_id(parcel, codes, number, code):
    assert (code, "item_id") in codes(parcel.but(item_id=number))


def test_another_identifier_needs_its_type(parcel, codes):
    assert codes(parcel.but(item_id="00340434161094027318", item_id_type="SSCC")) == []


def test_s10_is_asked_for_only_where_the_table_says_so(parcel, codes):
    assert codes(parcel.but(item_id="HAWB-1"), bound=()) == []


def test_service_indicator_and_mail_class(parcel, codes):
    assert codes(parcel.but(mail_class="C")) == [("SRC307", "mail_class")]
    assert ("SRC395", "mail_class") in codes(parcel.but(mail_class="X"))
    assert codes(parcel.but(mail_category="E")) == [("SRC396", "mail_category")]
    assert codes(parcel.but(origin_operator="ZZA")) == [("SRC397", "origin_operator")]


# R03 dates


def test_a_posting_date_may_be_tomorrow_for_zones_but_not_later(parcel, codes):
    on = Context(date(2026, 9, 14))
    assert codes(parcel.but(posted_at=Moment("2026-09-15T23:00:00+12:00")), on) == []
    assert codes(parcel.but(posted_at=Moment("2026-09-16")), on) == [("SRC311", "posted_at")]


def test_a_posting_date_after_the_message_or_the_arrival(parcel, codes):
    assert codes(parcel.but(posted_at=Moment("2026-09-15"))) == [("SRC314", "posted_at")]
    arrived = Transport(arrived_at=Moment("2026-09-12T08:00:00"))
    assert codes(parcel.but(transport=arrived)) == [("SRC312", "posted_at")]


def test_a_missing_posting_date(parcel, codes):
    assert codes(parcel.but(posted_at=None)) == [("SRC313", "posted_at")]


# R04, R06 masses


@pytest.mark.parametrize("mass", ["0", "0.000", "-1"])
def test_gross_mass_zero(parcel, codes, mass):
    assert ("SRC321", "gross_mass") in codes(parcel.but(gross_mass=kilos(mass)))


def test_net_above_gross_of_the_whole_parcel(parcel, codes, check):
    heavy = parcel.but(gross_mass=kilos("0.649"))
    assert codes(heavy) == [("SRC322", "gross_mass")]
    assert check(heavy)[0].values == {"net": "0.650", "gross": "0.649"}
    assert codes(parcel.but(gross_mass=kilos("0.650"))) == []


def test_masses_are_compared_in_kilograms(parcel, codes):
    assert codes(parcel.but(gross_mass=kilos("649", "GRM"))) == [("SRC322", "gross_mass")]
    assert codes(parcel.but(gross_mass=kilos("2", "LBR"))) == []


def test_parts_of_a_gram(parcel, codes):
    assert codes(parcel.but(gross_mass=kilos("0.9005"))) == [("SRC323", "gross_mass")]
    assert codes(parcel.but(gross_mass=kilos("900.5", "GRM"))) == [("SRC323", "gross_mass")]
    assert codes(parcel.but(gross_mass=kilos("0.900000"))) == []
    assert codes(parcel.goods(net_mass=kilos("0.4001"))) == [("SRC323", "goods_items[1].net_mass")]


def test_a_unit_that_is_no_mass(parcel, codes):
    assert codes(parcel.but(gross_mass=kilos("1", "MTR"))) == [("SRC326", "gross_mass")]
    assert codes(parcel.goods(net_mass=kilos("1", "MTR"))) == [("SRC326", "goods_items[1].net_mass")]


def test_limit_of_the_mail_class(parcel, codes):
    assert codes(parcel.but(gross_mass=kilos("2.001"))) == [("SRC324", "gross_mass")]
    assert codes(parcel.but(gross_mass=kilos("29"), item_id="CP000000155DE", mail_class="C")) == []


def test_net_mass_of_a_line(parcel, codes):
    assert codes(parcel.goods(net_mass=kilos("0"))) == [("SRC325", "goods_items[1].net_mass")]
    assert codes(parcel.goods(unit_net_mass=kilos("0.2"))) == []
    assert codes(parcel.goods(unit_net_mass=kilos("0.4"))) == [("SRC327", "goods_items[1].unit_net_mass")]


def test_gross_masses_of_the_goods_against_the_parcel(parcel, codes):
    items = tuple(kilos(mass) for mass in ("0.5", "0.3"))
    weighed = [parcel.goods(gross_mass=items[0]).goods_items[0], parcel.clean.goods_items[1]]
    assert codes(parcel.but(goods_items=tuple(weighed))) == []
    import msgspec

    weighed[1] = msgspec.structs.replace(weighed[1], gross_mass=items[1])
    assert codes(parcel.but(goods_items=tuple(weighed))) == [("SRC328", "gross_mass")]


# R06-R08, R13 goods


def test_no_goods(parcel, codes):
    assert codes(parcel.but(goods_items=())) == [("SRC331", "goods_items")]


def test_no_pieces(parcel, codes):
    assert codes(parcel.goods(quantity=Decimal(0))) == [("SRC332", "goods_items[1].quantity")]


@pytest.mark.parametrize(
    ("description", "code"),
    [(None, "SRC333"), ("", "SRC333"), ("X1", "SRC334"), ("Gift", "SRC335"), ("礼品", "SRC335")],
)
def test_descriptions(parcel, codes, description, code):
    assert codes(parcel.goods(description=description)) == [(code, "goods_items[1].description")]


@pytest.mark.parametrize(
    ("code", "expected"),
    [("6109", "SRC343"), ("610999", "SRC344"), ("61.09", "SRC342"), (None, "SRC341"), ("", "SRC342")],
)
def test_hs_codes(parcel, codes, code, expected):
    assert codes(parcel.goods(hs_code=code)) == [(expected, "goods_items[1].hs_code")]


def test_longer_codes_begin_with_hs(parcel, codes):
    assert codes(parcel.goods(hs_code="6109100010")) == []


def test_hs_is_asked_of_commercial_goods(parcel, codes):
    for nature, expected in (("11", 1), ("32", 1), ("31", 0), ("91", 0), ("21", 0)):
        found = codes(parcel.but(nature=nature, goods_items=parcel.goods(hs_code=None).goods_items))
        assert len([code for code, _ in found if code == "SRC341"]) == expected


def test_a_correction_or_a_tariff_code_stands_for_a_missing_hs_code(parcel, codes):
    assert codes(parcel.goods(hs_code=None, revised_hs_code="610910")) == []
    assert codes(parcel.goods(hs_code=None, tariff_code="6109100010")) == []
    assert codes(parcel.goods(revised_hs_code="999999")) == [("SRC344", "goods_items[1].revised_hs_code")]


def test_origin(parcel, codes):
    assert codes(parcel.goods(origin=None)) == [("SRC383", "goods_items[1].origin")]
    assert codes(parcel.goods(origin="UK")) == [("SRC382", "goods_items[1].origin")]


def test_stated_counts(parcel, codes):
    assert codes(parcel.but(goods_item_count=2)) == []
    assert codes(parcel.but(goods_item_count=3)) == [("SRC398", "goods_item_count")]
    assert codes(parcel.but(package_count=2, packages=(Package(count=1),))) == [("SRC398", "package_count")]
    assert codes(parcel.but(package_count=2)) == []


# R09-R11 values


def test_currency(parcel, codes):
    assert ("SRC351", "postage") in codes(parcel.but(postage=amount("9.80", "EUX")))
    found = codes(parcel.goods(value=amount("25.50", "XTS")))
    assert found == [("SRC351", "goods_items[1].value")]
    assert codes(parcel.goods(value=amount("25.50", "USD"))) == [("SRC353", "goods_items[2].value")]
    assert codes(parcel.but(insured_value=amount(1, "?"))) == [("SRC351", "insured_value")]


@pytest.mark.parametrize(
    ("number", "currency", "fits"),
    [("1200.00", "JPY", True), ("1200.50", "JPY", False), ("9.805", "KWD", True), ("9.805", "EUR", False)],
)
def test_decimals_of_the_currency(parcel, codes, number, currency, fits):
    assert codes(parcel.but(postage=amount(number, currency))) == ([] if fits else [("SRC352", "postage")])


def test_value_of_a_line(parcel, codes):
    assert codes(parcel.goods(value=None)) == [("SRC354", "goods_items[1].value")]
    assert ("SRC355", "goods_items[1].value") in codes(parcel.goods(value=amount("0")))
    assert ("SRC355", "goods_items[1].value") in codes(parcel.goods(value=amount("1.00")))
    assert ("SRC356", "goods_items[1].value") in codes(parcel.goods(value=amount("-5")))


def test_an_amount_declared_as_none_is_not_missing(parcel, codes):
    assert codes(parcel.but(insurance=amount("0", "XXX"))) == []
    assert codes(parcel.goods(value=amount("0", "XXX"))) == []


def test_the_total_allows_a_minor_unit_a_line(parcel, codes, check):
    assert codes(parcel.but(value=amount("45.52"))) == []
    wrong = parcel.but(value=amount("45.53"))
    assert codes(wrong) == [("SRC357", "value")]
    assert check(wrong)[0].values == {"sum": "45.50", "stated": "45.53", "currency": "EUR"}


def test_unit_price_against_the_line(parcel, codes):
    assert codes(parcel.goods(unit_price=amount("12.75"))) == []
    assert codes(parcel.goods(unit_price=amount("12.74"))) == [("SRC358", "goods_items[1].unit_price")]
    assert codes(parcel.goods(unit_price=amount("25.50"))) == [("SRC421", "goods_items[1].unit_price")]


def test_postage(parcel, codes):
    assert codes(parcel.but(postage=None)) == [("SRC361", "postage")]
    assert codes(parcel.but(postage=amount("0"))) == [("SRC362", "postage")]


# R12-R15 parties


def test_sender_and_addressee_are_required(parcel, codes):
    assert codes(parcel.but(consignor=None)) == [("SRC371", "consignor")]
    assert ("SRC371", "consignee") in codes(parcel.but(consignee=None))
    assert codes(parcel.but(consignor=None, exporter=parcel.clean.consignor)) == []


@pytest.mark.parametrize(
    ("name", "code"), [(None, "SRC372"), ("", "SRC372"), ("X", "SRC373"), ("Unknown", "SRC374"), ("N/A", "SRC374")]
)
def test_names(parcel, codes, name, code):
    assert codes(parcel.addressee(name=name)) == [(code, "consignee.name")]


def test_a_company_is_a_name_and_an_id_stands_for_one(parcel, codes):
    assert codes(parcel.sender(name=None, company="Example Ltd")) == []
    assert codes(parcel.sender(name=None, ids=(Identification(kind="EORI", id="GB123456789000"),))) == []


def test_addresses(parcel, codes):
    assert codes(parcel.addressee(address=None)) == [("SRC375", "consignee.address")]
    assert codes(parcel.addressed_to(lines=())) == [("SRC375", "consignee.address")]
    assert codes(parcel.addressed_to(city=None)) == [("SRC375", "consignee.address")]
    assert codes(parcel.addressed_to(lines=(".",))) == [("SRC376", "consignee.address.lines")]
    whole = Address(text="12 High Street, London", postcode="EC1A 1BB", country="GB")
    assert codes(parcel.addressee(address=whole)) == []


def test_postcodes(parcel, codes):
    assert codes(parcel.addressed_to(postcode=None)) == [("SRC377", "consignee.address.postcode")]
    assert codes(parcel.addressed_to(postcode="12345")) == [("SRC378", "consignee.address.postcode")]
    assert codes(parcel.addressed_to(country="AT", postcode="1010")) == []
    assert codes(parcel.addressed_to(country="HK", postcode=None)) == []


def test_countries(parcel, codes):
    assert ("SRC381", "consignee.address.country") in codes(parcel.addressed_to(country=None))
    assert ("SRC382", "consignee.address.country") in codes(parcel.addressed_to(country="UK"))
    seller = Party(name="Shop", address=Address(country="ZZ"))
    assert codes(parcel.but(seller=seller)) == [("SRC382", "seller.address.country")]
    assert codes(parcel.but(export_country="EU")) == [("SRC382", "export_country")]


def test_telephones(parcel, codes):
    assert codes(parcel.addressee(communications=())) == [("SRC385", "consignee.communications")]
    national = (Communication(type="EM", value="a@example.org"), Communication(type="TE", value="020 7946 0000"))
    assert codes(parcel.addressee(communications=national)) == [("SRC386", "consignee.communications[2].value")]


def test_findings_about_persons_show_no_name_and_no_address(parcel, check):
    nobody = parcel.addressee(name="Unknown", communications=(Communication(type="TE", value="12345"),))
    spoiled = (nobody, parcel.addressed_to(postcode="XYZ 99"), parcel.addressed_to(lines=("-",)))
    shown = " ".join(value for one in spoiled for finding in check(one) for value in finding.values.values())
    assert not any(word in shown for word in ("Unknown", "XYZ", "12345", "High Street"))


# R16 nature


def test_nature(parcel, codes):
    assert codes(parcel.but(nature=None)) == [("SRC391", "nature")]
    assert codes(parcel.but(nature="12")) == [("SRC392", "nature")]
    assert codes(parcel.but(nature="991")) == []


def test_gifts_that_are_none(parcel, codes):
    assert codes(parcel.but(nature="31")) == []
    company = parcel.sender(company="Example Ltd").consignor
    assert codes(parcel.but(nature="31", consignor=company)) == [("SRC393", "consignor")]
    many = parcel.goods(quantity=Decimal(50)).goods_items
    assert codes(parcel.but(nature="31", goods_items=many)) == [("SRC394", "goods_items[1].quantity")]
