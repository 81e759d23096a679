"""What is in force in the United Kingdom on one day: procedure, reliefs, fiscal references, rates."""

import re
from datetime import date
from decimal import Decimal
from functools import lru_cache

import msgspec

from adapters.customs.dated import Row, in_force
from gateway.mapping.protocols import Lists

ANY = "*"
SAMPLE = "sample"


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
    """How much of a currency is one pound, and who says so."""

    per_pound: Decimal
    source: str


class Rules(msgspec.Struct, frozen=True):
    """The tables of one day, ready for use."""

    requested: str
    previous: str
    data_set: str
    reliefs: dict[str, Relief]
    fiscal: tuple[FiscalRule, ...]
    identifiers: tuple[tuple[str, re.Pattern[str]], ...]
    rates: dict[str, Rate]

    def relief(self, nature: str | None) -> Relief | None:
        """The relief of this nature of transaction; the general one where it has none of its own."""
        return self.reliefs.get(nature or "") or self.reliefs.get(ANY)


@lru_cache(maxsize=32)
def rules(lists: Lists, on: date) -> Rules:
    """Raises: LookupError when no procedure is in force on that day."""
    procedure = next(in_force(lists("customs/uk/procedures"), on), None)
    if procedure is None:
        raise LookupError(on)
    return Rules(
        requested=procedure["requested"],
        previous=procedure["previous"],
        data_set=procedure["additional"],
        reliefs={row["nature"]: _relief(row) for row in in_force(lists("customs/uk/reliefs"), on)},
        fiscal=tuple(_fiscal(row) for row in in_force(lists("customs/uk/fiscal-references"), on)),
        identifiers=tuple((row["kind"], re.compile(row["form"])) for row in lists("customs/uk/identifiers")),
        rates={
            row["currency"]: Rate(Decimal(row["per_pound"]), row["source"])
            for row in in_force(lists("customs/uk/exchange-rates"), on)
        },
    )


def _relief(row: Row) -> Relief:
    return Relief(row["code"], Decimal(row["limit"]), row["currency"])


def _fiscal(row: Row) -> FiscalRule:
    return FiscalRule(row["party"], row["kind"], re.compile(row["form"]), row["role"], row["additional"])
