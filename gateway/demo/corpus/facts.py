"""What invented consignments are made of: origins in their own script, goods with commodity codes, British recipients.

The tables stand beside this module. Persons, companies and addresses are invented; commodity codes are real headings
of HS 2022; `per_gbp` says roughly what a pound is worth, to keep prices plausible, and is no rate of anybody's.
"""

import csv
from collections.abc import Sequence
from decimal import Decimal
from functools import cache
from importlib.resources import files

import msgspec


class Goods(msgspec.Struct, frozen=True):
    """One kind of goods: commodity code, description, weight and price of one piece."""

    tariff: str
    description: str
    grams: int
    pence: int


class Origin(msgspec.Struct, frozen=True):
    """A country of posting: its operator, money, names and addresses as written there."""

    country: str
    operator: str
    currency: str
    decimals: int
    per_gbp: Decimal
    companies: tuple[str, ...]
    given: tuple[str, ...]
    families: tuple[str, ...]
    family_first: bool
    streets: tuple[str, ...]
    cities: tuple[str, ...]
    postcodes: tuple[str, ...]
    states: tuple[str, ...]
    phone: str
    goods: tuple[Goods, ...]


class Recipient(msgspec.Struct, frozen=True):
    """A person in the United Kingdom."""

    given: str
    family: str
    street: str
    city: str
    postcode: str


@cache
def goods() -> tuple[Goods, ...]:
    return tuple(_goods(row) for row in _rows("goods.csv"))


@cache
def origins() -> tuple[Origin, ...]:
    native = _rows("native.csv")
    return tuple(
        _origin(row, [entry for entry in native if entry["country"] == row["country"]]) for row in _rows("origins.csv")
    )


@cache
def recipients() -> tuple[Recipient, ...]:
    return tuple(Recipient(**row) for row in _rows("recipients.csv"))


def _origin(row: dict[str, str], native: Sequence[dict[str, str]]) -> Origin:
    return Origin(
        country=row["country"],
        operator=row["operator"],
        currency=row["currency"],
        decimals=int(row["decimals"]),
        per_gbp=Decimal(row["per_gbp"]),
        companies=_listed(row["company"]),
        given=_listed(row["given"]),
        families=_listed(row["family"]),
        family_first=row["order"] == "family",
        streets=_listed(row["street"]),
        cities=_listed(row["city"]),
        postcodes=_listed(row["postcode"]),
        states=_listed(row["state"]),
        phone=row["phone"],
        goods=tuple(_goods(entry) for entry in native),
    )


def _goods(row: dict[str, str]) -> Goods:
    return Goods(row["tariff"], row["description"], int(row["grams"]), int(row["pence"]))


def _listed(text: str) -> tuple[str, ...]:
    return tuple(text.split("|"))


def _rows(name: str) -> list[dict[str, str]]:
    with (files(__package__) / name).open(encoding="utf-8") as lines:
        return list(csv.DictReader(lines))
