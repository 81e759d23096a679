"""What differs between two declarations, each difference with the pointer of WCO ids that names it.

A value that differs is named by its element. What came or went whole is named by its class, once (WCO Data Model 3.6,
class 06A Amendment with 97A Pointer).
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence

import msgspec

from adapters.customs.wco_levels import Level, levels, numbers, steps
from gateway.mapping.trace import Entry
from gateway.model import Step

Way = tuple[tuple[str, int], ...]


class Change(msgspec.Struct, frozen=True):
    """One difference: its pointer, the values that were and those that are (none: it came, or went)."""

    pointer: tuple[Step, ...]
    old: tuple[Entry, ...] = ()
    new: tuple[Entry, ...] = ()


class Declared(msgspec.Struct, frozen=True):
    """A traced declaration by the ways of its elements; an attribute stands with its element."""

    entries: Mapping[Way, tuple[Entry, ...]]
    ways: Mapping[Way, tuple[Level, ...]]
    prefixes: frozenset[Way]


def declared(entries: Iterable[Entry]) -> Declared:
    """What has WCO ids; the envelope has none."""
    found: dict[Way, tuple[Entry, ...]] = {}
    ways: dict[Way, tuple[Level, ...]] = {}
    said = tuple(entry for entry in entries if entry.wco_ids and entry.wco_ids[0])
    known = numbers(said)
    for entry in said:
        levels_ = levels(entry, known)
        way = tuple((level.name, level.number) for level in levels_)
        found[way] = (*found.get(way, ()), entry)
        ways[way] = levels_
    return Declared(found, ways, frozenset(way[:depth] for way in found for depth in range(1, len(way) + 1)))


def changes(before: Declared, after: Declared) -> tuple[Change, ...]:
    """Every difference, in the order of the declaration as it is; what went comes last."""
    places: dict[Way, list[Way]] = {}
    for way in _differing(before, after):
        places.setdefault(_place(way, before, after), []).append(way)
    return tuple(_change(place, ways, before, after) for place, ways in places.items())


def _differing(before: Declared, after: Declared) -> Iterator[Way]:
    for way in (*after.entries, *(way for way in before.entries if way not in after.entries)):
        if _texts(before.entries.get(way, ())) != _texts(after.entries.get(way, ())):
            yield way


def _texts(entries: Sequence[Entry]) -> list[str]:
    return [entry.text for entry in entries]


def _place(way: Way, before: Declared, after: Declared) -> Way:
    """The element itself where both have it, else the highest class above it that one of them has not at all."""
    if way in before.entries and way in after.entries:
        return way
    other = before if way in after.entries else after
    return next(way[:depth] for depth in range(1, len(way) + 1) if way[:depth] not in other.prefixes)


def _change(place: Way, ways: Sequence[Way], before: Declared, after: Declared) -> Change:
    side = after if ways[0] in after.entries else before
    return Change(
        steps(side.ways[ways[0]][: len(place)]),
        tuple(entry for way in ways for entry in before.entries.get(way, ())),
        tuple(entry for way in ways for entry in after.entries.get(way, ())),
    )
