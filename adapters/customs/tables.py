"""An authority's dated tables as a whole: every row is made once, so that what cannot be used is told beforehand.

A row that no parcel needs today is looked at too: it is in force tomorrow, or for the next data set.
"""

from collections.abc import Callable, Iterator, Mapping
from datetime import date
from functools import lru_cache

import msgspec

from adapters.customs import law
from adapters.customs.dated import DAYS, Row, day
from adapters.customs.required import requirement
from adapters.customs.rules.facts import Day
from adapters.customs.rules.table import rule
from gateway.findings import Finding, Position
from gateway.mapping.protocols import Lists

Maker = Callable[[Row, Day], object]


class Table(msgspec.Struct, frozen=True):
    """What a row must have, and what is made of it; `name` is the column that tells rows apart."""

    columns: tuple[str, ...]
    made: Maker = lambda _row, _day: None
    name: str = "code"


CODES = Table(("code", *DAYS))
"""A list of codes with their days."""

ALIKE: Mapping[str, Table] = {
    "reliefs": Table(("nature", *DAYS), lambda row, _: law.relief(row)),
    "fiscal-references": Table(DAYS, lambda row, _: law.fiscal_rule(row), "kind"),
    "identifiers": Table((), lambda row, _: law.identifier(row), "kind"),
    "change-reasons": Table(("purpose", "code", "label", *DAYS)),
    "required": Table(("data_sets", *DAYS), lambda row, _: requirement(row), "element"),
    "rules": Table(("categories", "offline", *DAYS), rule, "rule"),
}
"""The tables that authorities have under one name."""


@lru_cache(maxsize=8)
def faults(lists: Lists, authority: str, tables: "Tables", on: date) -> tuple[Finding, ...]:
    """Every row of an authority's tables that cannot be used."""
    today = Day(lists, on)
    return tuple(found for name, table in tables for found in _faults(f"{authority}/{name}", table, today))


Tables = tuple[tuple[str, Table], ...]


def _faults(name: str, table: Table, today: Day) -> Iterator[Finding]:
    number = 0
    try:
        for number, row in enumerate(today.lists(name), start=1):
            if problem := _problem(row, table, today):
                yield _fault(name, f"{number} ({row.get(table.name) or '?'})", problem)
    except Exception as error:  # noqa: BLE001 - whatever keeps a table from being read is said of it
        yield _fault(name, str(number + 1), _words(error))


def _problem(row: Row, table: Table, today: Day) -> str:
    """Why a row cannot be used; empty where it can."""
    try:
        for column in table.columns:
            if row[column] is None:  # a short row, as `csv` tells it
                return f"there is no cell for {column!r}"
            _ = column in DAYS and day(row, column)
        table.made(row, today)
    except Exception as error:  # noqa: BLE001 - a row is data of an operator and may be anything
        return _words(error)
    return ""


def _words(error: Exception) -> str:
    if isinstance(error, KeyError):
        return f"there is no column {error}"
    if isinstance(error, ArithmeticError):
        return "what should be a number is none"
    return f"{error}" if isinstance(error, ValueError) else f"{type(error).__name__}: {error}"


def _fault(name: str, row: str, problem: str) -> Finding:
    values = {"table": f"codes/{name}.csv", "row": row, "problem": problem}
    return Finding("TGT607", values=values, source=Position(f"codes/{name}.csv"))
