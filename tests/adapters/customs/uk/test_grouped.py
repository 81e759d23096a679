"""Several parcels in one declaration: nothing of theirs is mixed up, and each hears what is its own."""

from datetime import date
from decimal import Decimal

import msgspec
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from adapters.customs.uk import AUTHORITY
from gateway.mapping.protocols import Filing, Grouper
from gateway.model import (
    Address,
    Amount,
    Consignment,
    Decision,
    GoodsItem,
    Identification,
    Measure,
    Moment,
    Package,
    Party,
    Reason,
    Step,
)

DAY = date(2026, 9, 14)
GROUPED, BIRDS = "customs/uk/h7-grouped", "customs/uk/birds"
SETTINGS = {"declarant-id": "GB123456789000", "location": "GBAUBELBFSBEL", "package-type": "PK"}
IOSS = Identification(kind="IOSS", id="IM1234567890")


def party(name, country="GB", *ids):
    return Party(name=name, ids=ids, address=Address(lines=("1 Way",), city="Town", country=country))


def goods(text="T-shirt, cotton", value="10.00", currency="GBP", net="0.100"):
    return GoodsItem(
        description=text, hs_code="61091000", net_mass=Measure(Decimal(net)), value=Amount(Decimal(value), currency)
    )


def parcel(number, *items, sender="Loja", receiver="A", ids=(), postage=None):
    return Consignment(
        item_id=f"UA47312482{number}PT",
        nature="11",
        gross_mass=Measure(Decimal("0.500")),
        postage=postage,
        consignor=party(sender, "PT", *ids),
        consignee=party(receiver),
        goods_items=items or (goods(),),
    )


def filing(target):
    return Filing("GW1LEAD", Moment("2026-09-14T06:00:00Z"), target=target)


def completed(*parcels, target=GROUPED, settings=SETTINGS):
    return [AUTHORITY.complete(one, filing(target), settings, DAY)[0] for one in parcels]


def joined(*parcels, target=GROUPED, settings=SETTINGS):
    return AUTHORITY.joined(completed(*parcels, target=target, settings=settings), filing(target), settings)


def test_the_pack_takes_several_parcels_where_their_senders_have_a_place():
    assert isinstance(AUTHORITY, Grouper)
    assert [AUTHORITY.takes_several(f"customs/uk/{kind}") for kind in ("h7-grouped", "birds", "h7")] == [
        True,
        True,
        False,
    ]


def test_goods_are_numbered_through_and_keep_sender_receiver_references_and_documents_of_their_parcel():
    one = parcel(1, goods(), goods("Mug"), sender="Loja", ids=(IOSS,))
    whole = joined(one, parcel(2, sender="Ateliê", receiver="B"))
    said = [
        (item.number, item.consignor.name, item.consignee.name, [each.id for each in item.fiscal_references])
        for item in whole.goods_items
    ]
    assert said == [
        (1, "Loja", "A", ["IM1234567890"]),
        (2, "Loja", "A", ["IM1234567890"]),
        (3, "Ateliê", "B", []),
    ]
    documents = [[each.id for each in item.documents if each.kind == "previous"] for item in whole.goods_items]
    assert documents == [["UA473124821PT"], ["UA473124821PT"], ["UA473124822PT"]]


def test_what_parcels_have_in_common_stands_above_and_the_rest_does_not():
    importer = party("Example Imports Ltd")
    both = [msgspec.structs.replace(one, importer=importer) for one in (parcel(1), parcel(2, receiver="B"))]
    whole = joined(*both)
    assert (whole.importer, whole.consignor.name, whole.consignee) == (importer, "Loja", None)
    apart = joined(both[0], msgspec.structs.replace(both[1], importer=party("Another Ltd")))
    assert apart.importer is None


def test_packages_masses_and_postage_are_added_up():
    whole = joined(
        parcel(1, postage=Amount(Decimal("5.00"), "EUR")), parcel(2), parcel(3, postage=Amount(Decimal("2.50"), "EUR"))
    )
    assert (whole.package_count, whole.gross_mass.value, whole.postage) == (
        3,
        Decimal("1.500"),
        Amount(Decimal("7.50"), "EUR"),
    )


def test_postage_in_two_currencies_cannot_be_written_so_that_parcels_are_declared_apart():
    whole = joined(parcel(1, postage=Amount(Decimal(5), "EUR")), parcel(2, postage=Amount(Decimal(5), "USD")))
    assert whole.postage.currency == "EUR+USD"


def test_one_parcel_alone_is_said_as_it_would_be_among_others():
    one, other = parcel(1, goods(), goods("Mug")), parcel(2)
    alone, among = joined(one), joined(one, other)
    assert alone.goods_items == among.goods_items[:2]


def test_one_goods_item_stands_for_all_parcels_of_a_bulk_declaration():
    whole = joined(parcel(1, goods(), goods("Mug", "2.50")), parcel(2, goods("Mug", "3.00")), target=BIRDS)
    (item,) = whole.goods_items
    assert (item.number, item.description, item.value) == (1, "T-shirt, cotton, Mug", Amount(Decimal("15.50"), "GBP"))
    assert (item.net_mass.value, item.gross_mass.value) == (Decimal("0.300"), Decimal("1.000"))
    assert item.packages == (Package(count=2, type="PK", marks="UA473124821PT, UA473124822PT"),)
    assert (item.procedure.requested, item.additional_procedures) == ("00", ("21V",))
    assert [each.id for each in whole.documents] == ["UA473124821PT", "UA473124822PT"]


def test_the_filer_may_describe_the_goods_of_a_bulk_declaration():
    own = SETTINGS | {"bulk-description": "Small items of little value", "shipping-marks": "EX/1"}
    (item,) = joined(parcel(1), parcel(2, goods("Mug")), target=BIRDS, settings=own).goods_items
    assert (item.description, item.packages[0].marks) == ("Small items of little value", "EX/1")


def test_a_mass_that_is_not_known_of_one_is_not_known_of_all():
    unknown = msgspec.structs.replace(goods(), net_mass=None)
    (item,) = joined(parcel(1), parcel(2, unknown), target=BIRDS).goods_items
    assert item.net_mass is None


def test_pointers_into_a_goods_item_lead_to_its_parcel():
    assert AUTHORITY.origin("goods_items[1].consignor.name") == "consignor.name"
    assert AUTHORITY.origin("goods_items[2].consignee.address.city") == "consignee.address.city"
    assert AUTHORITY.origin("goods_items[2].fiscal_references[1].id") == "consignor.ids"


parcels = st.lists(
    st.builds(
        lambda kinds, sender: parcel(1, *[goods(f"Kind {n}") for n in range(kinds)], sender=sender),
        st.integers(1, 4),
        st.sampled_from(["Loja", "Ateliê", "Mercado"]),
    ),
    min_size=1,
    max_size=5,
)


@settings(deadline=None)  # the first one reads the dated tables
@given(parcels, st.data())
def test_joined_and_narrowed_every_reason_reaches_the_goods_it_is_about_and_no_other(members, data):
    said = completed(*members)
    whole = AUTHORITY.joined(said, filing(GROUPED), SETTINGS)
    numbers = data.draw(st.lists(st.integers(1, len(whole.goods_items)), max_size=6))
    reasons = tuple(
        Reason(code=f"R{n}", pointer=(Step(section="42A"), Step(section="68A", number=of, tag="108")))
        for n, of in enumerate(numbers)
    )
    answer, first, heard = Decision(outcome="rejected", reasons=reasons), 1, []
    for one in said:
        told = AUTHORITY.narrowed(answer, first, len(one.goods_items))
        for reason in told.reasons if told else ():
            own = one.goods_items[reason.pointer[1].number - 1]
            of = numbers[int(reason.code[1:])]
            assert msgspec.structs.replace(own, number=of) == whole.goods_items[of - 1]
            heard.append(reason.code)
        first += len(one.goods_items)
    assert sorted(heard) == sorted(reason.code for reason in reasons)


@pytest.mark.parametrize("target", [GROUPED, BIRDS])
def test_a_company_of_one_says_what_the_parcel_says(target):
    (said,) = completed(parcel(1), target=target)
    whole = joined(parcel(1), target=target)
    assert (whole.goods_items[0].value, whole.package_count, whole.consignor) == (
        said.goods_items[0].value,
        said.package_count,
        said.consignor,
    )
