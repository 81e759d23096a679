"""What is in force in Denmark on one day for one data set: procedure, reliefs, fiscal references, rates, duties."""

from collections.abc import Iterable
from datetime import date
from decimal import Decimal
from functools import lru_cache

import msgspec

from adapters.customs import law, tables
from adapters.customs.dated import DAYS, NothingInForceError, Row, in_force
from gateway.mapping.protocols import Lists

AUTHORITY = "customs/dk"


class Duty(msgspec.Struct, frozen=True):
    """A duty that is no rate of the tariff: so much for each subheading of goods under an additional procedure."""

    procedure: str
    amount: Decimal
    currency: str
    since: str


class Danish(law.Law, frozen=True):
    """The tables of one day, ready for use; `private` is the number of whoever has none."""

    requested: str
    previous: str
    additional: tuple[str, ...]
    private: str
    duties: tuple[Duty, ...]


@lru_cache(maxsize=32)
def danish(lists: Lists, data_set: str, on: date) -> Danish:
    """Raises: NothingInForceError when no procedure of the data set is in force on that day."""
    procedures = in_force(lists(f"{AUTHORITY}/procedures"), on)
    procedure = next((row for row in procedures if row["data_set"] == data_set), None)
    if procedure is None:
        raise NothingInForceError(data_set, on)
    return Danish(
        requested=procedure["requested"],
        previous=procedure["previous"],
        additional=tuple(procedure["additional"].split()),
        private=next((row["code"] for row in in_force(lists(f"{AUTHORITY}/private-persons"), on)), ""),
        reliefs=law.reliefs(lists, AUTHORITY, on, data_set),
        fiscal=law.fiscal(lists, AUTHORITY, on),
        identifiers=law.identifiers(lists, AUTHORITY),
        rates=_rates(in_force(lists(f"{AUTHORITY}/exchange-rates"), on)),
        duties=tuple(_duty(row) for row in in_force(lists(f"{AUTHORITY}/duties"), on)),
    )


def _rates(rows: Iterable[Row]) -> dict[str, law.Rate]:
    """Danish customs quotes what a hundred units of a currency cost in kroner."""
    return {row["currency"]: _rate(row) for row in rows}


def _rate(row: Row) -> law.Rate:
    return law.Rate(Decimal(row["kroner"]), Decimal(row["units"]), row["source"])


def _duty(row: Row) -> Duty:
    return Duty(row["procedure"], Decimal(row["amount"]), row["currency"], row["valid_from"])


CODES = (
    "private-persons", "additional-procedures", "additional-references", "countries", "customs-offices", "eu-countries",
    "fiscal-roles", "location-qualifiers", "locations", "previous-documents", "statements", "supporting-documents",
    "transport-documents",
)  # fmt: skip
PROCEDURE = ("data_set", "requested", "previous", "additional", *DAYS)
TABLES: tables.Tables = (
    *((name, tables.CODES) for name in CODES),
    ("procedures", tables.Table(PROCEDURE, name="data_set")),
    ("exchange-rates", tables.Table(("currency", *DAYS), lambda row, _: _rate(row), "currency")),
    ("duties", tables.Table(DAYS, lambda row, _: _duty(row), "procedure")),
    *tables.ALIKE.items(),
)
