"""The way from the document to a unit of failure, by local names: what the plan says, as the splitter needs it."""

from typing import NamedTuple

from lxml import etree

from adapters.syntax.xml.markup import local
from gateway.mapping.plan import Element, Plan, Step


class Path(NamedTuple):
    """`record` is the depth of the element around one interchange (0: the document).

    `inside` are names that stand in a unit and never beside one: the sign of a unit whose start tag is missing.
    """

    steps: tuple[Step, ...]
    names: tuple[bytes, ...]
    record: int
    any_root: bool
    inside: frozenset[bytes] = frozenset()

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


def path(plan: Plan) -> Path:
    steps = plan.root + plan.unit
    names = tuple(step.local.encode() for step in steps)
    return Path(steps, names, len(plan.root) - (not plan.unit), plan.any_root, _inside(plan.document, names))


def _inside(document: Element | None, names: tuple[bytes, ...]) -> frozenset[bytes]:
    """Names of the unit's children that its parent does not have."""
    level = [document] if document else []
    parents: list[Element] = []
    for name in names[1:]:
        parents, level = level, [child for element in level for child in element.children if _name(child) == name]
    return frozenset(_name(c) for e in level for c in e.children) - {_name(c) for e in parents for c in e.children}


def _name(element: Element) -> bytes:
    return etree.QName(element.tag).localname.encode()
