"""Forms of postcodes by country, as data: never one length for all.

>>> has_form("EC1A 1BB", "GB"), has_form("1010", "AT"), has_form("L-1234", "LU"), has_form("D02 AF30", "IE")
(True, True, True, True)
>>> has_form("12345", "AT"), are_used("HK"), has_form("anything", "HK")
(False, False, True)
"""

import unicodedata
from collections.abc import Mapping
from functools import cache

from gateway.checks.lists import rows

_SHAPE = {ord(digit): "9" for digit in "0123456789"}
_SHAPE |= {ord(letter): "A" for letter in "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz"}
_SHAPE_TABLE: dict[int, str | None] = {**_SHAPE, ord(" "): None, ord("-"): None}


def are_used(country: str) -> bool:
    return country in _forms()


def forms(country: str) -> str:
    """Return the forms of a country as its row has them."""
    return " ".join(sorted(_forms().get(country, ())))


def has_form(postcode: str, country: str) -> bool:
    """Say whether a postcode has a form of the country; one of a country without known forms always has."""
    known = _forms().get(country)
    return known is None or postcode.translate(_SHAPE_TABLE) in known or _fits(postcode, country, known)


def _fits(postcode: str, country: str, known: frozenset[str]) -> bool:
    """Look closer: wide digits, the country before the code (`L-1234`, `SE-123 45`), forms with either kind."""
    plain = unicodedata.normalize("NFKC", postcode).strip()
    shapes = {plain.translate(_SHAPE_TABLE)}
    prefix, hyphen, rest = plain.partition("-")
    if hyphen and prefix.isalpha() and country.startswith(prefix.upper()):
        shapes.add(rest.translate(_SHAPE_TABLE))
    return any(_matches(shape, form) for shape in shapes for form in known)


def _matches(shape: str, form: str) -> bool:
    return len(shape) == len(form) and all(
        wanted in (got, "*") and got in "9A" for got, wanted in zip(shape, form, strict=True)
    )


@cache
def _forms() -> Mapping[str, frozenset[str]]:
    return {row["country"]: frozenset(row["forms"].split()) for row in rows("checks/postcodes")}
