"""What must hold whatever is in the parcel: masses and money add up, nothing the sender said is lost."""

from datetime import date
from decimal import Decimal

import msgspec
from hypothesis import given
from hypothesis import strategies as st

from adapters.customs.masses import gross_masses
from adapters.customs.uk import AUTHORITY
from adapters.customs.uk.rules import rules
from adapters.customs.worth import exchange, of_goods
from gateway.checks.lists import rows
from gateway.mapping.protocols import Filing
from gateway.model import Address, Amount, Consignment, GoodsItem, Measure, Moment, Party

DAY = date(2026, 9, 14)
SETTINGS = {"declarant-id": "GB123456789000", "location": "GBAUBELBFSBEL", "exchange-rates": "sample"}
grams = st.integers(1, 30_000).map(lambda number: Measure(Decimal(number) / 1000))
money = st.builds(
    Amount, st.decimals("0.01", "400", places=2), st.sampled_from(["GBP", "EUR", "USD", "JPY", "KWD", "CNY"])
)
goods = st.lists(
    st.builds(
        GoodsItem,
        net_mass=grams,
        value=money,
        hs_code=st.sampled_from(["61091000", "6109100010", "610910", None]),
        description=st.just("T-shirt, cotton"),
    ),
    min_size=1,
    max_size=6,
).map(tuple)
parcels = st.builds(
    Consignment,
    item_id=st.just("UA473124829PT"),
    nature=st.sampled_from(["11", "31", "32", "21", "999"]),
    gross_mass=grams,
    goods_items=goods,
    consignee=st.just(Party(name="A. Receiver", address=Address(country="GB"))),
)


@given(parcels)
def test_shares_of_the_gross_mass_add_up_to_the_parcel(parcel):
    shares = gross_masses(parcel)
    assert sum(share.value for share in shares) == parcel.gross_mass.value
    assert all(share.value >= 0 for share in shares)


def pounds(parcel):
    return of_goods(parcel, exchange("GBP", rules(rows, "h7", DAY).rates, SETTINGS)).total


@given(parcels)
def test_the_worth_does_not_hang_on_the_order_of_the_goods(parcel):
    turned = msgspec.structs.replace(parcel, goods_items=parcel.goods_items[::-1])
    one, other = (pounds(each) for each in (parcel, turned))
    assert abs(one - other) < Decimal("0.000001")


@given(parcels)
def test_nothing_the_sender_said_is_lost_or_changed(parcel):
    said, _ = AUTHORITY.complete(parcel, Filing("GW1", Moment("2026-09-14T06:00:00Z")), SETTINGS, DAY)
    for before, after in zip(parcel.goods_items, said.goods_items, strict=True):
        assert (after.value, after.net_mass, after.hs_code) == (before.value, before.net_mass, before.hs_code)
        assert after.tariff_code is None or before.hs_code.startswith(after.tariff_code)
    assert (said.gross_mass, said.nature, said.item_id) == (parcel.gross_mass, parcel.nature, parcel.item_id)


@given(parcels)
def test_a_parcel_above_the_general_limit_is_never_declared_as_free_of_duty(parcel):
    said, findings = AUTHORITY.complete(parcel, Filing("GW1", Moment("2026-09-14T06:00:00Z")), SETTINGS, DAY)
    if pounds(parcel) > 135:
        assert {"TGT555", "TGT556"} & {finding.code for finding in findings}
        assert not {"C07", "C08"} & {code for item in said.goods_items for code in item.additional_procedures}
