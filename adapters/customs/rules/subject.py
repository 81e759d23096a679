"""Paths in a record, read by closures that are made once: rules and requirements are asked of every parcel.

`goods_items[].postage` stands for each goods item in turn, `goods_items.postage` for the postage of all of them,
`documents[kind=previous].type` for the documents of one kind.

>>> from gateway.model import Consignment, GoodsItem
>>> record = Consignment(goods_items=(GoodsItem(hs_code="610910"), GoodsItem(hs_code="901580")))
>>> list(reader(parse("goods_items.hs_code"))((record,)))
['610910', '901580']
"""

import re
from collections.abc import Callable, Iterable, Sequence
from functools import cache
from typing import Any

import msgspec

from gateway.model import Amount, Consignment, Measure
from gateway.model.dictionary import at

PARTS = frozenset((*Amount.__struct_fields__, *Measure.__struct_fields__))
_STEP = re.compile(r"(?P<name>\w+)(?P<each>\[(?:(?P<key>\w+)=(?P<value>[^\]]*))?\])?")

Place = tuple[Any, ...]
"""The record and the entries on the way to a place; it carries no names, since rules ask many of them."""

Values = Sequence[Any]
Reader = Callable[[Place], Values]


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

    def fits(self, entry: Any) -> bool:
        return bool(getattr(entry, self.key, None) == self.value)


Subject = tuple[Step, ...]


@cache
def parse(text: str) -> Subject:
    """Raises: ValueError for what is no path in a record."""
    steps = tuple(_step(step) for step in text.split(".")) if text else ()
    whole, _, part = (plain := ".".join(step.name for step in steps)).rpartition(".")
    if not (steps == () or at(Consignment, plain) or (part in PARTS and at(Consignment, whole))):
        raise ValueError(f"there is no place {text!r}")
    return steps


@cache
def reader(subject: Subject, depth: int = 0) -> Reader:
    """Every value of a path below the entry at that depth of a place: one loop, for all parcels to come."""
    links = tuple(_link(step, subject[below:]) for below, step in enumerate(subject, start=1))

    def read(place: Place) -> Values:
        found = place[depth]
        for name, fits, below in links:
            found = getattr(found, name, None)
            if found is None:
                return ()
            if fits is not None:
                found = tuple(filter(fits, found if isinstance(found, tuple) else (found,)))
            if isinstance(found, tuple):
                return found if below is None else [value for entry in found for value in below((entry,))]
        return (found,)

    return read


def _link(step: Step, rest: Subject) -> tuple[str, Callable[[Any], bool] | None, Reader | None]:
    """A field, which of its entries count where it is a list, and what is read below each of them."""
    return step.name, step.fits if step.key else None, reader(rest) if rest else None


def _step(text: str) -> Step:
    found = _STEP.fullmatch(text)
    if found is None:
        raise ValueError(f"{text!r} is no path")
    return Step(found["name"], found["each"] is not None, found["key"] or "", found["value"] or "")
