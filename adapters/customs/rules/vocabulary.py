"""The named tests that rules are made of: values of a path, what the rule says of them, the facts of the day.

True or False, or None where it cannot be told: a list that nobody filled says nothing, without a rate nothing is above
a limit.
"""

import re
from collections.abc import Callable, Iterable, Mapping
from decimal import Decimal
from typing import Any

from adapters.customs.rules.facts import Facts
from adapters.customs.rules.subject import Place, parse, values
from gateway.checks import currencies, hs
from gateway.model import Amount, Measure
from gateway.model.measures import kilograms

Values = tuple[Any, ...]
Test = Callable[[Values, str, Place, Facts], bool | None]


def present(found: Values, _said: str, _place: Place, _facts: Facts) -> bool:
    return bool(found)


def absent(found: Values, _said: str, _place: Place, _facts: Facts) -> bool:
    return not found


def has(found: Values, said: str, _place: Place, _facts: Facts) -> bool:
    """One of these codes is among the values."""
    return not set(said.split()).isdisjoint(found)


def lacks(found: Values, said: str, _place: Place, _facts: Facts) -> bool:
    return set(said.split()).isdisjoint(found)


def only(found: Values, said: str, _place: Place, _facts: Facts) -> bool:
    """Every value is one of these codes."""
    return set(found) <= set(said.split())


def form(found: Values, said: str, _place: Place, _facts: Facts) -> bool:
    """Every value has the form (a regular expression)."""
    return all(re.fullmatch(said, str(value)) for value in found)


def listed(found: Values, said: str, _place: Place, facts: Facts) -> bool | None:
    """Every value is a code of a dated list."""
    codes = facts.codes(said)
    return all(value in codes for value in found) if codes else None


def unlisted(found: Values, said: str, _place: Place, facts: Facts) -> bool:
    return facts.codes(said).isdisjoint(found)


def covered(found: Values, said: str, _place: Place, facts: Facts) -> bool | None:
    """Every commodity code begins with a code of a dated list."""
    codes = facts.codes(said)
    return all(_begins(str(value), codes) for value in found) if codes else None


def uncovered(found: Values, said: str, _place: Place, facts: Facts) -> bool:
    return not any(_begins(str(value), facts.codes(said)) for value in found)


def harmonized(found: Values, _said: str, _place: Place, _facts: Facts) -> bool:
    """Every commodity code begins with a code of the Harmonized System."""
    return all(hs.is_known(str(value)) for value in found)


def currency(found: Values, _said: str, _place: Place, _facts: Facts) -> bool:
    """Every value is a currency of ISO 4217."""
    return all(currencies.is_currency(str(value)) for value in found)


def below(found: Values, said: str, _place: Place, _facts: Facts) -> bool | None:
    """Every number, or mass in kilograms, is smaller."""
    numbers = _numbers(found)
    return all(number < Decimal(said) for number in numbers) if numbers else None


def above(found: Values, said: str, _place: Place, _facts: Facts) -> bool | None:
    """The numbers together are more."""
    numbers = _numbers(found)
    return sum(numbers) > Decimal(said) if numbers else None


def sums(found: Values, said: str, place: Place, _facts: Facts) -> bool | None:
    """The amount is the sum of other amounts; nothing is said of sums in several currencies."""
    parts = values(parse(said), place)
    if len({value.currency for value in (*found, *parts)}) != 1:
        return None
    stated, added = (sum((value.amount for value in side), Decimal()) for side in (found, parts))
    return stated == added


def within(found: Values, said: str, _place: Place, facts: Facts) -> bool | None:
    """The amounts together are worth no more than the limit of a relief."""
    limit, worth = facts.limits.get(said), facts.exchange.worth(found)
    return worth.total <= limit if limit is not None and worth.total is not None else None


def same(found: Values, said: str, place: Place, _facts: Facts) -> bool:
    """The values are those of another path; nothing is said where that one has none."""
    other = values(parse(said), place)
    return not other or set(found) == set(other)


def differs(found: Values, said: str, place: Place, _facts: Facts) -> bool:
    return set(found).isdisjoint(values(parse(said), place))


TESTS: Mapping[str, Test] = {
    test.__name__: test
    for test in (
        *(present, absent, has, lacks, only, form, listed, unlisted, covered, uncovered, harmonized, currency),
        *(below, above, sums, within, same, differs),
    )
}
OF_PRESENCE = frozenset({"present", "absent", "has", "lacks"})


def _begins(code: str, headings: Iterable[str]) -> bool:
    return any(code.startswith(heading) for heading in headings)


def _numbers(found: Values) -> tuple[Decimal, ...]:
    """Plain numbers; what cannot be told in kilograms is left out."""
    return tuple(number for value in found if (number := _number(value)) is not None)


def _number(value: Any) -> Decimal | None:
    if isinstance(value, Measure):
        return kilograms(value)
    return value.amount if isinstance(value, Amount) else Decimal(value)
