"""The way from a document to its units: names of members, as the plan says them.

The first step of `root` is the document, which has no name in JSON: the table gives it one, for traces.
"""

from typing import NamedTuple

from adapters.syntax.once import once
from gateway.mapping.plan import Element, Plan


class Way(NamedTuple):
    """`names` lead from the document to the list of units (none: each document is a unit, or a list of them).

    `unit` is the name of a unit in traces. `signs` are names of members that stand in a unit itself and nowhere deeper:
    an object that says one of them is a unit.
    """

    document: str
    names: tuple[str, ...]
    unit: str
    signs: frozenset[bytes]
    around: int

    @property
    def alone(self) -> bool:
        """Whether nothing stands around a unit but, perhaps, a list."""
        return not self.names


@once
def way(plan: Plan) -> Way:
    document, *names = (step.local for step in plan.root + plan.unit)
    element = plan.document
    for name in names:
        element = next((child for child in element.children if child.tag == name), None) if element else None
    own = {child.tag for child in element.children} if element else set()
    deeper = _below(element.children) if element else set()
    signs = frozenset(name.encode() for name in own - deeper)
    return Way(document, tuple(names), (names or [document])[-1], signs, len(plan.root) - 1)


def _below(elements: tuple[Element, ...]) -> set[str]:
    """Names of everything below some elements."""
    return {name for element in elements for child in element.children for name in (child.tag, *_below((child,)))}
