"""Traps of declarations to the United Kingdom: another country's, order, widths, money, zones, codes, midnight."""

from datetime import date, datetime
from decimal import Decimal
from itertools import pairwise

import msgspec
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from lxml import etree

from adapters.customs.uk import AUTHORITY
from gateway.checks import Context, run
from gateway.checks.lists import rows
from gateway.mapping.protocols import Filing, Item
from gateway.mapping.registry import Registry, shipped
from gateway.model import Address, Amount, Consignment, Declaration, GoodsItem, Moment, Party
from gateway.steps.working.filer import Filer
from tests.tables.conftest import ON, SETTINGS

KINDS = ("h7", "h7-grouped", "birds", "low-value-import", "low-value-export")
IMPORTS = KINDS[:-1]
TYPES = {"birds": "COJ", "low-value-export": "EXD"}
CASES = shipped() / "customs"


def record(kind, *goods, **facts):
    """The least that is written as this kind."""
    return Consignment(declaration=Declaration(type=TYPES.get(kind, "IMA"), lrn="GW1"), goods_items=goods, **facts)


@pytest.fixture(scope="module")
def schema(shared):
    return etree.XMLSchema(etree.parse(shared / "uk-cds/schemas/customs/wrapper_submit.xsd"))


# 1: the namespace is that of Denmark too


DANISH = (CASES / "dk/cases/h7/every-element.in").read_bytes()
WRAPPED = b"""<md:MetaData xmlns:md="urn:wco:datamodel:WCO:DocumentMetaData-DMS:2"
  xmlns="urn:wco:datamodel:WCO:DEC-DMS:2">
<md:WCOTypeName>DEC</md:WCOTypeName><md:ResponsibleCountryCode>DK</md:ResponsibleCountryCode>
<Declaration><FunctionCode>9</FunctionCode><TypeCode>IMA</TypeCode></Declaration></md:MetaData>"""


@pytest.mark.parametrize("message", [DANISH, WRAPPED], ids=["as it is", "in an envelope"])
def test_a_danish_declaration_is_never_taken_for_one_of_the_united_kingdom(message, registry):
    names = registry.recognise(message, ON)
    assert not [name for name in names if name.startswith("customs/uk/")]


@pytest.mark.parametrize("kind", KINDS)
def test_offered_by_name_nothing_in_it_is_read(kind, desk):
    parts = [part for part, _, _ in desk(f"customs/uk/{kind}").parts(DANISH)]
    assert not [part for part in parts if isinstance(part, Item)]
    assert any(getattr(part, "findings", ()) for part in parts)


@pytest.mark.parametrize("kind", IMPORTS)
def test_a_danish_parcel_is_held_by_its_destination(kind, desk):
    (reading,) = desk("customs/dk/h7").read(DANISH)
    filing = Filing("GW1", Moment("2026-09-14T10:00:00Z"), target=f"customs/uk/{kind}")
    there = msgspec.structs.replace(reading.record, destination_country="DK")
    assert "TGT550" in [finding.code for finding in AUTHORITY.complete(there, filing, SETTINGS, ON)[1]]


# 2: order


def elements(tree):
    return [element for element in tree.iter() if isinstance(element.tag, str)]


def test_any_two_elements_that_change_places_are_caught_by_the_schema_and_put_right_by_the_writer(schema, desk):
    sample = (CASES / "uk/cases/low-value-import/every-element.in").read_bytes()
    table, swaps = desk("customs/uk/low-value-import"), 0
    for place, element in enumerate(elements(etree.fromstring(sample))):
        for at, (one, other) in enumerate(pairwise(list(element))):
            if isinstance(one.tag, str) and isinstance(other.tag, str) and one.tag != other.tag:
                tree = etree.fromstring(sample)
                parent = elements(tree)[place]
                parent.insert(at, parent[at + 1])
                swaps += 1
                assert not schema.validate(tree), f"{one.tag} before {other.tag}"
                if "DEC-DMS" in element.tag:
                    (reading,) = table.read(etree.tostring(tree))
                    schema.assertValid(etree.fromstring(table.format.write(reading.record).text.encode()))
    assert swaps > 80


# 3: widths


@pytest.mark.parametrize("kind", KINDS)
def test_a_postcode_of_more_than_nine_characters_is_a_finding_and_never_cut(kind, desk):
    party = Party(name="A. Receiver", address=Address(postcode="1234567890", country="GB"))
    whole = record(kind, GoodsItem(number=1, description="Mug", consignor=party), consignor=party)
    written = desk(f"customs/uk/{kind}").format.write(whole)
    assert [(one.code, one.values["value"]) for one in written.findings] == [("TGT502", "1234567890")]
    assert written.text is None


# 4: money


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize(("amount", "currency", "found"), [
    ("100", "JPY", None), ("1.234", "KWD", None), ("1.2345", "KWD", "TGT505"),
])  # fmt: skip
def test_money_is_written_to_its_last_decimal_or_not_at_all(kind, amount, currency, found, desk):
    goods = GoodsItem(number=1, description="Mug", value=Amount(Decimal(amount), currency))
    written = desk(f"customs/uk/{kind}").format.write(record(kind, goods))
    if found:
        assert {finding.code for finding in written.findings} == {found}
    else:
        assert f'currencyID="{currency}">{amount}<' in written.text


def test_yen_with_decimals_are_found_before_anything_is_written():
    goods = GoodsItem(value=Amount(Decimal("100.50"), "JPY"))
    found = run(Consignment(goods_items=(goods,)), Context(received_on=ON), ())
    assert "SRC352" in [finding.code for finding in found]


@settings(deadline=None)  # the first one compiles the table
@given(st.lists(st.decimals("0.01", "400", places=2), min_size=1, max_size=9))
def test_the_invoice_is_the_sum_of_its_lines_as_written(values):
    goods = [GoodsItem(number=n, value=Amount(value, "EUR")) for n, value in enumerate(values, start=1)]
    text = REGISTRY.format("customs/uk/low-value-import", ON).write(record("low-value-import", *goods)).text
    tree = etree.fromstring(text.encode())
    lines = [Decimal(one.text) for one in tree.iterfind(".//{*}ItemChargeAmount")]
    assert Decimal(tree.find(".//{*}InvoiceAmount").text) == sum(lines) == sum(values)


REGISTRY = Registry()


# 5: zones of two digits


def test_a_zone_of_half_an_hour_is_written_as_utc(tmp_path):
    own = tmp_path / "own"
    own.mkdir()
    (own / "dated.yaml").write_text(
        "format: own/dated\ntitle: with a time\nbasis: own\nextends: customs/wco/declaration-3.6\n"
        "valid: {from: 2024-07-01}\nfields:\n"
        "  IssueDateTime/DateTimeString[@formatCode='304']: {is: declaration.declared_at, date: \"304\"}\n"
    )
    table = Registry([tmp_path]).format("own/dated", ON)
    at = Consignment(declaration=Declaration(declared_at=Moment("2026-09-13T17:40:00+05:30")))
    written = table.write(at)
    assert '<DateTimeString formatCode="304">20260913121000Z</DateTimeString>' in written.text


# 14: commodity codes


@pytest.mark.parametrize("kind", ["h7", "h7-grouped", "low-value-import", "low-value-export"])
@pytest.mark.parametrize(("code", "parts"), [
    ("61091000", [("61091000", "TSP")]), ("6109100010", [("61091000", "TSP"), ("10", "TRC")]),
])  # fmt: skip
def test_eight_digits_are_of_the_tariff_and_two_more_stand_apart(kind, code, parts, desk):
    text = desk(f"customs/uk/{kind}").format.write(record(kind, GoodsItem(number=1, tariff_code=code))).text
    found = [
        (one.findtext("{*}ID"), one.findtext("{*}IdentificationTypeCode"))
        for one in etree.fromstring(text.encode()).iterfind(".//{*}Classification")
    ]
    assert found == parts


@pytest.mark.parametrize("code", ["99", "9999", "999999"])
def test_codes_that_are_none_are_found_in_the_senders_message(code, desk, samples):
    message = (samples / "uk-h7/01-portugal-registered-letter.xml").read_text()
    start, end = message.index("<hs-code>") + len("<hs-code>"), message.index("</hs-code>")
    table = desk("upu/itmatt-1.5")
    (reading,) = table.read((message[:start] + code + message[end:]).encode())
    found = run(reading.record, Context(received_on=ON), table.format.plan.checks)
    assert "SRC344" in [finding.code for finding in found]


# 15: midnight


def lists(name):
    """The relief ends with 14 September."""
    table = [dict(row) for row in rows(name)]
    for row in table if name == "customs/uk/reliefs" else ():
        row["valid_to"] = "2026-09-14"
    return table


@pytest.mark.parametrize(("moment", "codes"), [
    ("2026-09-14T22:59:59+00:00", ("1H7", "C07")),  # 23:59:59 in London
    ("2026-09-14T23:00:00+00:00", ("1H7",)),
])  # fmt: skip
def test_the_day_of_declaration_in_the_authoritys_zone_counts_not_the_day_of_posting(moment, codes):
    day = Filer(zone="Europe/London").day(datetime.fromisoformat(moment))
    goods = GoodsItem(value=Amount(Decimal(10), "GBP"))
    parcel = Consignment(posted_at=Moment("2026-09-01"), nature="11", goods_items=(goods,))
    filing = Filing("GW1", Moment("2026-09-14T23:00:00Z"), target="customs/uk/h7")
    said, _ = AUTHORITY.complete(parcel, filing, SETTINGS, day, lists)
    assert said.goods_items[0].additional_procedures == codes
    assert day in {date(2026, 9, 14), date(2026, 9, 15)}
