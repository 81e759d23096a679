"""The named tests that rules are made of. Each is made of what the rule says, where it is asked and on which day.

What is made takes the values of a path, the place they are seen from and the facts of the filer. True or False, or None
where it cannot be told: a list that nobody filled says nothing, without a rate nothing is above a limit. Where the day
alone decides, its answer is made instead of a test.
"""

import re
from collections.abc import Callable, Mapping
from decimal import Decimal
from typing import Any

from adapters.customs.rules.facts import Day, Facts
from adapters.customs.rules.subject import Place, Values, parse
from adapters.customs.rules.way import Way
from gateway.checks import currencies, hs
from gateway.model import Amount, Measure
from gateway.model.measures import kilograms

Test = Callable[[Values, Place, Facts], bool | None]
Made = Test | bool | None
Maker = Callable[[str, Way, Day], Made]


def present(_said: str, _way: Way, _day: Day) -> Test:
    return lambda found, _place, _facts: bool(found)


def absent(_said: str, _way: Way, _day: Day) -> Test:
    return lambda found, _place, _facts: not found


def has(said: str, _way: Way, _day: Day) -> Test:
    """One of these codes is among the values."""
    codes = frozenset(said.split())
    return lambda found, _place, _facts: not codes.isdisjoint(found)


def lacks(said: str, _way: Way, _day: Day) -> Test:
    codes = frozenset(said.split())
    return lambda found, _place, _facts: codes.isdisjoint(found)


def only(said: str, _way: Way, _day: Day) -> Test:
    """Every value is one of these codes."""
    codes = frozenset(said.split())
    return lambda found, _place, _facts: codes.issuperset(found)


def form(said: str, _way: Way, _day: Day) -> Test:
    """Every value has the form (a regular expression)."""
    fits = re.compile(said).fullmatch
    return lambda found, _place, _facts: all(fits(str(value)) for value in found)


def listed(said: str, _way: Way, day: Day) -> Made:
    """Every value is a code of a dated list."""
    codes = day.codes(said)
    return (lambda found, _place, _facts: codes.issuperset(found)) if codes else None


def unlisted(said: str, _way: Way, day: Day) -> Made:
    codes = day.codes(said)
    return not codes or (lambda found, _place, _facts: codes.isdisjoint(found))


def covered(said: str, _way: Way, day: Day) -> Made:
    """Every commodity code begins with a code of a dated list."""
    headings = tuple(day.codes(said))
    return (lambda found, _place, _facts: all(str(code).startswith(headings) for code in found)) if headings else None


def uncovered(said: str, _way: Way, day: Day) -> Made:
    headings = tuple(day.codes(said))
    return not headings or (lambda found, _place, _facts: not any(str(code).startswith(headings) for code in found))


def harmonized(_said: str, _way: Way, _day: Day) -> Test:
    """Every commodity code begins with a code of the Harmonized System."""
    return lambda found, _place, _facts: all(hs.is_known(str(value)) for value in found)


def currency(_said: str, _way: Way, _day: Day) -> Test:
    """Every value is a currency of ISO 4217."""
    return lambda found, _place, _facts: all(currencies.is_currency(str(value)) for value in found)


def below(said: str, _way: Way, _day: Day) -> Test:
    """Every number, or mass in kilograms, is smaller."""
    limit = Decimal(said)
    return lambda found, _place, _facts: all(number < limit for number in numbers) if (numbers := _of(found)) else None


def above(said: str, _way: Way, _day: Day) -> Test:
    """The numbers together are more."""
    limit = Decimal(said)
    return lambda found, _place, _facts: sum(numbers) > limit if (numbers := _of(found)) else None


def sums(said: str, way: Way, _day: Day) -> Test:
    """The amount is the sum of other amounts; nothing is said of sums in several currencies."""
    parts = way.reads(parse(said))

    def test(found: Values, place: Place, _facts: Facts) -> bool | None:
        added = parts(place)
        if len({value.currency for value in (*found, *added)}) != 1:
            return None
        return _total(found) == _total(added)

    return test


def within(said: str, _way: Way, _day: Day) -> Test:
    """The amounts together are worth no more than the limit of a relief."""

    def test(found: Values, _place: Place, facts: Facts) -> bool | None:
        limit, worth = facts.limits.get(said), facts.exchange.worth(found)
        return worth.total <= limit if limit is not None and worth.total is not None else None

    return test


def same(said: str, way: Way, _day: Day) -> Test:
    """The values are those of another path; nothing is said where that one has none."""
    other = way.reads(parse(said))
    return lambda found, place, _facts: not (those := other(place)) or set(found) == set(those)


def differs(said: str, way: Way, _day: Day) -> Test:
    other = way.reads(parse(said))
    return lambda found, place, _facts: set(found).isdisjoint(other(place))


TESTS: Mapping[str, Maker] = {
    test.__name__: test
    for test in (
        *(present, absent, has, lacks, only, form, listed, unlisted, covered, uncovered, harmonized, currency),
        *(below, above, sums, within, same, differs),
    )
}
OF_PRESENCE = frozenset({"present", "absent", "has", "lacks"})


def _of(found: Values) -> tuple[Decimal, ...]:
    """Plain numbers; what cannot be told in kilograms is left out."""
    return tuple(number for value in found if (number := _number(value)) is not None)


def _number(value: Any) -> Decimal | None:
    if isinstance(value, Measure):
        return kilograms(value)
    return value.amount if isinstance(value, Amount) else Decimal(value)


def _total(amounts: Values) -> Decimal:
    return sum((value.amount for value in amounts), Decimal())
