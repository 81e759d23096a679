"""What the body of an item is made of where no XML parser makes it: elements by their bare names.

It is to the compiled readers and to the traced twin what an lxml element is: `tag`, `text`, children one after the
other. A syntax that gives such bodies needs nothing else of the engine, and the engine asks nothing else of it; the
writers hand the same elements back, to be written in the syntax's own way.

>>> parcel = Body("parcel", children=(Body("id", "P1"), Body("row", children=(Body("sku", "A"),))))
>>> [child.tag for child in parcel], parcel.findtext("id"), len(parcel)
(['id', 'row'], 'P1', 2)
"""

from collections.abc import Iterator, Mapping, Sequence
from typing import ClassVar

import msgspec

MARK = "\x00"  # as a tag it stands for the units in their envelope; no element can be called so


class Body(msgspec.Struct, eq=False):
    """One element. `sourceline` is its line in the file; `parent` is needed only where rows lead out of the item."""

    tag: str
    text: str | None = None
    sourceline: int = 0
    children: Sequence["Body"] = ()
    parent: "Body | None" = None
    attributes: Mapping[str, str] = {}
    tail: ClassVar[None] = None

    def __len__(self) -> int:
        return len(self.children)

    def __iter__(self) -> Iterator["Body"]:
        return iter(self.children)

    def getparent(self) -> "Body | None":
        return self.parent

    def get(self, name: str, default: str | None = None) -> str | None:
        return self.attributes.get(name, default)

    def items(self) -> Iterator[tuple[str, str]]:
        return iter(self.attributes.items())

    def keys(self) -> Iterator[str]:
        return iter(self.attributes)

    def find(self, tag: str) -> "Body | None":
        """The first child of a tag."""
        return next((child for child in self.children if child.tag == tag), None)

    def findtext(self, tag: str) -> str | None:
        """The text of the first child of a tag; empty where it has none."""
        child = self.find(tag)
        return None if child is None else child.text or ""

    def iter(self) -> Iterator["Body"]:
        """This element and all below it."""
        yield self
        for child in self.children:
            yield from child.iter()
