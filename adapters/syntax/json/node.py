"""One value of JSON as a node with its place: the names of an lxml element, so that the twin walks both alike."""

from collections.abc import Iterator
from typing import Literal

Kind = Literal["object", "string", "number", "boolean", "null"]
Steps = tuple[tuple[str, int], ...]


class Node:
    """One value. Its names are those of an lxml element: the twin walks both alike."""

    __slots__ = ("above", "begin", "children", "end", "kind", "tag", "text", "whole")
    tail = None

    def __init__(self, tag: str, above: "Node | None", whole: bytes) -> None:
        self.tag, self.above, self.whole = tag, above, whole
        self.kind: Kind = "object"
        self.text: str | None = None
        self.begin = self.end = 0
        self.children: list[Node] = []

    def __iter__(self) -> Iterator["Node"]:
        return iter(self.children)

    def __len__(self) -> int:
        return len(self.children)

    def getparent(self) -> "Node | None":
        return self.above

    def get(self, _: str) -> None:
        """JSON has no attributes."""

    def items(self) -> tuple[()]:
        return ()

    @property
    def sourceline(self) -> int:
        return 1 + self.whole.count(b"\n", 0, self.begin)

    def leaves(self, here: Steps = ()) -> Iterator[tuple[Steps, "Node"]]:
        """Values that are no objects, with the way to them: names and their number among equal ones."""
        here = here or ((self.tag, 1),)
        seen: dict[str, int] = {}
        if self.kind != "object":
            yield here, self
        for child in self:
            seen[child.tag] = seen.get(child.tag, 0) + 1
            yield from child.leaves((*here, (child.tag, seen[child.tag])))
