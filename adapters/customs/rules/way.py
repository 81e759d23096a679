"""Ways through the lists of a record: the entries that they lead to, the values seen from there, the names of places.

>>> from gateway.model import Consignment, GoodsItem
>>> from adapters.customs.rules.subject import parse
>>> goods = (GoodsItem(hs_code="610910", description="Shirt"), GoodsItem(hs_code="901580"))
>>> record, (way, rest) = Consignment(nature="11", goods_items=goods), parted(parse("goods_items[].hs_code"))
>>> [list(way.reads(parse("goods_items[].hs_code"))(at)) for at in way.places(record)]
[['610910'], ['901580']]
>>> [list(way.reads(parse("nature"))(at)) for at in way.places(record)], way.paths(record, rest)
([['11'], ['11']], ['goods_items[1].hs_code', 'goods_items[2].hs_code'])
"""

from collections.abc import Sequence
from functools import cache
from itertools import takewhile
from typing import Any

from adapters.customs.rules.subject import Place, Reader, Step, Subject, reader


class Way:
    """The steps of a path as far as they go through lists, entry by entry; one object for one way (`parted`)."""

    def __init__(self, steps: Subject) -> None:
        self.steps = steps
        self._fields = tuple(reader((step,), depth) for depth, step in enumerate(steps))

    def places(self, record: Any) -> Sequence[Place]:
        """Every place that the way leads to: the record itself, where it goes through no list."""
        found: list[Place] = [(record,)]
        for field in self._fields:
            found = [(*at, entry) for at in found for entry in field(at)]
        return found

    def paths(self, record: Any, rest: str = "") -> list[str]:
        """The same places by name, with the fields below them."""
        found = [("", record)]
        for step in self.steps:
            found = [(_below(path, _name(step, number)), one) for path, at in found for number, one in step.entries(at)]
        return [_below(path, rest) for path, _ in found]

    def reads(self, subject: Subject) -> Reader:
        """Every value of a path, as seen from a place: lists that both go through are at the same entry."""
        shared = len(list(takewhile(lambda pair: pair[0] == pair[1], zip(self.steps, subject, strict=False))))
        return reader(subject[shared:], shared)


class Places(dict[Way, Sequence[Place]]):
    """The places of one record: each way is entered once, when it is first asked for."""

    def __init__(self, record: Any) -> None:
        super().__init__()
        self.record = record

    def __missing__(self, way: Way) -> Sequence[Place]:
        found = self[way] = way.places(self.record)
        return found


def parted(subject: Subject) -> tuple[Way, str]:
    """The way through lists, and the fields below it."""
    length = max((at for at, step in enumerate(subject, start=1) if step.each), default=0)
    return _way(subject[:length]), ".".join(step.name for step in subject[length:])


_way = cache(Way)
WHOLE = _way(())
"""No list at all: the record as it stands."""


def _below(path: str, rest: str) -> str:
    return f"{path}.{rest}" if path and rest else path or rest


def _name(step: Step, number: int) -> str:
    return f"{step.name}[{number}]" if step.each and number else step.name
