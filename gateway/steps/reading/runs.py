"""Runs: references that are numbered one after the other, what of them came, and which numbers are missing.

A run is kept as stretches without a gap, so that a run in order is one stretch however long it lasts. Pure: the
journal's side is `gateway.steps.reading.sequence`.

>>> numbered("ITM0041"), numbered("60000041", 4), numbered("ITM")
(Reference(prefix='ITM', number=41), Reference(prefix='6000', number=41), None)
>>> missing([Stretch(1, 4), Stretch(8, 8)])
[(5, 7)]
"""

import re
from collections.abc import Sequence
from itertools import pairwise
from typing import NamedTuple

MOST = 18  # digits that fit into a column of the journal
NEAR = 100  # numbers beside a run that belong to it; before the first one they may still be on their way
LEAP = 10_000  # more numbers at once than files were ever lost: the counter was set anew


class Reference(NamedTuple):
    """What stays the same in a run, and its number."""

    prefix: str
    number: int


class Stretch(NamedTuple):
    """Numbers that came without a gap, the first and the last."""

    first: int
    last: int


def numbered(text: str, digits: int | None = None) -> Reference | None:
    """A reference taken apart; `digits` of its end run. None where it ends with no number."""
    found = re.fullmatch(rf"(.*?)([0-9]{{1,{digits or MOST}}})", text, re.DOTALL)
    return Reference(found[1], int(found[2])) if found else None


def unrolled(number: int, last: int, digits: int | None) -> int:
    """The number as if its counter had never begun anew: of those that it may stand for the one nearest to the last.

    >>> unrolled(2, 9998, 4), unrolled(9997, 10_001, 4), unrolled(7, 5000, None)
    (10002, 9997, 7)
    """
    if digits is None:
        return number
    turn: int = 10**digits
    return number + turn * round((last - number) / turn)


def is_new_run(number: int, first: int, last: int) -> bool:
    """Whether a number is so far from all before it that its counter was set anew."""
    return number < first - NEAR or number > last + LEAP


def is_far(number: int, first: int, last: int) -> bool:
    """Whether a number is neither within a run nor near one of its ends."""
    return not first - NEAR <= number <= last + NEAR


def missing(stretches: Sequence[Stretch], digits: int | None = None) -> list[tuple[int, int]]:
    """The gaps between stretches in order. Counters often leave out 0: that alone is no gap."""
    gaps = [(before.last + 1, after.first - 1) for before, after in pairwise(stretches)]
    return [gap for gap in gaps if digits is None or gap[0] != gap[1] or gap[0] % 10**digits]


def spelt(gaps: Sequence[tuple[int, int]], digits: int | None = None, most: int = 10) -> str:
    """Gaps as a person reads them.

    >>> spelt([(5, 7), (9, 9)]), spelt([(10002, 10002)], 4)
    ('5-7, 9', '0002')
    """
    shown = ["-".join(dict.fromkeys(_number(one, digits) for one in gap)) for gap in gaps[:most]]
    return ", ".join([*shown, *(["…"] if len(gaps) > most else [])])


def _number(number: int, digits: int | None) -> str:
    return str(number) if digits is None else f"{number % 10**digits:0{digits}d}"
