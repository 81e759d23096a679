"""Sentences of a rule: `goods_items[].additional_procedures has C08 & declaration.type form ..A`.

Each part is a path, a test of the vocabulary and what it takes. No value at all satisfies nothing in a condition and
everything in a demand, unless the test is about being there (`present`, `absent`, `has`, `lacks`).
"""

from functools import cache

import msgspec

from adapters.customs.rules.facts import Facts
from adapters.customs.rules.subject import Place, Subject, parse, values
from adapters.customs.rules.vocabulary import OF_PRESENCE, TESTS, Test


class Part(msgspec.Struct, frozen=True):
    """One test of one path."""

    subject: Subject
    test: Test
    parameter: str
    of_presence: bool

    def holds(self, place: Place, facts: Facts, unsaid: bool) -> bool | None:
        """None: it cannot be told, a list is empty or a rate is missing."""
        found = values(self.subject, place)
        return self.test(found, self.parameter, place, facts) if found or self.of_presence else unsaid


Sentence = tuple[Part, ...]


@cache
def read(text: str) -> Sentence:
    """Raises: ValueError for what is no sentence."""
    return tuple(_part(part) for part in text.split(" & ")) if text else ()


def applies(condition: Sentence, place: Place, facts: Facts) -> bool:
    """Whether everything that is asked for is certainly so."""
    return all(part.holds(place, facts, unsaid=False) for part in condition)


def violated(demand: Sentence, place: Place, facts: Facts) -> bool:
    """Whether something that must be is certainly not so."""
    return any(part.holds(place, facts, unsaid=True) is False for part in demand)


def _part(text: str) -> Part:
    subject, _, said = text.strip().partition(" ")
    test, _, parameter = said.partition(" ")
    if test not in TESTS:
        raise ValueError(text)
    return Part(parse(subject), TESTS[test], parameter, test in OF_PRESENCE)
