"""The names of model elements in messages (`synonyms.csv`), as words.

>>> [term.text for term in terms()["Party", "address.postcode"] if term.language == "de"]
['plz', 'postleitzahl']
"""

import csv
from collections.abc import Mapping
from functools import cache
from pathlib import Path

import msgspec

from gateway.workbench.propose.words import words

STRONG, WEAK = 1.0, 0.8
_FILE = Path(__file__).with_name("synonyms.csv")
_NONE: frozenset[str] = frozenset()


class Term(msgspec.Struct, frozen=True):
    """One name: its words, how far it stands for the element alone, its language."""

    words: tuple[str, ...]
    weight: float
    language: str
    text: str

    @property
    def held(self) -> frozenset[str]:
        return _held(self.words)


@cache
def _held(words: tuple[str, ...]) -> frozenset[str]:
    return frozenset(words)


@cache
def terms() -> Mapping[tuple[str, str], tuple[Term, ...]]:
    """The names of every (record, element)."""
    found: dict[tuple[str, str], list[Term]] = {}
    with _FILE.open(encoding="utf-8", newline="") as stream:
        for row in csv.DictReader(line for line in stream if not line.startswith("#")):
            some = found.setdefault((row["record"], row["element"]), [])
            for column, weight in (("terms", STRONG), ("weaker", WEAK)):
                said = (text for text in row[column].split("|") if text.strip())
                some += (Term(words(text, _NONE), weight, row["language"], text) for text in said)
    return {key: _once(some) for key, some in found.items()}


def _once(some: list[Term]) -> tuple[Term, ...]:
    """Without names that are the same words again, as plurals are."""
    return tuple({(term.language, term.words): term for term in reversed(some)}.values())[::-1]


@cache
def vocabulary() -> frozenset[str]:
    """Every word of every name: where a glued name is cut."""
    return frozenset(word for some in terms().values() for term in some for word in term.words)


def spelt(name: str) -> tuple[str, ...]:
    """The words of a name in a message.

    >>> spelt("CONTACTTELEPHONE"), spelt("buyerIdNumber")
    (('contact', 'telephone'), ('buyer', 'id', 'number'))
    """
    return words(name, vocabulary())
