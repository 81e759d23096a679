"""Tables of one format that follow each other in time: no day without one, no day with two, none over nothing."""

from collections.abc import Callable, Iterator, Sequence
from datetime import date, timedelta
from itertools import groupby, pairwise

from gateway.findings.finding import Finding
from gateway.mapping.faults import Place, fault
from gateway.mapping.head import Head
from gateway.mapping.table import Table

_DAY = timedelta(days=1)


def follows(heads: Sequence[Head], place: Callable[[Head], Place]) -> tuple[Finding, ...]:
    """Gaps and overlaps among the tables of each format; `place` is where a table says its validity."""
    ordered = sorted(heads, key=lambda head: (head.format, _first(head), head.file))
    groups = [list(group) for _, group in groupby(ordered, key=lambda head: head.format)]
    return tuple(
        fault("MAP121", place(other), name=other.format, problem=problem)
        for group in groups
        for one, other in pairwise(group)
        if (problem := _problem(one, other))
    )


def _problem(one: Head, other: Head) -> str:
    if _last(one) >= _first(other):
        return f"overlaps with that of {one.file}"
    if _first(other) > _last(one) + _DAY:
        between = (_first(other) - _last(one)).days - 1
        return f"begins {between} day{'' if between == 1 else 's'} after that of {one.file} ends"
    return ""


def span(head: Head, own: Table, bases: Sequence[Head]) -> Iterator[Finding]:
    """A table has at least one day, and one to stand on in each of its days."""
    if _last(head) < _first(head):
        yield fault("MAP155", own.place("valid"))
    elif gap := _uncovered(head, bases):
        begins, ends = gap
        when = " ".join(filter(None, (_shown("from", begins), _shown("to", ends))))
        base, said = own.text("extends"), "valid" if "valid" in own.head else "extends"
        problem = f"has days on which no table of {base} is in force: {when}"
        yield fault("MAP121", own.place(said), name=head.format, problem=problem)


def days(head: Head, bases: Sequence[Head]) -> tuple[date, ...]:
    """A day of each stretch of a table's time in which what it extends stays the same."""
    begins = {_first(base) for base in bases if head.in_force(_first(base))}
    first = _first(head)
    if first == date.min and begins:
        return tuple(sorted(begins))
    return tuple(sorted({first if first > date.min else min(_last(head), date.today()), *begins}))  # noqa: DTZ011


def _uncovered(head: Head, bases: Sequence[Head]) -> tuple[date, date] | None:
    """The first stretch of days without a base."""
    if not bases:
        return None
    day, end = _first(head), _last(head)
    for base in sorted(bases, key=_first):
        if _last(base) < day:
            continue
        if _first(base) > day:
            return day, min(_first(base) - _DAY, end)
        if _last(base) >= end:
            return None
        day = _last(base) + _DAY
    return day, end


def _first(head: Head) -> date:
    return head.valid_from or date.min


def _last(head: Head) -> date:
    return head.valid_to or date.max


def _shown(word: str, day: date) -> str:
    return "" if day in {date.min, date.max} else f"{word} {day}"
