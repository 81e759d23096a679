"""The two-way law before any message: rows that do not travel both ways, whether they say so or not."""

from collections.abc import Iterator

from gateway.findings.finding import Finding
from gateway.mapping.faults import fault
from gateway.mapping.lint.subject import Subject, walk
from gateway.mapping.outer import outers
from gateway.mapping.plan import Element, Test, Value

_TELLS_NOTHING = {"number", "count", "flag"}  # kinds whose "none" is a value like any other


def travel(subject: Subject) -> Iterator[Finding]:
    """What is lost on the way back."""
    if subject.plan.writes:
        yield from _lists(subject, subject.root, repeats=False)
        yield from _outer(subject)
    if subject.plan.reads and subject.plan.writes:
        for element in walk(subject.document):
            yield from _read_back(subject, element)
        for value in subject.plan.values:
            for reason in (*said_reasons(value), *silent_reasons(value)):
                yield fault("MAP124", subject.place(value.row), path=value.key, reason=reason)
        yield from _beside_another(subject)


def said_reasons(value: Value) -> Iterator[str]:
    """What a row says itself."""
    if value.only:
        yield f"only: {value.only}"
    if value.cut:
        yield "cut"
    if value.codes is not None and value.codes.other:
        yield f"codes that are read and never written: {', '.join(value.codes.other)}"


def silent_reasons(value: Value) -> Iterator[str]:
    """What follows from its words."""
    if value.only or value.implied:
        return
    if len(value.pieces) > 1:
        yield "each alternative is read, the first is written"
    if len(value.refs) > 1:
        yield f"it is read into {value.refs[0].path()} and may be written from {value.refs[1].path()}"
    if value.none is not None and value.kind in _TELLS_NOTHING:
        yield f"'{value.none}' is read as none and never written for a {value.kind}"
    if value.column:
        yield "entries are told by their number: where one is missing the next ones move up"


def _lists(subject: Subject, element: Element, *, repeats: bool) -> Iterator[Finding]:
    """Lists can be written where they stand."""
    for child in element.children:
        yield from _list(subject, child, repeats=repeats)
        yield from _lists(subject, child, repeats=child.opens is None and (repeats or child.repeats))


def _list(subject: Subject, child: Element, *, repeats: bool) -> Iterator[Finding]:
    if not subject.written(child):
        return
    values = [subject.value(slot) for slot in child.texts if slot.role == "text" and not slot.choice]
    texts = any(value.listed and not value.converter and value.pieces == (1,) for value in values)
    scope = subject.plan.scopes[child.opens] if child.opens is not None else None
    if child.node is not None and child.node.most == 1 and (texts or (scope and not scope.unit)):
        yield fault("MAP113", subject.place(subject.row(child)), path=child.path)
    if repeats and (texts or scope or any(value.column for value in values)):
        yield fault("MAP114", subject.place(subject.row(child)), path=child.path)


def _outer(subject: Subject) -> Iterator[Finding]:
    """A row that stands outside its list would have to be the same for every entry; so would one that leads out."""
    for scope, some in outers(subject.plan).items():
        for outer in some:
            value = subject.value(outer.slot)
            if scope and value.only != "read" and value.constant is None:
                yield fault("MAP133", subject.place(value.row), path=value.key)
    for value in subject.plan.values:
        if value.only != "read" and any(ref.scope != value.scope for ref in value.refs[:1]):
            yield fault("MAP133", subject.place(value.row), path=value.key)


def _read_back(subject: Subject, element: Element) -> Iterator[Finding]:
    """What is written in an element passes its own predicates."""
    if not (subject.written(element) and subject.read(element)):
        return
    for test in element.tests:
        carried = _carried(subject, element, test.path)
        if carried != test.present and not (test.values and carried):
            yield fault("MAP145", subject.place(subject.row(element)), path=element.path, predicate=_shown(test))


def _carried(subject: Subject, element: Element, path: tuple[str, ...]) -> bool:
    """Whether some row, or the constant of a predicate, writes what a predicate looks at."""
    if path and path[0].startswith("@"):
        return any(attribute.name == path[0][1:] for attribute in element.attributes)
    if not path:
        return bool(element.texts)
    below = [child for child in element.children if child.tag == path[0]]
    return any(
        (child.texts or child.children) and (not path[1:] or _carried(subject, child, path[1:])) for child in below
    )


def _shown(test: Test) -> str:
    path = "/".join(step.rpartition("}")[2] for step in test.path) or "."
    if test.values:
        return f"[{path}=" + "|".join(f"'{value}'" for value in test.values) + "]"
    return f"[{path}]" if test.present else f"[not({path})]"


def _beside_another(subject: Subject) -> Iterator[Finding]:
    """Two rows of one element: each is read, the first that has something to say is written."""
    for element in walk(subject.document):
        for slots in (element.texts, *(attribute.slots for attribute in element.attributes)):
            rows = [subject.value(slot) for slot in slots if slot.role == "text" and not slot.choice]
            both = [value for value in rows if not value.only and value.when is None and not value.implied]
            for value in both[1:]:
                reason = f"the row in line {both[0].row.line} is written first in the same element"
                yield fault("MAP124", subject.place(value.row), path=value.key, reason=reason)
