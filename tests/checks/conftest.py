"""A clean postal parcel to the United Kingdom, and ways to spoil it."""

from datetime import date
from decimal import Decimal

import msgspec
import pytest

from gateway.checks import Context, run
from gateway.findings.catalogue import entry
from gateway.model import Address, Amount, Communication, Consignment, GoodsItem, Measure, Moment, Party

BOUND = (
    ("item_id", "s10"),
    ("consignor.address.country", "iso3166"),
    ("consignee.address.country", "iso3166"),
    ("goods_items.description", "description"),
    ("goods_items.hs_code", "hs"),
    ("goods_items.revised_hs_code", "hs"),
    ("goods_items.origin", "iso3166"),
)
TODAY = Context(date(2026, 9, 14), Moment("2026-09-13T17:40:00Z"))


def euros(amount):
    return Amount(Decimal(amount), "EUR")


def kilos(mass):
    return Measure(Decimal(mass))


def person(name, line, city, postcode, country):
    address = Address(lines=(line,), city=city, postcode=postcode, country=country)
    return Party(name=name, address=address, communications=(Communication(type="TE", value="+44 20 7946 0000"),))


CLEAN = Consignment(
    item_id="RR473124829GB",
    posted_at=Moment("2026-09-13"),
    mail_class="U",
    mail_category="A",
    origin_operator="DEA",
    destination_operator="GBA",
    nature="11",
    gross_mass=kilos("0.900"),
    value=euros("45.50"),
    postage=euros("9.80"),
    consignor=person("Anna Beispiel", "Hauptstraße 1", "Berlin", "10115", "DE"),
    consignee=person("John Sample", "12 High Street", "London", "EC1A 1BB", "GB"),
    goods_items=(
        GoodsItem(
            number=1,
            description="men's cotton T-shirt",
            hs_code="610910",
            quantity=Decimal(2),
            net_mass=kilos("0.400"),
            value=euros("25.50"),
            origin="TR",
        ),
        GoodsItem(
            number=2,
            description="leather belt",
            hs_code="420330",
            quantity=Decimal(1),
            net_mass=kilos("0.250"),
            value=euros("20.00"),
            origin="IT",
        ),
    ),
)


class Parcels:
    """The clean parcel, and the same with other facts."""

    clean = CLEAN

    def but(self, **facts):
        return msgspec.structs.replace(CLEAN, **facts)

    def goods(self, **facts):
        first, *others = CLEAN.goods_items
        return self.but(goods_items=(msgspec.structs.replace(first, **facts), *others))

    def addressee(self, **facts):
        return self.but(consignee=msgspec.structs.replace(CLEAN.consignee, **facts))

    def addressed_to(self, **facts):
        return self.addressee(address=msgspec.structs.replace(CLEAN.consignee.address, **facts))

    def sender(self, **facts):
        return self.but(consignor=msgspec.structs.replace(CLEAN.consignor, **facts))


@pytest.fixture
def parcel():
    return Parcels()


@pytest.fixture
def check():
    """Every finding of a parcel."""

    def found(consignment, context=TODAY, bound=BOUND):
        return run(consignment, context, bound)

    return found


@pytest.fixture
def codes(check):
    """Code and path of every finding of a parcel."""

    def found(consignment, context=TODAY, bound=BOUND):
        return [(finding.code, finding.model_path) for finding in check(consignment, context, bound)]

    return found


@pytest.fixture
def grade(check):
    """Severity by name of every finding of a parcel."""

    def found(consignment, context=TODAY):
        return {entry(finding.code).name: finding.severity for finding in check(consignment, context)}

    return found
