"""Rows that keep apart: which row takes an element when read, which entry of a list goes where when written."""

from collections.abc import Iterator
from itertools import combinations

import msgspec

from gateway.findings.finding import Finding, Row
from gateway.mapping.faults import fault
from gateway.mapping.lint.subject import Subject, walk
from gateway.mapping.plan import Element, Hop, Test

Where = tuple[tuple[str, str], ...]


def apart(subject: Subject) -> Iterator[Finding]:
    """Elements of one tag, and lists that several rows write."""
    for element in walk(subject.root):
        for one, other in combinations(element.children, 2):
            if one.tag == other.tag:
                yield from _elements(subject, one, other)
    if subject.plan.writes:
        yield from _lists(subject)


def _elements(subject: Subject, first: Element, second: Element) -> Iterator[Finding]:
    """Of two rows of one tag the second must be reachable, and no element may fit both."""
    if all(any(_implies(own, test) for own in second.tests) for test in first.tests):
        yield fault("MAP119", subject.place(subject.row(second)), path=second.path, line=_line(subject.row(first)))
    elif second.tests and not any(_disjoint(one, other) for one in first.tests for other in second.tests):
        yield fault("MAP118", subject.place(subject.row(second)), path=second.path, line=_line(subject.row(first)))


def _disjoint(one: Test, other: Test) -> bool:
    """Whether no element passes both predicates."""
    if one.path != other.path:
        return False
    if one.values and other.values:
        return not set(one.values) & set(other.values)
    return one.present != other.present


def _implies(one: Test, other: Test) -> bool:
    """Whether each element that passes the one passes the other."""
    if one.path != other.path or one.present != other.present:
        return False
    return not other.values or (bool(one.values) and set(one.values) <= set(other.values))


class _List(msgspec.Struct, frozen=True):
    """A list of the model that a row writes: all its entries, or those that `where` picks."""

    scope: int
    hops: tuple[Hop, ...]
    field: str
    where: Where
    row: Row | None
    whole: bool

    @property
    def name(self) -> str:
        return ".".join([*(hop.names[0] for hop in self.hops), self.field])


def _lists(subject: Subject) -> Iterator[Finding]:
    """Every entry of a list is written by one row."""
    for one, other in combinations(tuple(_written(subject)), 2):
        same = (one.scope, one.hops, one.field) == (other.scope, other.hops, other.field)
        if same and (one.whole or other.whole) and not _picked_apart(one.where, other.where):
            first, second = sorted((one, other), key=lambda each: _line(each.row))
            yield fault(
                "MAP146",
                subject.place(second.row),
                path=_shown(second),
                other=_shown(first),
                line=_line(first.row),
                list=one.name,
            )


def _written(subject: Subject) -> Iterator[_List]:
    plan = subject.plan
    writing = {element.opens for element in walk(subject.document) if element.opens and subject.written(element)}
    for scope in plan.scopes[1:]:
        if scope.number in writing and scope.parent is not None and scope.plain != "map":
            yield _List(scope.parent, scope.hops, scope.field, scope.where, scope.row, whole=True)
    seen = set()
    for value in plan.values:
        for ref in value.refs[:1]:
            for at, hop in enumerate(ref.hops):
                found = _List(ref.scope, ref.hops[:at], hop.names[0], hop.where, value.row, whole=False)
                known = (found.scope, found.hops, found.field, found.where)
                if hop.entry and value.only != "read" and known not in seen:
                    seen.add(known)
                    yield found


def _picked_apart(one: Where, other: Where) -> bool:
    return any(text != dict(other).get(name, text) for name, text in one)


def _shown(found: _List) -> str:
    return found.name + "".join(f"[{name}={text}]" for name, text in found.where)


def _line(row: Row | None) -> int:
    return row.line if row else 1
