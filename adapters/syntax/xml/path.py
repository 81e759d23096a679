"""The way from the document to a unit of failure, by local names: what the plan says, as the splitter needs it."""

from typing import NamedTuple

from lxml import etree

from adapters.syntax.once import once
from adapters.syntax.xml.markup import local
from gateway.mapping.plan import Element, Plan, Step


class Path(NamedTuple):
    """`record` is the depth of the element around one interchange (0: the document).

    `inside` are names that stand in a unit and never beside one: the sign of a unit whose start tag is missing.
    `nests` says that a unit may hold elements of its own name.
    """

    steps: tuple[Step, ...]
    names: tuple[bytes, ...]
    record: int
    any_root: bool
    inside: frozenset[bytes] = frozenset()
    nests: bool = False

    @property
    def unit(self) -> bytes:
        return self.names[-1]

    def fits(self, depth: int, name: bytes) -> bool:
        """Whether an element of this name at this depth (0: the document element) is on the way."""
        return (depth == 0 and self.any_root) or (depth < len(self.names) and self.names[depth] == local(name))

    def units(self, root: etree._Element) -> list[etree._Element]:
        """The units of a parsed document, in its order."""
        found = [root] if self.fits(0, etree.QName(root).localname.encode()) else []
        for step in self.steps[1:]:
            found = [child for element in found for child in element.iterchildren(f"{{*}}{step.local}")]
        return found


@once
def path(plan: Plan) -> Path:
    steps = plan.root + plan.unit
    names = tuple(step.local.encode() for step in steps)
    parents, units = _elements(plan.document, names)
    return Path(
        steps,
        names,
        len(plan.root) - (not plan.unit),
        plan.any_root,
        inside=_children(units) - _children(parents),
        nests=plan.document is None or names[-1] in _below(units),
    )


def _elements(document: Element | None, names: tuple[bytes, ...]) -> tuple[list[Element], list[Element]]:
    """The elements of the plan's tree that are the parent of units, and those that are units."""
    parents: list[Element] = []
    units = [document] if document else []
    for name in names[1:]:
        parents, units = units, [child for element in units for child in element.children if _name(child) == name]
    return parents, units


def _children(elements: list[Element]) -> frozenset[bytes]:
    return frozenset(_name(child) for element in elements for child in element.children)


def _below(elements: list[Element]) -> frozenset[bytes]:
    """Names of everything below some elements."""
    children = [child for element in elements for child in element.children]
    return _children(elements) | _below(children) if children else frozenset()


def _name(element: Element) -> bytes:
    return etree.QName(element.tag).localname.encode()
