"""What is in force in the United Kingdom on one day for one data set: procedure, reliefs, what must be said, rates."""

from collections.abc import Iterator
from datetime import date
from decimal import Decimal
from functools import lru_cache

import msgspec

from adapters.customs import law, tables
from adapters.customs.dated import DAYS, NothingInForceError, Row, in_force
from adapters.customs.required import Requirement, requirements
from adapters.customs.rules import Day, Facts, Rule, rules_of
from adapters.customs.rules.sentence import Asked, applies
from adapters.customs.rules.way import WHOLE
from gateway.mapping.protocols import Lists
from gateway.model import Consignment

AUTHORITY = "customs/uk"


class Added(msgspec.Struct, frozen=True):
    """A code that follows from facts of the declaration."""

    code: str
    text: str
    when: Asked


class Rules(law.Law, frozen=True):
    """The tables of one day, ready for use for one data set."""

    data_set: str
    trade: str
    types: tuple[str, ...]
    requested: str
    previous: str
    additional: tuple[str, ...]
    procedures: tuple[Added, ...]
    statements: tuple[Added, ...]
    required: tuple[Requirement, ...]
    stated: tuple[Rule, ...]

    @property
    def imports(self) -> bool:
        return self.trade == "import"

    def asks_for(self, element: str) -> bool:
        """Whether the data set has a data element that it must say."""
        return any(one.element == element for one in self.required)


def follows(added: tuple[Added, ...], record: Consignment, facts: Facts) -> tuple[Added, ...]:
    """Those whose condition holds."""
    return tuple(one for one in added if one.when((record,), facts))


@lru_cache(maxsize=64)
def rules(lists: Lists, data_set: str, on: date) -> Rules:
    """Raises: NothingInForceError when the data set has no procedure that is in force on that day."""

    def own(name: str) -> list[Row]:
        """The rows of a table that are said of this data set, or of all."""
        return [row for row in lists(name) if data_set in row.get("data_sets", data_set).split()]

    def now(name: str) -> Iterator[Row]:
        return in_force(own(f"{AUTHORITY}/{name}"), on)

    procedure = next((row for row in now("procedures") if row["data_set"] == data_set), None)
    if procedure is None:
        raise NothingInForceError(data_set, on)
    day = Day(lists, on)
    return Rules(
        data_set=data_set,
        trade=procedure["trade"],
        types=tuple(procedure["types"].split()),
        requested=procedure["requested"],
        previous=procedure["previous"],
        additional=tuple(procedure["additional"].split()),
        procedures=tuple(_added(row, day) for row in now("additional-procedures")),
        statements=tuple(_added(row, day) for row in now("statements")),
        required=requirements(lists, f"{AUTHORITY}/required", data_set, on),
        stated=rules_of(lists, f"{AUTHORITY}/rules", data_set, on),
        reliefs=law.reliefs(own, AUTHORITY, on),
        fiscal=law.fiscal(own, AUTHORITY, on),
        identifiers=law.identifiers(lists, AUTHORITY),
        rates={row["currency"]: _rate(row) for row in now("exchange-rates")},
    )


def _added(row: Row, day: Day) -> Added:
    return Added(row["code"], row.get("text", ""), applies(row["when"], WHOLE, day))


def _rate(row: Row) -> law.Rate:
    return law.Rate(Decimal(1), Decimal(row["per_pound"]), row["source"])


def _types(row: Row) -> str:
    """The usual type of a declaration: a procedure without any is none."""
    if not row["types"].split():
        raise ValueError("there is no type of declaration")
    return row["types"]


PROCEDURE = ("data_set", "trade", "requested", "previous", "additional", *DAYS)
TABLES: tables.Tables = (
    ("procedures", tables.Table(PROCEDURE, lambda row, _: _types(row), "data_set")),
    ("additional-procedures", tables.Table(("data_sets", *DAYS), _added)),
    ("statements", tables.Table(("data_sets", *DAYS), _added)),
    ("exchange-rates", tables.Table(("currency", *DAYS), lambda row, _: _rate(row), "currency")),
    *tables.ALIKE.items(),
)
