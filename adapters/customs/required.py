"""What a declaration must say and does not: rows of a dated table, element by element; nothing is invented.

A table (`customs/uk/required`) has the columns

- `data_sets`: the declarations that ask for it; `element`: the authority's number of the data element
- `name`: its name, perhaps `name_fr` and `name_es` in other languages
- `path`: the place in the model (each goods item by itself: `goods_items[].net_mass`); `wco`: its WCO id
- `unless`: a place that stands for it where it is known (a number for name and address)
- `finding`: the code of the finding where it has one of its own; perhaps `setting`: the key by which the filer says it
- `valid_from`, `valid_to`, `source`
"""

from collections.abc import Iterable, Iterator
from datetime import date
from functools import lru_cache
from typing import Any

import msgspec

from adapters.customs.dated import Row, in_force
from adapters.customs.rules.subject import Step, Subject, parse, places, values
from gateway.findings import Finding
from gateway.mapping.protocols import Lists
from gateway.model import Consignment

NAMES = {"name": "name", "name_fr": "name_fr", "name_es": "name_es", "setting": "key"}
"""Columns that a finding quotes, and as what."""


class Requirement(msgspec.Struct, frozen=True):
    """One element that a data set asks for; `told` is the place that a finding names."""

    element: str
    names: dict[str, str]
    path: Subject
    told: Subject
    unless: Subject
    wco: str
    finding: str


@lru_cache(maxsize=64)
def requirements(lists: Lists, table: str, data_set: str, on: date) -> tuple[Requirement, ...]:
    """Every requirement of a data set that is in force, in the order of the table."""
    rows = (row for row in in_force(lists(table), on) if data_set in row["data_sets"].split())
    return tuple(_requirement(row) for row in rows)


def missing(wanted: Iterable[Requirement], record: Consignment, data_set: str, code: str) -> Iterator[Finding]:
    """A finding for each place where nothing is known; `code` where the requirement has none of its own."""
    for one in wanted:
        if not _said(record, one.path):
            yield from _missing(one, record, data_set, one.finding or code)


def _missing(one: Requirement, record: Consignment, data_set: str, code: str) -> Iterator[Finding]:
    for place in places(one.told, record):
        if not values(one.path, place) and not (one.unless and values(one.unless, place)):
            told = {"data_set": data_set, "element": one.element} | one.names
            yield Finding(code, values=told, model_path=place.path, wco_id=one.wco)


def _said(found: Any, path: Subject) -> bool:
    """Whether a value stands at every place of the path; in doubt it does not."""
    for at, step in enumerate(path):
        if step.key:
            return False
        if isinstance(found, tuple):
            return any(_said(one, path[at:]) for one in found)
        found = getattr(found, step.name)
        if found is None:
            return False
        if step.each and isinstance(found, tuple):
            return all(_said(one, path[at + 1 :]) for one in found)
    return bool(found != ())


def _requirement(row: Row) -> Requirement:
    path = parse(row["path"])
    unless = parse(row["unless"]) if row["unless"] else ()
    names = {name: row[column] for column, name in NAMES.items() if row.get(column)}
    return Requirement(row["element"], names, path, _told(path), unless, row["wco"], row["finding"])


def _told(path: Subject) -> Subject:
    """Of an entry of a certain kind, which is not there, its list is told."""
    kind = next((at for at, step in enumerate(path) if step.key), None)
    return path if kind is None else (*path[:kind], Step(path[kind].name))
