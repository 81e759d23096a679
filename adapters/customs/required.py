"""What a declaration must say and does not: rows of a dated table, element by element; nothing is invented.

A table (`customs/uk/required`) has the columns

- `data_sets`: the declarations that ask for it; `element`: the authority's number of the data element
- `name`: its name, perhaps `name_fr` and `name_es` in other languages
- `path`: the place in the model (each goods item by itself: `goods_items[].net_mass`); `wco`: its WCO id
- `unless`: a place that stands for it where it is known (a number for name and address)
- `finding`: the code of the finding where it has one of its own; perhaps `setting`: the key by which the filer says it
- `valid_from`, `valid_to`, `source`
"""

from collections.abc import Iterable, Iterator, Sequence
from datetime import date
from functools import lru_cache

import msgspec

from adapters.customs.dated import Row, in_force
from adapters.customs.rules.subject import Place, Reader, Step, Subject, parse
from adapters.customs.rules.way import Places, Way, parted
from gateway.findings import Finding
from gateway.mapping.protocols import Lists
from gateway.model import Consignment

NAMES = {"name": "name", "name_fr": "name_fr", "name_es": "name_es", "setting": "key"}
"""Columns that a finding quotes, and as what."""


class Requirement(msgspec.Struct, frozen=True):
    """One element that a data set asks for; a finding names `rest` of an entry that `way` leads to.

    `said` reads the element there, `instead` what stands for it.
    """

    element: str
    names: dict[str, str]
    way: Way
    rest: str
    said: Reader
    instead: Reader
    wco: str
    finding: str


@lru_cache(maxsize=64)
def requirements(lists: Lists, table: str, data_set: str, on: date) -> tuple[Requirement, ...]:
    """Every requirement of a data set that is in force, in the order of the table."""
    rows = (row for row in in_force(lists(table), on) if data_set in row["data_sets"].split())
    return tuple(requirement(row) for row in rows)


def missing(wanted: Iterable[Requirement], record: Consignment, data_set: str, code: str) -> Iterator[Finding]:
    """A finding for each place where nothing is known; `code` where the requirement has none of its own."""
    places = Places(record)
    for one in wanted:
        if not all(map(one.said, places[one.way])):
            yield from _missing(one, record, places[one.way], data_set, code)


def _missing(
    one: Requirement, record: Consignment, places: Sequence[Place], data_set: str, code: str
) -> Iterator[Finding]:
    told = {"data_set": data_set, "element": one.element} | one.names
    for place, path in zip(places, one.way.paths(record, one.rest), strict=True):
        if not one.said(place) and not one.instead(place):
            yield Finding(one.finding or code, values=told, model_path=path, wco_id=one.wco)


def requirement(row: Row) -> Requirement:
    path = parse(row["path"])
    way, rest = parted(_told(path))
    return Requirement(
        element=row["element"],
        names={name: row[column] for column, name in NAMES.items() if row.get(column)},
        way=way,
        rest=rest,
        said=way.reads(path),
        instead=way.reads(parse(row["unless"])) if row["unless"] else lambda _: (),
        wco=row["wco"],
        finding=row["finding"],
    )


def _told(path: Subject) -> Subject:
    """Of an entry of a certain kind, which is not there, its list is told."""
    kind = next((at for at, step in enumerate(path) if step.key), None)
    return path if kind is None else (*path[:kind], Step(path[kind].name))
