"""A line of a page: what a table, its grammar, the model and the cases say of one element. Facts, no words yet."""

from collections.abc import Iterator
from typing import Literal

import msgspec

from gateway.findings.finding import Row
from gateway.mapping.grammar import Node
from gateway.mapping.places import Place
from gateway.mapping.plan import Plan, Value
from gateway.model.dictionary import FieldInfo

Need = Literal["always", "within", "no"]


class Line(msgspec.Struct, frozen=True):
    """One element or attribute. Without a value it groups those below it, or the table leaves it `aside`.

    `role` says what it is of its value, `note` is that of a row without a value. `need`: it must stand always, or where
    the element around it stands (`within`).
    """

    path: str
    name: str
    depth: int
    node: Node | None
    least: int
    most: int | None
    need: Need
    row: Row | None
    value: Value | None = None
    role: str = "text"
    places: tuple[Place, ...] = ()
    lists: bool = False
    aside: bool = False
    note: str = ""
    wco: tuple[str, ...] = ()
    examples: tuple[str, ...] = ()

    @property
    def field(self) -> FieldInfo | None:
        return self.places[0].field if self.places else None

    @property
    def format(self) -> str:
        """The form that the grammar asks for, else the model's."""
        if self.node is not None and self.node.format:
            return self.node.format
        return self.field.format if self.field and self.value and self.node is None else ""


class Outline(msgspec.Struct, frozen=True):
    """All lines of a format, and the elements of its grammar that no row carries."""

    plan: Plan
    lines: tuple[Line, ...]
    unused: tuple[Node, ...]

    def values(self) -> Iterator[Line]:
        """The lines that carry a value."""
        return (line for line in self.lines if line.value is not None)
