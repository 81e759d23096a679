"""Lint of built tables: what can be known before any message comes.

Whether rows keep apart, whether what is read can be written back, what the grammar demands and no row carries.
"""

from collections.abc import Collection, Iterator
from itertools import combinations

from gateway.findings.finding import Finding, Row
from gateway.mapping.build import Built
from gateway.mapping.faults import Place, fault, unknown
from gateway.mapping.outer import openings, outers, slots
from gateway.mapping.plan import Element, Plan, Test, Value

FEW = 5  # facts of one message that the model has no place for


def lint(built: Built, syntaxes: Collection[str]) -> tuple[Finding, ...]:
    """What is wrong or doubtful in one table, beyond what stopped it from being built."""
    if built.plan is None or built.plan.document is None:
        return ()
    return tuple(_Lint(built, built.plan).findings(built.plan.document, syntaxes))


class _Lint:
    def __init__(self, built: Built, plan: Plan) -> None:
        self.built, self.plan = built, plan

    def findings(self, document: Element, syntaxes: Collection[str]) -> Iterator[Finding]:
        if self.plan.syntax not in syntaxes:
            yield unknown("MAP134", Place(self.plan.file), self.plan.syntax, syntaxes)
        yield from self.elements(openings(self.plan)[0][-1], repeats=False)
        if self.plan.writes:
            yield from self.mandatory(document)
            yield from self.outer()
        yield from self.codes()
        yield from self.one_way()
        yield from self.extensions()

    def elements(self, element: Element, *, repeats: bool) -> Iterator[Finding]:
        """Siblings of one tag keep apart; lists can be written where they stand."""
        for one, other in combinations(element.children, 2):
            if one.tag == other.tag:
                yield from self.apart(one, other)
        for child in element.children:
            if self.plan.writes:
                yield from self.writable(child, repeats=repeats)
            yield from self.elements(child, repeats=child.opens is None and (repeats or child.repeats))

    def apart(self, first: Element, second: Element) -> Iterator[Finding]:
        """Of two rows of one tag the second must be reachable, and no element may fit both."""
        if not first.tests:
            yield fault("MAP119", self.place(second.row), path=second.path)
        elif second.tests and not any(_disjoint(one, other) for one in first.tests for other in second.tests):
            yield fault("MAP118", self.place(second.row), path=second.path)

    def writable(self, child: Element, *, repeats: bool) -> Iterator[Finding]:
        if all(value.only == "read" for value in self.below(child)):
            return
        values = [self.plan.values[slot.value] for slot in child.texts if slot.role == "text" and not slot.choice]
        texts = any(value.listed and not value.converter and value.pieces == (1,) for value in values)
        scope = self.plan.scopes[child.opens] if child.opens is not None else None
        if child.node is not None and child.node.most == 1 and (texts or (scope and not scope.unit)):
            yield fault("MAP113", self.place(child.row), path=child.path)
        if repeats and (texts or scope or any(value.column for value in values)):
            yield fault("MAP114", self.place(child.row), path=child.path)

    def mandatory(self, element: Element) -> Iterator[Finding]:
        """Elements that the grammar wants wherever this one stands."""
        carried = {child.path.rpartition("/")[2] for child in element.children}
        carried |= {f"@{attribute.name}" for attribute in element.attributes}
        for node in element.node.children.values() if element.node else ():
            if node.least and node.name not in carried:
                yield fault("MAP117", self.place(element.row), path=node.path)
        for child in element.children:
            yield from self.mandatory(child)

    def outer(self) -> Iterator[Finding]:
        """A row that stands outside its list would have to be the same for every entry; so would one that leads out."""
        for scope, some in outers(self.plan).items():
            for outer in some:
                value = self.plan.values[outer.slot.value]
                if scope and value.only != "read" and value.constant is None:
                    yield fault("MAP133", self.place(value.row), path=value.key)
        for value in self.plan.values:
            if value.only != "read" and any(ref.scope != value.scope for ref in value.refs[:1]):
                yield fault("MAP133", self.place(value.row), path=value.key)

    def codes(self) -> Iterator[Finding]:
        lists = {value.codes.name: value for value in self.plan.values if value.codes is not None}
        for name, value in lists.items():
            if value.codes is not None and value.codes.doubtful and self.plan.writes:
                problem = f"{', '.join(value.codes.doubtful)} stands several times without a preferred one"
                yield fault("MAP120", self.place(value.row), name=name, problem=problem)

    def one_way(self) -> Iterator[Finding]:
        """Rows that do not travel both ways, in a table that does."""
        if self.plan.reads and self.plan.writes:
            for value in self.plan.values:
                for reason in _reasons(value):
                    yield fault("MAP124", self.place(value.row), path=value.key, reason=reason)

    def extensions(self) -> Iterator[Finding]:
        count = sum(ref.field == "extension" and bool(ref.key) for value in self.plan.values for ref in value.refs[:1])
        if count > FEW:
            yield fault("MAP127", Place(self.plan.file), count=count)

    def below(self, element: Element) -> Iterator[Value]:
        """Every row of an element and below."""
        found = (self.plan.values[slot.value] for _, slot in slots(element))
        yield from (value for value in found if not value.implied)
        for child in element.children:
            yield from self.below(child)

    def place(self, row: Row | None) -> Place:
        if row is None:
            return Place(self.plan.file)
        return self.built.places.get(row, Place(row.file, row.line))


def _disjoint(one: Test, other: Test) -> bool:
    """Whether no element passes both predicates."""
    if one.path != other.path:
        return False
    if one.values and other.values:
        return not set(one.values) & set(other.values)
    return one.present != other.present


def _reasons(value: Value) -> Iterator[str]:
    if value.only:
        yield f"only: {value.only}"
    if value.cut:
        yield "cut"
    if value.codes is not None and value.codes.other:
        yield f"codes that are read and never written: {', '.join(value.codes.other)}"
