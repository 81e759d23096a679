"""The code lists of a table: can they be read backwards, does each code say one thing, what do their columns mean."""

from collections.abc import Iterator

from gateway.findings.finding import Finding
from gateway.mapping.codelist import CodeList
from gateway.mapping.faults import fault, unknown
from gateway.mapping.lint.subject import Subject
from gateway.mapping.names import nearest
from gateway.mapping.plan import Value
from gateway.model.dictionary import fields, records

FEW = 5  # facts of one message that the model has no place for


def codes(subject: Subject) -> Iterator[Finding]:
    """Each list once, at the first row that uses it both ways."""
    writes = subject.plan.writes
    rows = sorted((v for v in subject.plan.values if v.codes is not None), key=lambda value: value.only == "read")
    lists = {value.codes.name: value for value in reversed(rows) if value.codes is not None}
    for name, value in lists.items():
        assert value.codes is not None
        if value.codes.doubtful and writes and value.only != "read":
            problem = f"{', '.join(value.codes.doubtful)} stands several times without a preferred one"
            yield fault("MAP120", subject.place(value.row), name=name, problem=problem)
        for code in value.codes.twice:
            yield fault("MAP151", subject.place(value.row), list=name, name=code)
        yield from _columns(subject, value, value.codes)


def _columns(subject: Subject, value: Value, found: CodeList) -> Iterator[Finding]:
    """A column that looks like a field of the model and is none: nothing would be set along."""
    record = subject.plan.scopes[value.scope].record
    known = fields(records()[record]) if record in records() else {}
    for column, ref in zip(found.columns, value.along, strict=False):
        name = column.partition(".")[0]
        if ref is None and nearest(name, known, cutoff=0.8):
            yield unknown("MAP150", subject.place(value.row), name, known, list=found.name)


def extensions(subject: Subject) -> Iterator[Finding]:
    """Facts that the model has no place for are counted."""
    refs = (ref for value in subject.plan.values for ref in value.refs[:1])
    count = sum(ref.field == "extension" and bool(ref.key) for ref in refs)
    if count > FEW:
        yield fault("MAP127", subject.own.place("format"), count=count)
