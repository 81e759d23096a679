"""Decisions as words: what the fold hears of each, read from the journal, and the order in which they count.

>>> [word.outcome for word in in_order([Word("cleared", "1", "2026-01-02"), Word("accepted", "1", "2026-01-01")])]
['accepted', 'cleared']
"""

from bisect import bisect_right
from collections.abc import Callable, Iterable, Mapping
from itertools import accumulate
from typing import Any

import msgspec

from gateway.model import Amount, Release, Tax
from gateway.model.outcomes import outcome

LONGEST_VERSION = 9  # WCO 383: an..9
SAID = ("outcome", "version", "issued_at", "request", "releases")
"""The columns of a decision in the journal that a word is made of."""


class Word(msgspec.Struct, frozen=True):
    """One decision as the fold sees it; times sort as text (UTC, ISO 8601). Without `releases` it is about them all."""

    outcome: str
    version: str = ""
    issued_at: str = ""
    request: str = ""
    releases: tuple[tuple[int, bool], ...] = ()
    deadline: str = ""
    taxes: tuple[Tax, ...] = ()
    total: Amount | None = None


def spelt(releases: Iterable[Release]) -> str:
    """Releases of goods items as one text, by number: `1 -2`.

    >>> spelt([Release(goods_item=2, released=False), Release(goods_item=1, released=True)])
    '1 -2'
    """
    known = {one.goods_item: bool(one.released) for one in releases if one.goods_item}
    return " ".join(f"{'' if free else '-'}{number}" for number, free in sorted(known.items()))


def heard(row: Mapping[Any, Any]) -> Word:
    """A decision of the journal as a word."""
    said, version, issued_at, request, releases = (row[name] or "" for name in SAID)
    numbers = [int(number) for number in releases.split()]
    return Word(said, version, issued_at, request, tuple((abs(number), number > 0) for number in numbers))


def in_order(words: Iterable[Word]) -> list[Word]:
    """By version, time and rank; what is equal in all three in an order of its own: nothing is left to chance."""
    said = tuple(words)
    version = _versions(said)

    def order(word: Word) -> tuple[int, str, int, bytes]:
        return (version(word), word.issued_at, outcome(word.outcome).rank, msgspec.json.encode(word))

    return sorted(said, key=order)


def _versions(words: tuple[Word, ...]) -> Callable[[Word], int]:
    """The version that each word is about; without one, the newest whose state customs had spoken of by then."""
    states = [word for word in words if outcome(word.outcome).aspect == "state"]
    said = sorted((word.issued_at, told) for word in states if (told := number(word.version)) is not None)
    times = [at for at, _ in said]
    newest = [0, *accumulate((number for _, number in said), max)]

    def version(word: Word) -> int:
        told = number(word.version)
        return newest[bisect_right(times, word.issued_at)] if told is None else told

    return version


def number(version: str) -> int | None:
    """A version as a number; None for what is no number, or a longer one than any authority gives."""
    return int(version) if version.isdecimal() and len(version) <= LONGEST_VERSION else None
