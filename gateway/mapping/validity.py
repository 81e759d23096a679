"""Tables of one format that follow each other in time: no day without one, no day with two."""

from collections.abc import Iterator, Sequence
from datetime import timedelta
from itertools import groupby, pairwise

from gateway.findings.finding import Finding
from gateway.mapping.faults import Place, fault
from gateway.mapping.head import Head

_DAY = timedelta(days=1)


def validity(heads: Sequence[Head]) -> tuple[Finding, ...]:
    """Gaps and overlaps among the tables of each format."""
    ordered = sorted(heads, key=lambda head: (head.format, str(head.valid_from or ""), head.file))
    return tuple(
        finding for _, group in groupby(ordered, key=lambda head: head.format) for finding in _follows(list(group))
    )


def _follows(heads: list[Head]) -> Iterator[Finding]:
    for one, other in pairwise(heads):
        if one.valid_to is None or other.valid_from is None or other.valid_from <= one.valid_to:
            problem = f"overlaps with that of {one.file}"
        elif other.valid_from > one.valid_to + _DAY:
            problem = f"begins {(other.valid_from - one.valid_to).days - 1} days after that of {one.file} ends"
        else:
            continue
        yield fault("MAP121", Place(other.file), name=other.format, problem=problem)
