"""Outer facts: slots that stand outside the element which begins their row's scope.

`../Total` and `/message/reference` inside a block are read once an entry, by going up and down again.
"""

from collections.abc import Iterator

import msgspec

from gateway.mapping.plan import Element, Plan, Slot


class Outer(msgspec.Struct, frozen=True):
    """One such slot: how far up from the scope's element, which elements down from there, which attribute."""

    slot: Slot
    up: int
    down: tuple[Element, ...]
    attribute: str = ""

    @property
    def element(self) -> Element | None:
        return self.down[-1] if self.down else None


def openings(plan: Plan) -> dict[int, tuple[Element, ...]]:
    """The elements from the document to the one that begins each scope; scope 0 begins where `root` ends."""
    found: dict[int, tuple[Element, ...]] = {}
    assert plan.document is not None
    root = "/".join(step.local for step in plan.root)
    for chain in chains(plan.document):
        if chain[-1].path == root and 0 not in found:
            found[0] = chain
        if chain[-1].opens is not None:
            found[chain[-1].opens] = chain
    return found


def outers(plan: Plan) -> dict[int, tuple[Outer, ...]]:
    """The outer slots of each scope."""
    starts = openings(plan)
    found: dict[int, list[Outer]] = {scope.number: [] for scope in plan.scopes}
    assert plan.document is not None
    for chain in chains(plan.document):
        for attribute, slot in slots(chain[-1]):
            scope = plan.values[slot.value].scope
            if plan.values[slot.value].implied:
                continue
            start = starts.get(scope, ())
            common = _common(start, chain)
            if common < len(start):
                found[scope].append(Outer(slot, len(start) - common, chain[common:], attribute))
    return {scope: tuple(some) for scope, some in found.items()}


def chains(element: Element, above: tuple[Element, ...] = ()) -> Iterator[tuple[Element, ...]]:
    """Every element with the elements above it."""
    chain = (*above, element)
    yield chain
    for child in element.children:
        yield from chains(child, chain)


def slots(element: Element) -> Iterator[tuple[str, Slot]]:
    """Every slot of an element with the attribute it is in."""
    for slot in element.texts:
        yield "", slot
    for attribute in element.attributes:
        for slot in attribute.slots:
            yield attribute.name, slot


def counted(plan: Plan, chain: tuple[Element, ...]) -> Iterator[Element]:
    """The elements whose number some row says."""
    for _, slot in slots(chain[-1]):
        value = plan.values[slot.value]
        if value.kind == "position" and value.up < len(chain):
            yield chain[-1 - value.up]
    for child in chain[-1].children:
        yield from counted(plan, (*chain, child))


def _common(one: tuple[Element, ...], other: tuple[Element, ...]) -> int:
    count = 0
    while count < min(len(one), len(other)) and one[count] is other[count]:
        count += 1
    return count
