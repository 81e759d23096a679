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
from collections.abc import Iterable, Iterator, Sequence
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

    def entries(self, record: Any) -> Iterable[tuple[int, Any]]:
        """What stands in the field, numbered from 1; one value that is no list has no number (0)."""
        found = getattr(record, self.name, None)
        if found is None:
            return ()
        every = enumerate(found, start=1) if isinstance(found, tuple) else ((0, found),)
        return [(number, entry) for number, entry in every if not self.key or self.fits(entry)]

    def values(self, record: Any) -> Iterable[Any]:
        """What stands in the field, one value or the entries of a list."""
        found = getattr(record, self.name, None)
        if found is None:
            return ()
        every = found if isinstance(found, tuple) else (found,)
        return [entry for entry in every if self.fits(entry)] if self.key else every

    def fits(self, entry: Any) -> bool:
        return bool(getattr(entry, self.key, None) == self.value)


Subject = tuple[Step, ...]


class Place(msgspec.Struct, frozen=True):
    """A place in a record: the objects on the way to it, by the steps that lead there."""

    record: Any
    path: str = ""
    on_the_way: tuple[tuple[Subject, Any], ...] = ()


@cache
def parse(text: str) -> Subject:
    """Raises: ValueError for what is no path."""
    return tuple(_step(step) for step in text.split("."))


def places(subject: Subject, record: Any) -> Iterator[Place]:
    """Every place that the path stands for: one, unless it goes through each entry of a list."""
    way, rest = parted(subject)
    return (msgspec.structs.replace(at, path=below(at, rest)) for at in ways(way, record))


def parted(subject: Subject) -> tuple[Subject, str]:
    """The way through lists, and the fields below it."""
    length = max((at for at, step in enumerate(subject, start=1) if step.each), default=0)
    return subject[:length], ".".join(step.name for step in subject[length:])


def ways(way: Subject, record: Any) -> Sequence[Place]:
    """Every place that a way through lists leads to."""
    found = [Place(record)]
    for depth, step in enumerate(way, start=1):
        found = [_entered(at, way[:depth], number, entry) for at in found for number, entry in step.entries(_here(at))]
    return found


def below(place: Place, rest: str) -> str:
    return f"{place.path}.{rest}" if place.path and rest else place.path or rest


def values(subject: Subject, place: Place) -> tuple[Any, ...]:
    """Every value of a path, as seen from a place: lists that both go through are at the same entry."""
    done, found = 0, [place.record]
    for steps, entry in place.on_the_way:
        if subject[: len(steps)] == steps:
            done, found = len(steps), [entry]
    for step in subject[done:]:
        found = [value for record in found for value in step.values(record)]
    return tuple(found)


@cache
def _step(text: str) -> Step:
    """One object for one text: paths are compared step by step, often."""
    found = _STEP.fullmatch(text)
    if found is None:
        raise ValueError(text)
    return Step(found["name"], found["each"] is not None, found["key"] or "", found["value"] or "")


def _here(place: Place) -> Any:
    return place.on_the_way[-1][1] if place.on_the_way else place.record


def _entered(place: Place, way: Subject, number: int, entry: Any) -> Place:
    step = way[-1]
    name = f"{step.name}[{number}]" if step.each and number else step.name
    return Place(place.record, below(place, name), (*place.on_the_way, (way, entry)))
