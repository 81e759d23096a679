"""A declared value's way from the declaration: classes and elements of the WCO Data Model, each with its occurrence.

An occurrence of a class is known by the number it says itself (006 Sequence number), else by its place: a goods item
keeps its number when others before it are gone, or do not travel.
"""

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence

import msgspec

from gateway.mapping.trace import Entry
from gateway.model import Step

SEQUENCE = "006"
POINTER = "97A"  # its sequence number is that of what it points at, not its own

_CLASS = re.compile(r"\d\d[A-Z]")
_OCCURRENCE = re.compile(r".*\[(\d+)\]")


class Level(msgspec.Struct, frozen=True):
    """One step of the way: WCO id (empty for what has none, such as the text of a date), occurrence, name."""

    wco_id: str
    number: int
    name: str = ""


Numbers = Mapping[str, int]
"""The number that an occurrence says itself, by its path in the message."""


def numbers(entries: Iterable[Entry]) -> Numbers:
    """Every number that an occurrence of a class says itself."""
    return {
        entry.message_path.rpartition("/")[0]: int(entry.text)
        for entry in entries
        if entry.wco_ids[-1:] == (SEQUENCE,) and entry.wco_ids[-2:-1] != (POINTER,) and entry.text.isdecimal()
    }


def levels(entry: Entry, known: Numbers) -> tuple[Level, ...]:
    """The way of an entry, attributes left out: they belong to their element."""
    return tuple(_levels(entry, known))


def _levels(entry: Entry, known: Numbers) -> Iterator[Level]:
    path = ""
    for name, wco_id in zip(entry.message_path.split("/"), entry.wco_ids, strict=False):
        if name.startswith("@"):
            return
        path = f"{path}/{name}" if path else name
        yield Level(wco_id, known.get(path) or _place(name), name.partition("[")[0])


def steps(way: Sequence[Level]) -> tuple[Step, ...]:
    """The pointer to a place: a step for each class, the element with the last one.

    >>> way = Level("42A", 1), Level("67A", 1), Level("68A", 2), Level("108", 1)
    >>> [(step.number, step.section, step.tag) for step in steps(way)]
    [(1, '42A', None), (1, '67A', None), (2, '68A', '108')]
    """
    classes = [level for level in way if _CLASS.fullmatch(level.wco_id)]
    tag = next((level.wco_id for level in way[len(classes) :] if level.wco_id), None)
    return tuple(
        Step(section=level.wco_id, tag=tag if level is classes[-1] else None, number=level.number) for level in classes
    )


def _place(name: str) -> int:
    found = _OCCURRENCE.fullmatch(name)
    return int(found[1]) if found else 1
