"""What every part of lint looks at: a built table, its plan, and the table as its own file says it."""

from collections.abc import Iterator

import msgspec

from gateway.findings.finding import Row
from gateway.mapping.build import Built
from gateway.mapping.faults import Place
from gateway.mapping.outer import openings, slots
from gateway.mapping.plan import Element, Plan, Slot, Value
from gateway.mapping.table import Table


class Subject(msgspec.Struct, frozen=True):
    """One table."""

    built: Built
    plan: Plan
    own: Table

    @property
    def document(self) -> Element:
        assert self.plan.document is not None
        return self.plan.document

    @property
    def root(self) -> Element:
        """The element of one record."""
        return openings(self.plan)[0][-1]

    def place(self, row: Row | None) -> Place:
        if row is None:
            return Place(self.plan.file)
        return self.built.places.get(row, Place(row.file, row.line))

    def row(self, element: Element) -> Row | None:
        """The row of an element; one on the way to others has that of the first of them."""
        return element.row or next((value.row for value in self.below(element)), None)

    def value(self, slot: Slot) -> Value:
        return self.plan.values[slot.value]

    def slots(self, element: Element) -> Iterator[tuple[str, Slot, Value]]:
        """Every slot of an element with its attribute and row."""
        for attribute, slot in slots(element):
            yield attribute, slot, self.value(slot)

    def below(self, element: Element) -> Iterator[Value]:
        """Every row of an element and below; constants of predicates are none."""
        yield from (value for _, _, value in self.slots(element) if not value.implied)
        for child in element.children:
            yield from self.below(child)

    def written(self, element: Element) -> bool:
        """Whether any row writes something in it."""
        return any(value.only != "read" for value in self.below(element))

    def read(self, element: Element) -> bool:
        """Whether any row reads something in it."""
        return any(value.only != "write" for value in self.below(element))


def walk(element: Element) -> Iterator[Element]:
    """An element and all below it, in output order."""
    yield element
    for child in element.children:
        yield from walk(child)
