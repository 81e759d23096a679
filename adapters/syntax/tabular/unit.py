"""One item in both its forms: the plain value that the compiled reader takes, and the elements, made when asked for.

The value is a dictionary of texts by column, a list of them where the rows say different things; under the name of the
row stands the list of the rows, each a dictionary of its own. What is empty is not there.
"""

from collections.abc import Callable, Iterator, Sequence
from typing import Any

from gateway.mapping.body import Body


class Unit:
    """What `gateway.mapping.body.Body` is, with its children made by `grow` at the first look."""

    __slots__ = ("_grow", "_grown", "sourceline", "tag", "value")
    text = tail = None

    def __init__(self, tag: str, line: int, value: dict[str, Any], grow: Callable[[], list[Body]]) -> None:
        self.tag, self.sourceline, self.value = tag, line, value
        self._grow = grow
        self._grown: Body | None = None

    @property
    def whole(self) -> Body:
        """All of it as elements."""
        if self._grown is None:
            self._grown = Body(self.tag, None, self.sourceline, self._grow())
        return self._grown

    @property
    def children(self) -> Sequence[Body]:
        return self.whole.children

    def __len__(self) -> int:
        return len(self.whole)

    def __iter__(self) -> Iterator[Body]:
        return iter(self.whole)

    def getparent(self) -> None:
        """Nothing stands around an item."""

    def get(self, name: str, default: str | None = None) -> str | None:  # noqa: ARG002 - columns have no attributes
        return default

    def items(self) -> Iterator[tuple[str, str]]:
        return iter(())

    def keys(self) -> Iterator[str]:
        return iter(())

    def find(self, tag: str) -> Body | None:
        return self.whole.find(tag)

    def findtext(self, tag: str) -> str | None:
        return self.whole.findtext(tag)

    def iter(self) -> Iterator[Body]:
        return self.whole.iter()
