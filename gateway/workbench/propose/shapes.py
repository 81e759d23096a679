"""What the values of a leaf look like: an S10 with its check digit, a country, an HS code that exists, a date.

>>> sorted(of(("RR473124829GB",))), sorted(of(("GB", "FR"))), sorted(of(("8518300090",)))
(['s10', 'text'], ['country', 'text'], ['hs', 'integer', 'number', 'postcode', 'text'])
>>> sorted(of(("IM0400000123",))), sorted(of(("2025-10-02",))), sorted(of(("9.90", "1.35")))
(['eori', 'ioss', 'text'], ['date', 'postcode', 'text'], ['number', 'text'])
"""

import re
from collections.abc import Callable, Mapping
from functools import cache

from gateway.checks import countries, currencies, hs, s9, s10
from gateway.model.moment import parse

ENOUGH = 0.8  # of the values
_SHOWN = 30
INCOTERMS = frozenset(
    ["EXW", "FCA", "CPT", "CIP", "DAP", "DPU", "DDP", "FAS", "FOB", "CFR", "CIF", "DAT", "DAF", "DES", "DEQ", "DDU"]
)
UNITS = {"KGM", "GRM", "LBR", "ONZ", "TNE", "MGM", "KG", "KGS", "K", "G", "GR", "L", "LB", "LBS", "OZ"}

_FORMS: Mapping[str, re.Pattern[str]] = {
    "number": re.compile(r"[+-]?(\d+(\.\d*)?|\.\d+)"),
    "integer": re.compile(r"\d+(\.0+)?"),
    "flag": re.compile(r"true|false|0|1", re.IGNORECASE),
    "email": re.compile(r"[^@\s]+@[^@\s]+\.[^@\s.]+"),
    "phone": re.compile(r"(?:\+|00|\()[\d\s()./-]{7,20}"),
    "ioss": re.compile(r"IM\d{10}"),
    "eori": re.compile(r"[A-Z]{2}\d{8,15}"),
    "vat": re.compile(r"(?:AT|BE|BG|CY|CZ|DE|DK|EE|EL|ES|FI|FR|GB|HR|HU|IE|IT|LT|LU|LV|MT|NL|PL|PT|RO|SE|SI|SK|XI)"
                      r"[A-Z\d]{8,12}"),
    "postcode": re.compile(r"(?=.*\d)[A-Z\d][A-Z\d -]{2,9}", re.IGNORECASE),
    "awb": re.compile(r"\d{3}-\d{8}"),
    "url": re.compile(r"https?://\S+"),
}  # fmt: skip


@cache
def of(values: tuple[str, ...]) -> frozenset[str]:
    """The shapes that most of these values have."""
    some = values[:_SHOWN]
    if not some:
        return frozenset()
    return frozenset(name for name, fits in _TESTS.items() if sum(map(fits, some)) >= ENOUGH * len(some))


def dotless(code: str) -> str:
    """An HS code without the points and blanks of a label."""
    return code.replace(".", "").replace(" ", "")


def _hs(value: str) -> bool:
    code = dotless(value)
    return 6 <= len(code) <= 12 and hs.has_form(code) and hs.is_known(code)


def _date(value: str) -> bool:
    return len(value) >= 8 and parse(value) is not None


@cache
def _alpha3() -> frozenset[str]:
    import pycountry  # noqa: PLC0415 - its tables are read on first use

    return frozenset(country.alpha_3 for country in pycountry.countries)


def _formed(form: re.Pattern[str]) -> Callable[[str], bool]:
    return lambda value: form.fullmatch(value) is not None


_TESTS: Mapping[str, Callable[[str], bool]] = {
    "text": bool,
    "s10": s10.is_valid,
    "s9": lambda value: not s9.wrong_part(value),
    "country": countries.is_country,
    "country3": lambda value: value in _alpha3(),
    "currency": currencies.is_currency,
    "hs": _hs,
    "date": _date,
    "incoterm": lambda value: value in INCOTERMS,
    "unit": lambda value: value.upper() in UNITS,
    **{name: _formed(form) for name, form in _FORMS.items()},
}
