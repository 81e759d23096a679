"""How well the words of a name fit a term: 1 where they are the same, 0 where none is.

Words that say little (`code`, `number`, what the block is called anyway) count little on either side.

>>> round(fit(("hs", "code"), ("hs", "code")), 2), round(fit(("item", "hs", "code"), ("hs", "code"), GOODS), 2)
(1.0, 0.95)
>>> round(fit(("zip", "code"), ("hs", "code")), 2) < 0.4, round(fit(("telefonno",), ("telefono",)), 2) > 0.9
(True, True)
"""

from collections.abc import Collection, Iterable
from functools import lru_cache

import msgspec
from rapidfuzz import fuzz

from gateway.workbench.propose.synonyms import Term, vocabulary


def _set(words: str) -> frozenset[str]:
    return frozenset(words.split())


GENERIC = _set(
    "code number no nr id value amount text content type name date total info information detail data reference"
    " measure included"
)
GOODS = _set("item good product article commodity content piece line custom declared package sku")
UNIT = _set("shipment parcel consignment package custom declared item total mail order")
PARTY = _set(
    "address contact party person detail info structured postal defined trade common direct communication complete"
    " universal uri"
)
ENVELOPE = _set("party primary header document message interchange envelope business")
_NONE: frozenset[str] = frozenset()
LITTLE, FILLER, SURE = 0.35, 0.15, 86.0


class Fit(msgspec.Struct, frozen=True):
    """The term that fits best."""

    score: float = 0.0
    term: str = ""
    language: str = ""


def best(names: Iterable[tuple[str, ...]], known: Iterable[Term], fillers: Collection[str]) -> Fit:
    """The best fit of any spelling of a name with any term."""
    found = Fit()
    some = frozenset(fillers)
    for name in names:
        strange = not vocabulary().issuperset(name)
        for term in known:
            if strange or not term.held.isdisjoint(name):
                score = fit(name, term.words, some) * term.weight
                if score > found.score:
                    found = Fit(score, term.text, term.language)
    return found


@lru_cache(maxsize=100_000)
def fit(name: tuple[str, ...], term: tuple[str, ...], fillers: frozenset[str] = _NONE) -> float:
    """Harmonic mean of how much of the name and how much of the term is met."""
    if not name or not term:
        return 0.0
    if name == term:
        return 1.0
    in_name, in_term = _weights(name, fillers), _weights(term, _NONE)
    met_name = met_term = 0.0
    for word, weight in in_term.items():
        other, likeness = _nearest(word, name)
        if other:
            met_term += weight * likeness
            met_name += in_name[other] * likeness
    share_name, share_term = met_name / sum(in_name.values()), met_term / sum(in_term.values())
    together = share_name + share_term
    return min(0.98, 2 * share_name * share_term / together) * (1 + share_term) / 2 if together else 0.0


@lru_cache(maxsize=10_000)
def _weights(words: tuple[str, ...], fillers: frozenset[str]) -> dict[str, float]:
    weights = {word: _weight(word, fillers) for word in words}
    most = max(weights.values())  # of a name that says little, all that it says counts
    return {word: weight / most for word, weight in weights.items()}


def _weight(word: str, fillers: Collection[str]) -> float:
    if word in fillers or word.isdecimal():
        return FILLER
    return LITTLE if word in GENERIC else 1.0


def _nearest(word: str, words: tuple[str, ...]) -> tuple[str, float]:
    if word in words:
        return word, 1.0
    unknown = [each for each in words if each not in vocabulary()]  # a county is no misspelt country
    if len(word) < 4 or not unknown:
        return "", 0.0
    likeness, other = max((fuzz.ratio(word, each), each) for each in unknown)
    return (other, likeness / 100) if likeness >= SURE else ("", 0.0)
