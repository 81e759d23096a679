"""The tree of message elements while it grows; rows find their place by path, the grammar gives the order."""

from collections.abc import Mapping
from typing import TYPE_CHECKING, TypeVar

from gateway.mapping.grammar import Node
from gateway.mapping.paths import MessagePath, PathError, PathStep
from gateway.mapping.plan import Attribute, Element, Slot, Test, When

if TYPE_CHECKING:
    from gateway.findings.finding import Row

Names = Mapping[str, tuple[str, ...]]
_T = TypeVar("_T")


class NoPrefix(ValueError):
    """The namespace prefix is not declared in the table."""


class Branch:
    """An element under construction: `node` is None where the grammar does not know it, `strange` if it should."""

    def __init__(self, step: PathStep, above: "Branch | None", grammar: Node | None, names: Names) -> None:
        if any(predicate.number for predicate in step.predicates):
            raise PathError(step.text())  # places by number belong to syntaxes without names
        self.local = step.name.rpartition(":")[2]
        self.name, self.above, self.names = step.name, above, names
        self.tag = tag(step.name, names)
        self.tests = tuple(
            _test(predicate.path, predicate.values, predicate.present, names) for predicate in step.predicates
        )
        self.grammar = grammar
        self.node = _find(above, grammar, self.local)
        self.strange = above is not None and above.node is not None and self.node is None
        self.path: str = f"{above.path}/{self.local}" if above else self.local
        self.children: list[Branch] = []
        self.texts: list[Slot] = []
        self.attributes: dict[str, list[Slot]] = {}
        self.opens: int | None = None
        self.when: When | None = None
        self.row: Row | None = None
        self.repeats = self.required = self.on_trunk = self.aside = False
        self.asked = False  # made for a predicate, not for a row

    def child(self, step: PathStep) -> "Branch":
        fresh = Branch(step, self, self.grammar, self.names)
        for known in self.children:
            if (known.tag, known.tests) == (fresh.tag, fresh.tests):
                return known
        self.children.append(fresh)
        return fresh

    def at(self, path: MessagePath) -> "Branch":
        """The element a path leads to, made where it is new; `/` begins at the document."""
        here: Branch = self
        steps = path.steps
        if path.absolute:
            while here.above:
                here = here.above
            steps = steps[1:] if steps and steps[0].name == here.name else steps
        for _ in range(path.up):
            here = here.above or here
        for step in steps:
            here = here.trunk(step) or here.child(step)
        return here

    def trunk(self, step: PathStep) -> "Branch | None":
        """The way from the document to the record has predicates that later paths need not repeat."""
        return next((c for c in self.children if c.name == step.name and c.on_trunk and not step.predicates), None)

    def put(self, attribute: str, slot: Slot) -> None:
        place = self.attributes.setdefault(tag(attribute, self.names, plain=True), []) if attribute else self.texts
        place.append(slot)

    def last(self) -> None:
        """Behind what stands beside it so far."""
        if self.above:
            self.above.children.remove(self)
            self.above.children.append(self)

    def walk(self) -> list["Branch"]:
        return [self, *(inner for child in self.children for inner in child.walk())]

    def frozen(self) -> Element:
        known = self.node.children if self.node else {}
        return Element(
            tag=self.tag,
            name=self.name.removeprefix(":"),
            path=self.path,
            node=self.node,
            tests=self.tests,
            opens=self.opens,
            when=self.when,
            texts=tuple(self.texts),
            attributes=tuple(
                Attribute(name, tuple(slots), known.get(f"@{name}"))
                for name, slots in _ordered(
                    self.attributes, {n.removeprefix("@"): node.order for n, node in known.items()}
                )
            ),
            children=tuple(child.frozen() for child in self._in_order()),
            row=self.row,
            repeats=self.repeats,
            required=self.required,
            aside=self.aside,
        )

    def _in_order(self) -> list["Branch"]:
        """Children by the grammar's order; what it does not know keeps its place behind what stands before it."""
        placed: list[tuple[int, int, Branch]] = []
        last = -1
        for at, child in enumerate(self.children):
            last = child.node.order if child.node else last
            placed.append((last, at, child))
        return [child for _, _, child in sorted(placed, key=lambda entry: entry[:2])]


def tag(name: str, names: Names, *, plain: bool = False) -> str:
    """`{namespace}local`; an attribute without a prefix has no namespace."""
    prefix, _, local = name.rpartition(":")
    if (plain and not prefix) or (not prefix and "" not in names):
        return local
    if prefix not in names:
        raise NoPrefix(prefix)
    namespace = names[prefix][0]
    return f"{{{namespace}}}{local}" if namespace else local


def _find(above: Branch | None, grammar: Node | None, local: str) -> Node | None:
    if grammar is None:
        return None
    return (above.node if above and above.node else grammar).children.get(local)


def _test(path: tuple[str, ...], values: tuple[str, ...], present: bool, names: Names) -> Test:
    steps = tuple(step if step.startswith("@") else tag(step, names) for step in path if step != ".")
    return Test(steps, values, present)


def _ordered(found: dict[str, _T], order: Mapping[str, int]) -> list[tuple[str, _T]]:
    return sorted(found.items(), key=lambda entry: order.get(entry[0], len(order) + 10**6))
