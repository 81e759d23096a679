"""A record cut down to some of its facts, as a message that carries only what changed wants it."""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from typing import Any, TypeVar

from gateway.checks.derivations import derived
from gateway.model import Consignment, GoodsItem, Record

Way = tuple[tuple[str, int], ...]
Some = TypeVar("Some", bound=Record)


def partial(consignment: Consignment, paths: Iterable[str]) -> Consignment:
    """The facts at these model paths. Entries of a list are taken whole, but goods items fact by fact.

    >>> goods = GoodsItem(number=1, origin="CN"), GoodsItem(number=2, description="Mugs", origin="CN")
    >>> cut = partial(Consignment(nature="11", goods_items=goods), ["goods_items[2].number", "goods_items[2].origin"])
    >>> cut == Consignment(goods_items=(GoodsItem(number=2, origin="CN"),))
    True
    """
    return _cut(consignment, [tuple(_steps(path)) for path in paths])


def _cut(record: Some, ways: Sequence[Way]) -> Some:
    below: defaultdict[str, list[Way]] = defaultdict(list)
    for way in ways:
        below[way[0][0]].append(way)
    return type(record)(**{name: _fact(_said(record, name), some) for name, some in below.items()})


def _said(record: Record, name: str) -> Any:
    """The fact as stated, else as derived: what was written of it once is to be written of it again."""
    stated = getattr(record, name)
    return stated if stated is not None and stated != () else derived(record, name)


def _fact(value: Any, ways: Sequence[Way]) -> Any:
    if isinstance(value, tuple):
        return tuple(_entries(value, ways))
    if isinstance(value, dict):
        return {key: value[key] for (_, _), (key, _), *_ in ways}
    rests = [way[1:] for way in ways if len(way) > 1]
    return _cut(value, rests) if isinstance(value, Record) and rests else value


def _entries(entries: tuple[Any, ...], ways: Sequence[Way]) -> Iterator[Any]:
    """Those that are named by number; all of a list that is written as one value."""
    wanted = {way[0][1] for way in ways}
    for number, entry in enumerate(entries, start=1):
        if 0 in wanted or number in wanted:
            mine = [way[1:] for way in ways if way[0][1] == number]
            yield _cut(entry, mine) if isinstance(entry, GoodsItem) else entry


def _steps(path: str) -> Iterator[tuple[str, int]]:
    """`goods_items[2].value` as names with the number of an entry, 0 where none is said."""
    for step in path.split("."):
        name, _, number = step.rstrip("]").partition("[")
        yield name, int(number or 0)
