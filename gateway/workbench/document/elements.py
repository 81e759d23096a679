"""Data elements: what of the model each format carries, and what one format needs that another does not give."""

from collections.abc import Iterable, Mapping
from typing import Literal

import msgspec

from gateway.mapping.places import Place
from gateway.model.labels import groups
from gateway.workbench.document.line import Line, Need, Outline

Status = Literal["given", "made", "lacking", "open"]


class Data(msgspec.Struct, frozen=True):
    """One data element of a format: the places it may come from, the first is its own; how much it is needed."""

    places: tuple[Place, ...]
    need: Need
    wco: tuple[str, ...]
    fixed: bool

    @property
    def place(self) -> Place:
        return self.places[0]

    @property
    def key(self) -> tuple[str, str]:
        return self.place.record, self.place.bare


Carried = Mapping[tuple[str, str], Data]


def carried(outline: Outline) -> Carried:
    """The data elements of a format; of several rows for one, the one that needs it most."""
    found: dict[tuple[str, str], Data] = {}
    for line in outline.lines:
        if line.value is None or line.role != "text" or not line.places or line.value.kind == "position":
            continue
        data = _data(line)
        known = found.get(data.key)
        if known is None or _RANK[data.need] < _RANK[known.need]:
            found[data.key] = data
    return found


def status(data: Data, source: Carried) -> Status:
    """Where a target's data element comes from when a message of the source is translated.

    `made`: the gateway makes it (envelopes, totals) or the table fixes it; `lacking`: required and not given; `open`:
    neither required nor given.
    """
    if any((place.record, place.bare) in source for place in data.places):
        return "given"
    if data.fixed or data.place.record == "Message" or (data.place.field is not None and data.place.field.derived):
        return "made"
    return "open" if data.need == "no" else "lacking"


def in_order(data: Iterable[Data]) -> list[Data]:
    """In the order of the model: by group, then as the records list them."""
    known = groups()
    return sorted(data, key=lambda one: (known.index(one.place.group), one.place.order, one.place.bare))


def _data(line: Line) -> Data:
    assert line.value is not None
    fixed = line.value.default is not None or line.value.constant is not None
    return Data(line.places, line.need, line.wco, fixed)


_RANK: Mapping[Need, int] = {"always": 0, "within": 1, "no": 2}
