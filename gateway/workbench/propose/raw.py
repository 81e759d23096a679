"""One message as one tree, whatever its syntax: names, texts, children."""

from collections.abc import Iterator

import msgspec

from gateway.findings.errors import Permanent, SenderFault
from gateway.findings.finding import Finding

DEEPEST = 64


class Refused(SenderFault, Permanent):
    """The sample is not looked at."""

    def __init__(self, finding: Finding) -> None:
        super().__init__()
        self.finding = finding


class Raw(msgspec.Struct, frozen=True):
    """An element, a key or a column; an attribute's name begins with `@`. `listed`: an entry of an array."""

    name: str
    text: str = ""
    children: tuple["Raw", ...] = ()
    listed: bool = False

    def below(self, path: tuple[str, ...]) -> Iterator["Raw"]:
        """Every node at a path of names below this one."""
        if not path:
            yield self
            return
        for child in self.children:
            if child.name == path[0]:
                yield from child.below(path[1:])


class Sample(msgspec.Struct, frozen=True):
    """A message with what a table's head must know of it."""

    syntax: str
    root: Raw
    namespaces: dict[str, str] = {}
