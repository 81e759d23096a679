"""Many differences counted: how many of each kind under each heading, with a few examples; flat however many come."""

from collections.abc import Iterable, Iterator

import msgspec

from gateway.steps.ground.mask import masked
from gateway.workbench.difference.item import Change, Compared, Kind

ORDER: tuple[Kind, ...] = ("item", "route", "finding", "value", "output", "layout")


class Example(msgspec.Struct, frozen=True):
    """One change of one item of one file."""

    file: str
    item_id: str
    ordinal: int
    at: str
    before: str
    after: str


class Heading(msgspec.Struct):
    """All changes of a kind under one heading. `items` counts an item once, however often it changes here."""

    kind: Kind
    what: str
    wco: str
    changes: int = 0
    items: int = 0
    examples: list[Example] = []


class Differences:
    """What was compared and what differs. Values of parties are covered unless they are to be shown."""

    def __init__(self, examples: int = 3, *, show_values: bool = False) -> None:
        self._most, self._open = examples, show_values
        self._headings: dict[tuple[Kind, str], Heading] = {}
        self.files = 0
        self.items = 0
        self.differ = 0

    def add(self, file: str, one: Compared | None) -> None:
        """One item, or what is said of a whole file; None where a file ends."""
        if one is None:
            self.files += 1
            return
        self.items += bool(one.ordinal)
        self.differ += bool(one.ordinal and one.changes)
        seen = set()
        for change in one.changes:
            heading = self._headings.setdefault(
                (change.kind, change.what), Heading(change.kind, change.what, change.wco)
            )
            heading.changes += 1
            heading.items += change.what not in seen
            seen.add(change.what)
            if len(heading.examples) < self._most:
                heading.examples.append(self._example(file, one, change))

    def headings(self) -> Iterator[Heading]:
        """By kind, the most frequent first."""
        yield from sorted(self._headings.values(), key=lambda h: (ORDER.index(h.kind), -h.changes, h.what))

    def __bool__(self) -> bool:
        return bool(self._headings)

    def _example(self, file: str, one: Compared, change: Change) -> Example:
        before, after = (self._shown(text, change) for text in (change.before, change.after))
        return Example(file, one.item_id, one.ordinal, change.at, before, after)

    def _shown(self, text: str, change: Change) -> str:
        if self._open or not text:
            return text
        return change.covered or masked({"value": text}, change.field)["value"]


def counts(headings: Iterable[Heading]) -> dict[str, dict[str, int]]:
    """How many changes of each kind under each heading."""
    found: dict[str, dict[str, int]] = {}
    for heading in headings:
        found.setdefault(heading.kind, {})[heading.what] = heading.changes
    return found
