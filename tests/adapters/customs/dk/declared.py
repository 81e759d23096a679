"""Parcels for Denmark, declarations made of them, and the same with one fact changed."""

import re
from datetime import date
from decimal import Decimal

import msgspec

from adapters.customs.dk import AUTHORITY
from adapters.customs.dk.law import danish
from adapters.customs.rules import Facts, rules_of, violations
from adapters.customs.worth import exchange
from gateway.checks.lists import rows
from gateway.mapping.protocols import Filing
from gateway.model import Address, Amount, Consignment, GoodsItem, Identification, Measure, Moment, Party

DAY = date(2026, 9, 14)
AT = Moment("2026-09-14T06:00:00Z")
SETTINGS = {
    "submitter-id": "12345678",
    "declarant-id": "DK12345678",
    "declaration-office": "DK005600",
    "location": "AUDKCPH",
    "exchange-rates": "sample",
}
STEP = re.compile(r"(\w+)(?:\[(\d+)\])?")


def money(value, currency="DKK"):
    return Amount(Decimal(value), currency)


def goods(value="100.00", currency="DKK", code="610910", net="0.100", **more):
    return GoodsItem(
        description="T-shirt, cotton", hs_code=code, quantity=Decimal(1), net_mass=Measure(Decimal(net)),
        value=money(value, currency), origin="CN", **more,
    )  # fmt: skip


def parcel(*items, **more):
    known = {
        "item_id": "UA473124829PT",
        "nature": "11",
        "gross_mass": Measure(Decimal("0.250")),
        "postage": money("40.00"),
        "consignor": Party(
            name="Loja Exemplo Lda",
            ids=(Identification(kind="OTHER", id="IM1234567890"),),
            address=Address(lines=("Rua Exemplo 1",), city="Recife", postcode="50000", country="BR"),
        ),
        "consignee": Party(
            name="A. Receiver", address=Address(lines=("Eksempelvej 1",), city="Aarhus", postcode="8000", country="DK")
        ),
    } | more
    return Consignment(goods_items=items or (goods(),), **known)


def filing(target="customs/dk/h7", **more):
    return Filing("GW1ABCDEFGHJKMNPQ", AT, target=target, **more)


def complete(consignment, settings=SETTINGS, on=DAY, lists=rows, target="customs/dk/h7"):
    return AUTHORITY.complete(consignment, filing(target), settings, on, lists)


def codes(consignment, **how):
    return [finding.code for finding in complete(consignment, **how)[1] if finding.severity != "info"]


def put(record, path, value):
    """The record with another value at a path: `goods_items[1].hs_code`."""
    step, _, rest = path.partition(".")
    name, number = STEP.fullmatch(step).groups()
    here = getattr(record, name)
    if number is None:
        return msgspec.structs.replace(record, **{name: put(here, rest, value) if rest else value})
    entries = list(here)
    entries[int(number) - 1] = put(entries[int(number) - 1], rest, value) if rest else value
    return msgspec.structs.replace(record, **{name: tuple(entries)})


def violated(record, lists=rows, category="H7", on=DAY):
    """Every violation of a declared record."""
    law = danish(lists, "h7", on)
    known = Facts(law.limits, exchange("DKK", law.rates, SETTINGS))
    return list(violations(rules_of(lists, "customs/dk/rules", category, on), record, known, "customs/dk"))
