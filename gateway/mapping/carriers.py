"""The sender's element that carries a fact of the model, by the sender's own table, also where it says nothing there.

A value that stands has its place in the trace. For one that is missing, or that the gateway made, the table knows which
element would carry it, else which element stands around it: a goods item's, else the whole unit's.
"""

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from itertools import takewhile

from gateway.mapping.official import within
from gateway.mapping.plan import Plan
from gateway.mapping.reach import reach
from gateway.mapping.trace import Entry

OF_ONE_PIECE = {"value": "unit_price", "net_mass": "unit_net_mass"}
"""What of a line may have been said of one piece: each derives the other."""
_NUMBER = re.compile(r"\[\d+\]")
BRACKETS = re.compile(r"\[[^\]]*\]")


class Carriers:
    """Which element of a message each path of the model is read from, or `written` to."""

    def __init__(self, plan: Plan, *, written: bool = False) -> None:
        self._known: Mapping[str, str] = {
            one.place.bare: within(plan, ways[0])
            for (record, _), one in reversed(list(reach(plan).items()))
            if (ways := one.written if written else one.read) and record == plan.unit_record
        }

    def __iter__(self) -> Iterator[str]:
        """Every path that is carried."""
        return iter(self._known)

    def carrier(self, path: str) -> str:
        """The element that says this very fact, or around all that say a part of it; empty where none does."""
        return next(filter(None, map(self._below, spellings(BRACKETS.sub("", path)))), "")

    def element(self, path: str, entries: Iterable[Entry] = ()) -> str:
        """The element of a model path, with the numbers of what was said around it (`entries` of the trace).

        >>> from datetime import date
        >>> from gateway.mapping.registry import Registry
        >>> itmatt = Carriers(Registry().plan("upu/itmatt-1.5", date(2026, 9, 14)))
        >>> itmatt.element("goods_items[1].hs_code"), itmatt.element("goods_items[1].procedure")
        ('item/content-piece/hs-code', 'item/content-piece')
        """
        known = list(entries)
        for around in _outwards(path):
            exact = next((one for one in known if one.model_path == around), None)
            if exact is not None:
                return exact.message_path
            if found := self.carrier(around):
                return _numbered(found, around, known)
        return _shared(self._known.values())

    def _below(self, bare: str) -> str:
        """The element of a path, or the one that all parts of it stand in."""
        if bare in self._known:
            return self._known[bare]
        return _shared(element for path, element in self._known.items() if path.startswith(f"{bare}."))


def spellings(bare: str) -> Iterator[str]:
    """The paths under which a fact may be said: `goods_items.value` also as `goods_items.unit_price`."""
    yield bare
    line, dot, name = bare.rpartition(".")
    if dot and name in OF_ONE_PIECE:
        yield f"{line}.{OF_ONE_PIECE[name]}"


def _outwards(path: str) -> Iterator[str]:
    """`a[2].value`, `a[2]`."""
    while path:
        yield path
        path = path.rpartition(".")[0]


def _numbered(element: str, path: str, entries: list[Entry]) -> str:
    """The element with the numbers that stand on the way to what was said of the same entry of a list."""
    listed = path[: path.rindex("]") + 1] if "]" in path else ""
    near = next((one for one in entries if listed and one.model_path.startswith(listed)), None)
    if near is None:
        return element
    steps, known = element.split("/"), near.message_path.split("/")
    same = len(_alike([steps, [_NUMBER.sub("", step) for step in known]]))
    return "/".join([*known[:same], *steps[same:]])


def _shared(elements: Iterable[str]) -> str:
    """The element that all of these stand in; one alone is that itself."""
    return "/".join(_alike([one.split("/") for one in elements]))


def _alike(ways: Sequence[Sequence[str]]) -> list[str]:
    """The steps that all of these begin with."""
    return [column[0] for column in takewhile(lambda column: len(set(column)) == 1, zip(*ways, strict=False))]
