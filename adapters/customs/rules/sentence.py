"""Sentences of a rule: `goods_items[].additional_procedures has C08 & declaration.type form ..A`.

Each part is a path, a test of the vocabulary and what it takes. Where there is no value at all, or the test cannot
tell (a list is empty, a rate is missing), a part is neither certainly so nor certainly not, unless the test is about
being there (`present`, `absent`, `has`, `lacks`). Sentences are read once and become one function.
"""

from collections.abc import Callable, Iterator
from functools import reduce

from adapters.customs.rules.facts import Day, Facts
from adapters.customs.rules.subject import Place, parse
from adapters.customs.rules.vocabulary import OF_PRESENCE, TESTS
from adapters.customs.rules.way import Way

Asked = Callable[[Place, Facts], bool]


def applies(condition: str, way: Way, day: Day) -> Asked:
    """Whether everything that is asked for is certainly so. Raises: ValueError for what is no sentence."""
    nothing: Asked = _always
    return reduce(both, _parts(condition, way, day, answer=True), nothing)


def violated(demand: str, way: Way, day: Day) -> Asked:
    """Whether something that must be is certainly not so. Raises: ValueError for what is no sentence."""
    nothing: Asked = never
    return reduce(_either, _parts(demand, way, day, answer=False), nothing)


def both(first: Asked, second: Asked) -> Asked:
    if first is _always or second is never:
        return second
    return first if first is never else lambda place, facts: first(place, facts) and second(place, facts)


def _either(first: Asked, second: Asked) -> Asked:
    if first is never or second is never:
        return second if first is never else first
    return lambda place, facts: first(place, facts) or second(place, facts)


def _always(_place: Place, _facts: Facts) -> bool:
    return True


def never(_place: Place, _facts: Facts) -> bool:
    """What is asked where the day says that it cannot be so."""
    return False


def _parts(text: str, way: Way, day: Day, *, answer: bool) -> Iterator[Asked]:
    return (_part(part.strip(), way, day, answer) for part in text.split(" & ") if text)


def _part(text: str, way: Way, day: Day, answer: bool) -> Asked:
    """Whether the answer of the test is certainly this one."""
    subject, _, said = text.partition(" ")
    name, _, parameter = said.partition(" ")
    if name not in TESTS:
        raise ValueError(f"there is no test {name!r} in {text!r}")
    read, test, of_presence = way.reads(parse(subject)), TESTS[name](parameter, way, day), name in OF_PRESENCE

    if test is None or isinstance(test, bool):
        return (lambda place, _facts: bool(read(place))) if test is answer else never

    def asked(place: Place, facts: Facts) -> bool:
        found = read(place)
        return (of_presence or len(found) > 0) and test(found, place, facts) is answer

    return asked
