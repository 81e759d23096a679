"""The shared ITMATT file in which each item breaks one rule: what is found is what is expected, and nothing else.

The few elements that the rules need are taken from the XML by hand: the mapping tables are tested elsewhere.
"""

import csv
import os
from datetime import date
from decimal import Decimal
from pathlib import Path

import msgspec
import pytest
from lxml import etree

from gateway.checks import Context, run
from gateway.findings.catalogue import entry
from gateway.model import Address, Amount, Communication, Consignment, GoodsItem, Measure, Moment, Party

SHARED = Path(os.environ.get("GATEWAY_SHARED_DATA", Path(__file__).parents[3] / "shared" / "data"))
MESSAGE = SHARED / "upu" / "samples" / "itmatt_rules.xml"
EXPECTED = SHARED / "upu" / "samples" / "itmatt_rules_expected.csv"
M33 = "{m33}"

NAMES = {
    "S10-CHECK": "s10.check_digit",
    "S10-PREFIX": "s10.indicator",
    "POSTING-FUTURE": "posting.future",
    "GROSS-ZERO": "gross.zero",
    "NET-ABOVE-GROSS": "net.above_gross",
    "NET-ZERO": "net.zero",
    "UNITS-ZERO": "quantity.zero",
    "DESCRIPTION-VAGUE": "description.vague",
    "DESCRIPTION-SHORT": "description.short",
    "HS-MISSING": "hs.missing",
    "HS-SHORT": "hs.short",
    "HS-UNKNOWN": "hs.unknown",
    "VALUE-IMPLAUSIBLE": "value.implausible",
    "CURRENCY-UNKNOWN": "currency.unknown",
    "CURRENCY-MIXED": "currency.mixed",
    "TOTAL-MISMATCH": "value.total_difference",
    "POSTAGE-MISSING": "postage.missing",
    "RECIPIENT-SHORT": "name.short",
    "POSTCODE-FORM": "postcode.form",
    "COUNTRY-UNKNOWN": "country.unknown",
    "ORIGIN-MISSING": "origin.missing",
    "PHONE-MISSING": "phone.missing",
    "PHONE-FORM": "phone.form",
    "NAME-PLACEHOLDER": "name.placeholder",
    "NATURE-UNKNOWN": "nature.unknown",
    "GIFT-FROM-COMPANY": "gift.from_company",
    "OPERATOR-UNKNOWN": "operator.unknown",
}
ELSEWHERE = {"ID-DUPLICATE": "the journal knows it", "ROUTE-TRANSIT": "the route", "ROUTE-RETURN": "the route"}

pytestmark = pytest.mark.skipif(not MESSAGE.is_file(), reason="the shared ITMATT samples are not here")


def amount(element):
    return None if element is None else Amount(Decimal(element.text), element.get("currency"))


def mass(element):
    return None if element is None else Measure(Decimal(element.text))


def party(element):
    said = {child.tag.removeprefix(M33): child.text for child in element}
    address = element.find(f"{M33}address")
    kinds = (("TE", "phone"), ("EM", "email"))
    return Party(
        name=said.get("name"),
        company=said.get("company"),
        address=Address(
            lines=tuple(line.text for line in address.findall(f"{M33}line")),
            postcode=address.findtext(f"{M33}postcode"),
            city=address.findtext(f"{M33}city"),
            country=address.findtext(f"{M33}country"),
        ),
        communications=tuple(Communication(type=kind, value=said[name]) for kind, name in kinds if name in said),
    )


def piece(element):
    return GoodsItem(
        description=element.findtext(f"{M33}description"),
        hs_code=element.findtext(f"{M33}hs-code"),
        origin=element.findtext(f"{M33}origin-country"),
        quantity=Decimal(element.findtext(f"{M33}number-of-units")),
        net_mass=mass(element.find(f"{M33}net-weight")),
        value=amount(element.find(f"{M33}value")),
    )


def item(element):
    return Consignment(
        item_id=element.findtext(f"{M33}item-id"),
        origin_operator=element.findtext(f"{M33}origin-operator"),
        destination_operator=element.findtext(f"{M33}destination-operator"),
        posted_at=Moment(element.findtext(f"{M33}posting-date")),
        mail_class=element.findtext(f"{M33}mail-class"),
        mail_category=element.findtext(f"{M33}mail-category"),
        nature=element.findtext(f"{M33}nature-of-transaction"),
        gross_mass=mass(element.find(f"{M33}gross-weight")),
        value=amount(element.find(f"{M33}declared-value")),
        postage=amount(element.find(f"{M33}postage")),
        insured_value=amount(element.find(f"{M33}insured-value")),
        consignor=party(element.find(f"{M33}sender")),
        consignee=party(element.find(f"{M33}recipient")),
        goods_items=tuple(map(piece, element.findall(f"{M33}content-piece"))),
    )


def cases():
    if not MESSAGE.is_file():
        return []
    with EXPECTED.open(encoding="utf-8", newline="") as stream:
        rows = list(csv.DictReader(stream))
    return list(zip(rows, map(item, etree.parse(MESSAGE).iter(f"{M33}item")), strict=True))


@pytest.mark.parametrize(("row", "consignment"), cases(), ids=lambda value: getattr(value, "item_id", None) or "")
def test_each_item_has_the_finding_that_is_expected_and_no_other(row, consignment):
    context = Context(date(2026, 9, 14), Moment("2026-09-14T10:15:00Z"))
    if row["finding"] == "PHONE-MISSING":  # an e-mail address is enough for the EU
        consignment = msgspec.structs.replace(consignment, destination_country="CH")
    found = [entry(finding.code).name for finding in run(consignment, context, (("item_id", "s10"),))]
    expected = [NAMES[row["finding"]]] if row["finding"] and row["finding"] not in ELSEWHERE else []
    assert found == expected
