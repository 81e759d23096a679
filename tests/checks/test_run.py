"""All checks together: collected, placed, graded by destination, never raising."""

import re
from datetime import date
from decimal import Decimal
from pathlib import Path

import msgspec
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import gateway.checks
from gateway.checks import Context, run
from gateway.findings.catalogue import all_entries, entry
from gateway.model import Amount, Consignment, Measure, Moment
from gateway.model.dictionary import at, fields

TODAY = Context(date(2026, 9, 14))
NEVER_WAIVED = {
    "s10.check_digit",
    "s10.country",
    "gross.zero",
    "posting.future",
    "currency.unknown",
    "goods.none",
    "nature.unknown",
}


def test_an_item_with_three_faults_has_three_findings(parcel, codes):
    spoiled = parcel.but(nature="12", gross_mass=Measure(Decimal(0)), goods_items=parcel.goods(hs_code="1").goods_items)
    assert codes(spoiled) == [
        ("SRC321", "gross_mass"),
        ("SRC342", "goods_items[1].hs_code"),
        ("SRC392", "nature"),
    ]


def test_a_finding_names_item_path_and_wco_id(parcel, check):
    (found,) = check(parcel.goods(hs_code="999999"))
    assert found.item_id == "RR473124829GB"
    assert found.model_path == "goods_items[1].hs_code"
    assert found.wco_id == "145"
    assert found.values == {"value": "999999"}


def test_a_message_prepared_on_the_last_day_of_the_calendar_is_checked(parcel):
    for prepared in ("9999-12-31", "9999-12-31T23:59:59-14:00"):
        assert run(parcel.clean, Context(date(2026, 9, 14), Moment(prepared))) == ()
    run(parcel.clean, Context(date.max, Moment("0001-01-01")))


def test_every_code_of_the_checks_can_occur():
    package = Path(gateway.checks.__file__).parent
    written = "".join(path.read_text(encoding="utf-8") for path in package.rglob("*.py"))
    codes = {row.code for row in all_entries() if row.code.startswith("SRC3")}
    assert set(re.findall(r"SRC3\d\d", written)) == codes


def test_faults_that_make_an_item_impossible_cannot_be_waived():
    assert {row.name for row in all_entries() if row.code.startswith("SRC3") and not row.waivable} >= NEVER_WAIVED
    assert all(entry(row.code).severity == "error" for row in all_entries() if row.name in NEVER_WAIVED)


@pytest.mark.parametrize(
    ("country", "postcode", "hs_missing", "vague"),
    [
        ("GB", "EC1A 1BB", "error", "warning"),
        ("FR", "75001", "error", "error"),
        ("US", "10118", "warning", "warning"),
        ("BR", "01310-100", "warning", "warning"),
    ],
)
def test_severities_are_those_of_the_destination(parcel, grade, country, postcode, hs_missing, vague):
    to = parcel.addressed_to(country=country, postcode=postcode).consignee
    assert grade(parcel.but(consignee=to, goods_items=parcel.goods(hs_code=None).goods_items)) == {
        "hs.missing": hs_missing
    }
    assert grade(parcel.but(consignee=to, goods_items=parcel.goods(description="Gift").goods_items)) == {
        "description.vague": vague
    }


def test_switches_are_dated(parcel, grade):
    to = parcel.addressed_to(country="FR", postcode="75001").consignee
    gift = parcel.but(
        consignee=to, goods_items=parcel.goods(description="Gift").goods_items, posted_at=Moment("2025-08-01")
    )
    assert grade(gift, Context(date(2025, 8, 31))) == {"description.vague": "warning"}
    assert grade(gift, Context(date(2025, 9, 1))) == {"description.vague": "error"}


def test_india_asks_for_longer_descriptions_and_accepts_two_digits(parcel, grade):
    to = parcel.addressed_to(country="IN", postcode="110001").consignee
    assert grade(parcel.but(consignee=to, goods_items=parcel.goods(description="Lego").goods_items)) == {
        "description.short": "error"
    }
    assert grade(parcel.but(consignee=to, goods_items=parcel.goods(hs_code="61").goods_items)) == {}


def test_a_stated_destination_counts_before_the_address(parcel, grade):
    assert grade(parcel.but(destination_country="FR", goods_items=parcel.goods(description="Gift").goods_items)) == {
        "description.vague": "error"
    }


def test_a_context_may_say_otherwise_and_switch_off(parcel, grade):
    gift = parcel.goods(description="Gift")
    assert grade(gift, Context(date(2026, 9, 14), profile={"description.vague": "error"})) == {
        "description.vague": "error"
    }
    assert grade(gift, Context(date(2026, 9, 14), profile={"description.vague": "off"})) == {}


def test_checks_of_the_table_are_run_where_no_rule_looks(parcel, codes):
    bound = (("importer.address.country", "iso3166"), ("transport.equipment.id", "s9"), ("receptacle_id", "s9"))
    assert codes(parcel.but(receptacle_id="FRCDGA"), bound=bound) == [("SRC308", "receptacle_id")]
    assert codes(parcel.but(receptacle_id="FRCDGANLAMSAAUN60012001109999"), bound=bound) == [
        ("SRC310", "receptacle_id")
    ]
    assert codes(parcel.clean, bound=(("consignee.communications[type=TE].value", "iso3166"),)) == [
        ("SRC382", "consignee.communications[1].value")
    ]


def test_a_fault_that_a_rule_and_a_row_see_is_told_once(parcel, codes):
    bound = (("nature", "iso3166"), ("nature", "iso3166"))
    assert codes(parcel.clean, bound=bound) == [("SRC382", "nature")]


def test_every_field_may_be_missing(parcel):
    """No rule looks for what is not there: every field of every part is taken away in turn."""
    for path in paths(Consignment, parcel.clean):
        for finding in run(without(parcel.clean, path), TODAY, (("item_id", "s10"),)):
            assert entry(finding.code)


def test_nothing_at_all_is_checked_too():
    found = {entry(finding.code).name for finding in run(Consignment(), TODAY)}
    assert found == {"goods.none", "party.missing"}


NUMBERS = st.decimals(allow_nan=False, allow_infinity=False, min_value=-(10**30), max_value=10**30)
TEXTS = st.none() | st.text(max_size=30)


@settings(max_examples=200, deadline=None)
@given(NUMBERS, NUMBERS, TEXTS, TEXTS, TEXTS, TEXTS)
def test_no_values_make_a_check_fail(mass, money, code, country, text, number):
    from gateway.model import Address, GoodsItem, Party

    goods = GoodsItem(
        description=text,
        hs_code=code,
        origin=country,
        quantity=mass,
        net_mass=Measure(mass, number or "KGM"),
        unit_net_mass=Measure(money),
        gross_mass=Measure(mass),
        value=Amount(money, country or ""),
        unit_price=Amount(mass, country or ""),
    )
    party = Party(name=text, address=Address(lines=(text or "",), city=text, country=country, postcode=number))
    consignment = Consignment(
        item_id=number,
        nature=code,
        mail_class=code,
        origin_operator=country,
        gross_mass=Measure(mass),
        value=Amount(money, "EUR"),
        postage=Amount(money, code or ""),
        consignor=party,
        consignee=party,
        goods_items=(goods, goods),
    )
    for finding in run(consignment, TODAY, (("item_id", "s10"),)):
        known = entry(finding.code)
        assert known.message % finding.values
        assert at(Consignment, finding.model_path.replace("[1]", "").replace("[2]", "")) is not None


def paths(record_type, record, ahead=()):
    for field in fields(record_type).values():
        yield (*ahead, field.name)
        value = getattr(record, field.name)
        if field.record is not None and value:
            inner = value[0] if field.is_list else value
            yield from paths(field.record, inner, (*ahead, field.name))


def without(record, path):
    name, *rest = path
    value = getattr(record, name)
    if not rest:
        return msgspec.structs.replace(record, **{name: type(record)().__getattribute__(name)})
    if isinstance(value, tuple):
        return msgspec.structs.replace(record, **{name: (without(value[0], rest), *value[1:])})
    return msgspec.structs.replace(record, **{name: without(value, rest)})
