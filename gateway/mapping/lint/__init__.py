"""Lint of built tables: what can be known before any message comes.

Whether rows keep apart, whether what is read can be written back, what the grammar demands and no row carries, which
words do nothing. What stops a table from being built is told by the builder; both are told in one run.
"""

from collections.abc import Iterable, Iterator, Mapping

from gateway.findings.finding import Finding
from gateway.mapping.build import Built
from gateway.mapping.faults import unknown
from gateway.mapping.lint.apart import apart
from gateway.mapping.lint.codes import codes, extensions
from gateway.mapping.lint.demands import demands
from gateway.mapping.lint.idle import idle
from gateway.mapping.lint.markup import names
from gateway.mapping.lint.subject import Subject
from gateway.mapping.lint.travel import travel
from gateway.mapping.protocols import Syntax
from gateway.mapping.table import Table

__all__ = ["lint", "once"]


def lint(built: Built, own: Table, syntaxes: Mapping[str, Syntax]) -> tuple[Finding, ...]:
    """What is wrong or doubtful in one table, beyond what stopped it from being built."""
    if built.plan is None or built.plan.document is None:
        return ()
    return once(_findings(Subject(built, built.plan, own), syntaxes))


def _findings(subject: Subject, syntaxes: Mapping[str, Syntax]) -> Iterator[Finding]:
    if subject.plan.syntax and subject.plan.syntax not in syntaxes:
        yield unknown("MAP134", subject.own.place("syntax"), subject.plan.syntax, syntaxes)
    elif subject.plan.syntax and syntaxes[subject.plan.syntax].shape == "element":
        yield from names(subject)
    for part in (apart, travel, demands, codes, extensions):
        yield from part(subject)
    yield from idle(subject.own.lines)


def once(findings: Iterable[Finding]) -> tuple[Finding, ...]:
    """In the order of the file; a shared block is walked once a use, what is wrong in it is told once."""
    found = {(f.code, f.source, tuple(f.values.items())): f for f in findings}
    return tuple(sorted(found.values(), key=_place))


def _place(finding: Finding) -> tuple[str, int, int]:
    assert finding.source is not None
    column = finding.source.path.rpartition(":")[2]
    return finding.source.file, finding.source.line or 0, int(column) if column.isdigit() else 0
