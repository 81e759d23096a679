"""What holds for every parcel to Denmark, whatever it is like."""

from decimal import Decimal

import msgspec
from hypothesis import given
from hypothesis import strategies as st

from gateway.findings import catalogue
from gateway.model import (
    Address,
    Amount,
    Communication,
    Consignment,
    Declaration,
    Document,
    GoodsItem,
    Identification,
    Location,
    Measure,
    Package,
    Party,
    Reference,
    Statement,
)
from tests.adapters.customs.dk.declared import SETTINGS, complete, violated

words = st.none() | st.sampled_from(
    ["", "A", "DK", "C07", "C08", "F48", "F49", "FR5", "IM1234567890", "DK09999981", "Z"]
)
texts = words | st.text(max_size=8)
money = st.none() | st.builds(
    Amount, st.decimals(allow_nan=False, allow_infinity=False), st.sampled_from(["DKK", "EUR", "", "XXX"])
)
masses = st.none() | st.builds(
    Measure, st.decimals(min_value=0, max_value=10**9, places=3), st.sampled_from(["KGM", "GRM", "XXX"])
)
ids = st.lists(st.builds(Identification, kind=words, id=texts), max_size=2).map(tuple)
documents = st.lists(st.builds(Document, kind=words, type=texts, id=texts), max_size=2).map(tuple)
statements = st.lists(st.builds(Statement, code=texts), max_size=2).map(tuple)
parties = st.none() | st.builds(
    Party, ids=ids, name=texts, company=texts, person_type=words, capacity=words, contact_name=texts,
    address=st.none() | st.builds(Address, lines=st.lists(st.text(max_size=4), max_size=2).map(tuple), country=texts),
    communications=st.lists(st.builds(Communication, type=words, value=texts), max_size=2).map(tuple),
)  # fmt: skip
codes = st.none() | st.from_regex(r"[0-9]{0,12}", fullmatch=True) | st.text(max_size=10)
items = st.builds(
    GoodsItem, hs_code=codes, tariff_code=codes, description=texts, value=money, postage=money, gross_mass=masses,
    net_mass=masses, quantity=st.none() | st.decimals(0, 10**6, places=2),
    supplementary_quantity=st.none() | st.decimals(0, 10**6, places=2), documents=documents, statements=statements,
    additional_procedures=st.lists(words.filter(bool), max_size=3).map(tuple),
    packages=st.lists(st.builds(Package, count=st.none() | st.integers(0, 10**6)), max_size=2).map(tuple),
)  # fmt: skip
parcels = st.builds(
    Consignment, item_id=texts, nature=st.sampled_from([None, "11", "31", "91"]), gross_mass=masses, postage=money,
    consignor=parties, consignee=parties, importer=parties, exporter=parties, declarant=parties, representative=parties,
    destination_country=texts, documents=documents, statements=statements,
    declaration=st.none() | st.builds(Declaration, type=texts, office=texts),
    goods_location=st.none() | st.builds(Location, type=words, qualifier=words, name=texts, authorisation=texts),
    fiscal_references=st.lists(st.builds(Reference, role=words, id=texts), max_size=2).map(tuple),
    goods_items=st.lists(items, max_size=3).map(tuple),
)  # fmt: skip
ways = st.sampled_from([SETTINGS, {}, SETTINGS | {"commodity-padding": "zeros", "special-arrangement": "F49"}])


@given(parcels)
def test_no_record_is_too_strange_for_the_rules(record):
    assert all(catalogue.text(each, "fr") for each in violated(record))


@given(parcels, ways, st.sampled_from(["customs/dk/h7", "customs/dk/h6"]))
def test_no_parcel_is_too_strange_to_be_completed(parcel, settings, target):
    said, findings = complete(parcel, settings=settings, target=target)
    assert len(said.goods_items) == len(parcel.goods_items)
    assert all(catalogue.text(each, "es") for each in findings)


@given(parcels)
def test_nothing_the_sender_said_of_goods_is_lost_or_changed(parcel):
    said, _ = complete(parcel)
    for before, after in zip(parcel.goods_items, said.goods_items, strict=True):
        assert after.description == before.description
        assert (before.hs_code or "").startswith(after.hs_code or "")
        assert (after.tariff_code or "").startswith((before.tariff_code or before.hs_code or "")[:10])
        assert before.value is None or after.value == before.value
        assert before.net_mass is None or after.net_mass == before.net_mass


@given(parcels)
def test_what_was_completed_once_is_completed_the_same_again(parcel):
    assert complete(parcel) == complete(parcel)


prices = st.decimals(min_value=Decimal("0.01"), max_value=2000, places=2)


@given(st.lists(prices, min_size=1, max_size=3), st.sampled_from(["11", "31"]))
def test_a_parcel_above_the_general_limit_is_never_declared_as_free_of_duty(values, nature):
    goods = tuple(GoodsItem(value=Amount(value, "DKK")) for value in values)
    said, findings = complete(Consignment(nature=nature, goods_items=goods))
    free = {"C07", "C08"} & {code for item in said.goods_items for code in item.additional_procedures}
    above = [each for each in findings if each.code == "TGT609"]
    total = sum(values)
    assert bool(free) == (total <= 1150)
    assert bool(above) == (total > (360 if nature == "31" else 1150))


@given(parcels)
def test_a_declared_record_can_be_stored(parcel):
    said, findings = complete(parcel)
    assert msgspec.json.decode(msgspec.json.encode(said), type=Consignment) == said
    assert msgspec.json.encode(findings)
