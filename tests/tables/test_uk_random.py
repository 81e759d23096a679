"""Whatever is in a parcel, each kind of declaration is valid by the published schema, or it is not written at all."""

from datetime import date
from decimal import Decimal

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from lxml import etree

from adapters.customs.uk import AUTHORITY
from gateway.mapping.protocols import Filing
from gateway.model import Address, Amount, Consignment, GoodsItem, Identification, Measure, Moment, Party
from gateway.model.laying import laid_under
from tests.evidence.uk_declarations import KINDS, SCHEMA
from tests.tables.conftest import SETTINGS

ON = date(2026, 9, 14)
QUIET = settings(deadline=None, max_examples=40, suppress_health_check=[HealthCheck.function_scoped_fixture])
TEXT = st.none() | st.text(st.characters(codec="utf-8", exclude_categories=["Cs"]), max_size=80)
PARTIES = st.none() | st.builds(
    Party,
    name=TEXT,
    ids=st.lists(
        st.builds(
            Identification,
            kind=st.sampled_from(["EORI", "IOSS", "VAT", "OTHER"]),
            id=st.sampled_from(["GB123456789000", "IM1234567890", "GB123456789", "PT500000000"]),
        ),
        max_size=2,
    ).map(tuple),
    address=st.none()
    | st.builds(
        Address,
        lines=st.lists(st.text(max_size=40), max_size=3).map(tuple),
        postcode=st.none() | st.sampled_from(["BT1 1AA", "1234567890", ""]),
        city=TEXT,
        country=st.none() | st.sampled_from(["GB", "PT", "XI", "ZZZ"]),
    ),
)
MONEY = st.none() | st.builds(
    Amount, st.decimals("0", "99999", places=3), st.sampled_from(["GBP", "EUR", "JPY", "KWD"])
)
MASSES = st.none() | st.builds(Measure, st.decimals("0", "31", places=4), st.sampled_from(["KGM", "GRM", "LBR"]))
GOODS = st.builds(
    GoodsItem,
    description=TEXT,
    hs_code=st.none() | st.sampled_from(["610910", "61091000", "6109100010", "61", "x"]),
    origin=st.none() | st.sampled_from(["PT", "CN"]),
    quantity=st.none() | st.decimals("0", "99", places=0),
    net_mass=MASSES,
    value=MONEY,
)
PARCELS = st.builds(
    Consignment,
    item_id=st.none() | st.sampled_from(["UA473124829PT", "ü" * 40, " "]),
    nature=st.none() | st.sampled_from(["11", "31", "999", "xyz"]),
    gross_mass=MASSES,
    postage=MONEY,
    consignor=PARTIES,
    consignee=PARTIES,
    package_count=st.none() | st.integers(0, 10**9),
    goods_items=st.lists(GOODS, max_size=3).map(tuple),
)


@pytest.fixture(scope="module")
def schema(shared):
    return etree.XMLSchema(etree.parse(shared / SCHEMA))


@pytest.mark.parametrize("name", KINDS)
@QUIET
@given(parcels=st.lists(PARCELS, min_size=1, max_size=3))
def test_what_is_written_is_valid(name, parcels, schema, desk):
    kind, target = KINDS[name], f"customs/uk/{name}"
    filing = Filing("GW1", Moment("2026-09-14T10:00:00Z"), target=target)
    own = SETTINGS | dict(kind.settings)
    said = [AUTHORITY.complete(laid_under(one, kind.record), filing, own, ON)[0] for one in parcels]
    whole = AUTHORITY.joined(said, filing, own) if AUTHORITY.takes_several(target) else said[0]
    written = desk(target).format.write(whole)
    if written.text is None:
        assert any(finding.severity == "error" for finding in written.findings)
    else:
        tree = etree.fromstring(written.text.encode())
        schema.assertValid(tree)
        assert len(tree.findall(".//{*}GovernmentAgencyGoodsItem")) == len(whole.goods_items)


@pytest.mark.parametrize("name", KINDS)
def test_most_ordinary_parcels_are_written(name, desk):
    """Otherwise the test above would prove nothing."""
    goods = GoodsItem(description="Mug", hs_code="69120025", value=Amount(Decimal(1), "GBP"))
    filing = Filing("GW1", Moment("2026-09-14T10:00:00Z"), target=f"customs/uk/{name}")
    said, _ = AUTHORITY.complete(Consignment(goods_items=(goods,)), filing, SETTINGS, ON)
    assert desk(f"customs/uk/{name}").format.write(said).text
