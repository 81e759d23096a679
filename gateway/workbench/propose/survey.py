"""What samples have in common: every element once, with its values and how often it stands.

>>> from gateway.workbench.propose.raw import Raw
>>> order = Raw("order", children=(Raw("line", children=(Raw("sku", "A"),)), Raw("line", children=(Raw("sku", "B"),))))
>>> [(leaf.path, leaf.values, leaf.most) for leaf in survey([order]).leaves()]
[(('line', 'sku'), ('A', 'B'), 1)]
>>> survey([order]).children[0].most
2
"""

from collections.abc import Iterable, Iterator, Sequence

import msgspec

from gateway.workbench.propose.raw import Raw

KEPT = 50  # values of one leaf that are looked at


class Element(msgspec.Struct, frozen=True):
    """An element of the samples: `path` from the document's own element, `most` times within its parent."""

    name: str
    path: tuple[str, ...]
    values: tuple[str, ...]
    count: int
    most: int
    children: tuple["Element", ...] = ()

    @property
    def repeats(self) -> bool:
        return self.most > 1

    @property
    def is_leaf(self) -> bool:
        """Whether it carries values of its own, beside those of its children."""
        return bool(self.values) or not self.children

    def leaves(self) -> Iterator["Element"]:
        """Every element with values, in order of the message."""
        return (element for element in self.everything() if element.is_leaf)

    def everything(self) -> Iterator["Element"]:
        yield self
        for child in self.children:
            yield from child.everything()

    def at(self, path: Sequence[str]) -> "Element":
        """The element at a path below this one. Raises: StopIteration."""
        if not path:
            return self
        return next(child for child in self.children if child.name == path[0]).at(path[1:])


def survey(samples: Sequence[Raw]) -> Element:
    """The samples' documents merged to one."""
    return _merged(samples, (), most=1)


def _merged(group: Sequence[Raw], path: tuple[str, ...], most: int) -> Element:
    names = dict.fromkeys(child.name for raw in group for child in raw.children)
    return Element(
        name=group[0].name,
        path=path,
        values=tuple(dict.fromkeys(_shown(raw.text for raw in group)))[:KEPT],
        count=len(group),
        most=most,
        children=tuple(_child(group, name, (*path, name)) for name in names),
    )


def _child(group: Sequence[Raw], name: str, path: tuple[str, ...]) -> Element:
    found = [[child for child in raw.children if child.name == name] for raw in group]
    most = max(len(children) + any(child.listed for child in children) for children in found)
    return _merged([child for children in found for child in children], path, most)


def _shown(texts: Iterable[str]) -> Iterator[str]:
    return (text.strip() for text in texts if text.strip())
