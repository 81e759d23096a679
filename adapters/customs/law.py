"""What dated tables say of reliefs, fiscal references, kinds of numbers and rates: the part that authorities share.

Each authority has its own tables of the same names (`customs/uk/reliefs`, `customs/dk/reliefs`); procedures and the
rest are its own.
"""

import re
from datetime import date
from decimal import Decimal

import msgspec

from adapters.customs.dated import Row, in_force
from gateway.mapping.protocols import Lists

ANY = "*"


class Relief(msgspec.Struct, frozen=True):
    """An additional procedure that frees goods up to a value."""

    code: str
    limit: Decimal
    currency: str


class FiscalRule(msgspec.Struct, frozen=True):
    """Whose number of which kind is declared, under which role, with which additional procedure."""

    party: str
    kind: str
    form: re.Pattern[str]
    role: str
    additional: str


class Rate(msgspec.Struct, frozen=True):
    """So much of the authority's own currency is so much of another one, and who says so."""

    own: Decimal
    other: Decimal
    source: str

    def converted(self, amount: Decimal) -> Decimal:
        """That amount of the other currency in the authority's own.

        >>> Rate(Decimal(1), Decimal("1.15"), "").converted(Decimal("2.30"))
        Decimal('2')
        """
        return amount * self.own / self.other

    def __str__(self) -> str:
        """As authorities quote it: how much one unit buys, or what so many units cost."""
        return str(self.other) if self.own == 1 else f"{self.own} for {self.other}"


class Law(msgspec.Struct, frozen=True):
    """The tables of one authority on one day, ready for use."""

    reliefs: dict[str, Relief]
    fiscal: tuple[FiscalRule, ...]
    identifiers: tuple[tuple[str, re.Pattern[str]], ...]
    rates: dict[str, Rate]

    @property
    def limits(self) -> dict[str, Decimal]:
        """By the code of the relief."""
        return {relief.code: relief.limit for relief in self.reliefs.values()}

    def relief(self, nature: str | None) -> Relief | None:
        """The relief of this nature of transaction; the general one where it has none of its own."""
        return self.reliefs.get(nature or "") or self.reliefs.get(ANY)


def reliefs(lists: Lists, authority: str, on: date, data_set: str = "") -> dict[str, Relief]:
    """By nature of transaction; those of one data set, where the table tells them apart."""
    rows = in_force(lists(f"{authority}/reliefs"), on)
    return {row["nature"]: relief(row) for row in rows if row.get("data_set", data_set) == data_set}


def fiscal(lists: Lists, authority: str, on: date) -> tuple[FiscalRule, ...]:
    return tuple(fiscal_rule(row) for row in in_force(lists(f"{authority}/fiscal-references"), on))


def identifiers(lists: Lists, authority: str) -> tuple[tuple[str, re.Pattern[str]], ...]:
    return tuple(identifier(row) for row in lists(f"{authority}/identifiers"))


def relief(row: Row) -> Relief:
    return Relief(row["code"], Decimal(row["limit"]), row["currency"])


def identifier(row: Row) -> tuple[str, re.Pattern[str]]:
    return row["kind"], re.compile(row["form"])


def fiscal_rule(row: Row) -> FiscalRule:
    return FiscalRule(row["party"], row["kind"], re.compile(row["form"]), row["role"], row["additional"])
