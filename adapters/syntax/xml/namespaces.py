"""Namespaces as the plan writes them, whatever the sender wrote: other versions, other prefixes, or none at all.

A plan accepts several namespaces for one prefix and writes the first; compiled readers know the first only. Elements
of an accepted namespace, and elements without any (real answers of customs come so), get the tag that the plan has
for them. Elements of other namespaces stay as they are: a message of another standard is never adopted in silence.
"""

from collections.abc import Iterator

from lxml import etree

from adapters.syntax.xml.path import Path
from gateway.mapping.plan import Element, Plan


class Namespaces:
    """What one plan says of namespaces."""

    def __init__(self, plan: Plan, path: Path) -> None:
        self._written = _written(plan)
        self._plan = plan
        self._path = path
        self._strange = ["{}*", *(f"{{{uri}}}*" for uri, first in self._written.items() if uri != first)]
        self._tags: dict[tuple[str, str], str] = {}

    def adopt(self, root: etree._Element) -> None:
        """Give every element of the tree the tag that the plan has for it."""
        for element in list(root.iter(*self._strange)):
            name = etree.QName(element)
            uri = self._written[name.namespace] if name.namespace else self._where(element, name.localname)
            if uri:
                element.tag = f"{{{uri}}}{name.localname}"

    def know(self, units: list[etree._Element]) -> bool:
        """Whether units, and what is around them (except a root of any name), are in the plan's namespaces."""
        step = self._path.steps[-1]
        tag = f"{{{step.namespace}}}{step.local}" if step.namespace else step.local
        if any(unit.tag != tag for unit in units) and not (self._path.any_root and len(self._path.steps) == 1):
            return False
        around = zip(units[0].iterancestors(), reversed(self._path.steps[self._path.any_root : -1]), strict=False)
        return all((etree.QName(element).namespace or "") == step.namespace for element, step in around)

    def _where(self, element: etree._Element, local: str) -> str:
        """The namespace of an element without one: what the plan has at this place, else that of its parent."""
        if not self._tags:
            self._tags = dict(_tags(self._plan))
        parent = element.getparent()
        if parent is None:
            return self._path.steps[0].namespace
        tag = self._tags.get((parent.tag, local), parent.tag)
        return etree.QName(tag).namespace or ""


def _written(plan: Plan) -> dict[str, str]:
    """Every accepted namespace and the one that is written for it."""
    written = {uris[0]: uris[0] for uris in plan.namespaces.values() if uris}
    for uris in plan.namespaces.values():
        for uri in uris:
            written.setdefault(uri, uris[0])
    written.pop("", None)
    return written


def _tags(plan: Plan) -> Iterator[tuple[tuple[str, str], str]]:
    """(tag of the parent, local name) -> tag, from the plan's steps and its tree of elements."""
    above = ""
    for step in plan.root + plan.unit:
        tag = f"{{{step.namespace}}}{step.local}" if step.namespace else step.local
        yield (above, step.local), tag
        above = tag
    if plan.document:
        yield from _below(plan.document)


def _below(element: Element) -> Iterator[tuple[tuple[str, str], str]]:
    for child in element.children:
        yield (element.tag, etree.QName(child.tag).localname), child.tag
        yield from _below(child)
