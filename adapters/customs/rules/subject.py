"""Places in a record: a path with a number for every list it goes through, and the values below it.

`goods_items[].postage` stands for each goods item in turn, `goods_items.postage` for the postage of all of them,
`documents[kind=previous].type` for the documents of one kind.

>>> from gateway.model import Consignment, GoodsItem
>>> record = Consignment(goods_items=(GoodsItem(hs_code="610910"), GoodsItem(hs_code="901580")))
>>> each = parse("goods_items[].hs_code")
>>> [(place.path, values(each, place)) for place in places(each, record)]
[('goods_items[1].hs_code', ('610910',)), ('goods_items[2].hs_code', ('901580',))]
>>> values(parse("goods_items.hs_code"), Place(record))
('610910', '901580')
"""

import re
from collections.abc import Iterator, Sequence
from functools import cache
from typing import Any

import msgspec

_STEP = re.compile(r"(?P<name>\w+)(?P<each>\[(?:(?P<key>\w+)=(?P<value>[^\]]*))?\])?")


class Step(msgspec.Struct, frozen=True):
    """A field; of a list each entry in turn (`each`), perhaps only those with this value of a key.

    Of a field that is no list `each` is the one record that stands there, if it does: `consignor[].name`.
    """

    name: str
    each: bool = False
    key: str = ""
    value: str = ""

    def entries(self, record: Any) -> Iterator[tuple[int, Any]]:
        """What stands in the field, numbered from 1; one value that is no list has no number (0)."""
        found = getattr(record, self.name, None)
        for number, entry in enumerate(found, start=1) if isinstance(found, tuple) else ((0, found),):
            if entry is not None and (not self.key or getattr(entry, self.key, None) == self.value):
                yield number, entry


Subject = tuple[Step, ...]


class Place(msgspec.Struct, frozen=True):
    """A place in a record: the objects on the way to it, by the steps that lead there."""

    record: Any
    path: str = ""
    on_the_way: tuple[tuple[Subject, Any], ...] = ()


@cache
def parse(text: str) -> Subject:
    """Raises: ValueError for what is no path."""
    found = [_STEP.fullmatch(step) for step in text.split(".")]
    if None in found:
        raise ValueError(text)
    return tuple(
        Step(step["name"], step["each"] is not None, step["key"] or "", step["value"] or "") for step in found if step
    )


def places(subject: Subject, record: Any) -> Iterator[Place]:
    """Every place that the path stands for: one, unless it goes through each entry of a list."""
    return _below(subject, 0, Place(record))


def values(subject: Subject, place: Place) -> tuple[Any, ...]:
    """Every value of a path, as seen from a place: lists that both go through are at the same entry."""
    shared = next(
        ((steps, entry) for steps, entry in reversed(place.on_the_way) if subject[: len(steps)] == steps), None
    )
    steps, record = shared or ((), place.record)
    return tuple(_values(subject[len(steps) :], record))


def _below(subject: Subject, depth: int, place: Place) -> Iterator[Place]:
    if not any(step.each for step in subject[depth:]):
        rest = ".".join(step.name for step in subject[depth:])
        yield msgspec.structs.replace(place, path=".".join(filter(None, (place.path, rest))))
        return
    step = subject[depth]
    here = place.on_the_way[-1][1] if place.on_the_way else place.record
    for number, entry in step.entries(here):
        name = f"{step.name}[{number}]" if step.each and number else step.name
        way = (*place.on_the_way, (subject[: depth + 1], entry))
        yield from _below(subject, depth + 1, Place(place.record, ".".join(filter(None, (place.path, name))), way))


def _values(subject: Sequence[Step], record: Any) -> Iterator[Any]:
    if not subject:
        yield record
        return
    for _, entry in subject[0].entries(record):
        yield from _values(subject[1:], entry)
