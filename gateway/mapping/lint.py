"""Lint of built tables: what can be known before any message comes.

Whether rows keep apart, whether what is read can be written back, what the grammar demands and no row carries.
"""

from collections.abc import Collection, Iterator
from itertools import combinations

from gateway.findings.finding import Finding, Row
from gateway.mapping.build import Built
from gateway.mapping.faults import Place, fault, unknown
from gateway.mapping.outer import openings, outers
from gateway.mapping.plan import Element, Plan, Test, Value


FEW = 5  # facts of one message that the model has no place for


def lint(built: Built, syntaxes: Collection[str]) -> tuple[Finding, ...]:
    """What is wrong or doubtful in one table, beyond what stopped it from being built."""
    plan = built.plan
    if plan is None or plan.document is None:
        return ()
    found = [*_syntax(plan, syntaxes), *_elements(plan, openings(plan)[0][-1], repeats=False)]
    if plan.writes:
        found += [*_mandatory(plan, plan.document), *_outer(plan)]
    return (*found, *_codes(plan), *_one_way(plan), *_extensions(plan))


def _syntax(plan: Plan, syntaxes: Collection[str]) -> Iterator[Finding]:
    if plan.syntax not in syntaxes:
        yield unknown("MAP134", Place(plan.file), plan.syntax, syntaxes)


def _elements(plan: Plan, element: Element, *, repeats: bool) -> Iterator[Finding]:
    """Siblings of one tag, and lists where they can be written."""
    for one, other in combinations(element.children, 2):
        if one.tag == other.tag:
            yield from _apart(one, other)
    for child in element.children:
        if plan.writes:
            yield from _writable(plan, child, repeats=repeats)
        inner = repeats or (child.repeats and child.opens is None)
        yield from _elements(plan, child, repeats=False if child.opens is not None else inner)


def _apart(first: Element, second: Element) -> Iterator[Finding]:
    """Two rows of one tag: the second must be reachable, and both must exclude each other."""
    if not first.tests:
        yield fault("MAP119", _place(second.row), path=second.path)
    elif second.tests and not any(_disjoint(one, other) for one in first.tests for other in second.tests):
        yield fault("MAP118", _place(second.row), path=second.path)


def _disjoint(one: Test, other: Test) -> bool:
    """No element passes both predicates."""
    if one.path != other.path:
        return False
    if one.values and other.values:
        return not set(one.values) & set(other.values)
    return one.present != other.present


def _writable(plan: Plan, child: Element, *, repeats: bool) -> Iterator[Finding]:
    values = [plan.values[slot.value] for slot in child.texts if slot.role == "text" and not slot.choice]
    lists = [value for value in values if (value.listed and not value.converter) or value.column]
    scope = plan.scopes[child.opens] if child.opens is not None else None
    only = all(value.only == "read" for value in _below(plan, child))
    once = child.node is not None and child.node.most == 1
    if once and not only and (scope or any(len(value.pieces) == 1 and value.pieces == (1,) for value in lists)):
        many = scope is not None and not scope.unit
        if many or any(not value.column for value in lists):
            yield fault("MAP113", _place(child.row), path=child.path)
    if repeats and (scope or lists) and not only:
        yield fault("MAP114", _place(child.row), path=child.path)


def _mandatory(plan: Plan, element: Element) -> Iterator[Finding]:
    """Elements that the grammar wants wherever this one stands."""
    carried = {child.path.rpartition("/")[2] for child in element.children}
    for node in element.node.children.values() if element.node else ():
        attribute = node.name.removeprefix("@")
        known = attribute in {a.name for a in element.attributes} if node.name.startswith("@") else node.name in carried
        if node.least and not known:
            yield fault("MAP117", _place(element.row) if element.row else Place(plan.file), path=node.path)
    for child in element.children:
        yield from _mandatory(plan, child)


def _outer(plan: Plan) -> Iterator[Finding]:
    """A row that stands outside its list would have to be the same for every entry."""
    for scope, some in outers(plan).items():
        for outer in some:
            value = plan.values[outer.slot.value]
            if scope and value.only != "read" and value.constant is None:
                yield fault("MAP133", _place(value.row), path=value.key)
    for value in plan.values:
        if plan.writes and value.only != "read" and any(ref.scope != value.scope for ref in value.refs[:1]):
            yield fault("MAP133", _place(value.row), path=value.key)


def _codes(plan: Plan) -> Iterator[Finding]:
    seen: set[str] = set()
    for value in plan.values:
        if value.codes is None or value.codes.name in seen:
            continue
        seen.add(value.codes.name)
        if value.codes.doubtful and plan.writes:
            problem = f"{', '.join(value.codes.doubtful)} stands several times without a preferred one"
            yield fault("MAP120", _place(value.row), name=value.codes.name, problem=problem)


def _one_way(plan: Plan) -> Iterator[Finding]:
    """Rows that do not travel both ways, in a table that does."""
    if not (plan.reads and plan.writes):
        return
    for value in plan.values:
        for reason in _reasons(value):
            yield fault("MAP124", _place(value.row), path=value.key, reason=reason)


def _reasons(value: Value) -> Iterator[str]:
    if value.only:
        yield f"only: {value.only}"
    if value.cut:
        yield "cut"
    if value.codes is not None and value.codes.other:
        yield f"codes that are read and not written: {', '.join(value.codes.other)}"


def _extensions(plan: Plan) -> Iterator[Finding]:
    count = sum(ref.field == "extension" and bool(ref.key) for value in plan.values for ref in value.refs[:1])
    if count > FEW:
        yield fault("MAP127", Place(plan.file), count=count)


def _below(plan: Plan, element: Element) -> Iterator[Value]:
    slots = [*element.texts, *(slot for attribute in element.attributes for slot in attribute.slots)]
    yield from (plan.values[slot.value] for slot in slots if not plan.values[slot.value].implied)
    for child in element.children:
        yield from _below(plan, child)


def _place(row: Row | None) -> Place:
    return Place(row.file, row.line) if row else Place()
