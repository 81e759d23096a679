"""Currencies: ISO 4217 as pycountry has it, without codes that are no money, and how many decimals each has.

>>> decimals("EUR"), decimals("JPY"), decimals("KWD")
(2, 0, 3)
>>> is_currency("XTS")
False
"""

from collections.abc import Mapping
from functools import cache

from gateway.checks.lists import rows

USUAL_DECIMALS = 2
NO_CURRENCY = "XXX"  # ISO 4217: no currency is involved; an amount that is declared as none


@cache
def known() -> frozenset[str]:
    import pycountry  # noqa: PLC0415 - its tables are read on first use, not at start-up

    everything = frozenset(currency.alpha_3 for currency in pycountry.currencies)
    return everything - {code for code, digits in _exceptions().items() if digits is None}


def is_currency(code: str) -> bool:
    return code in known()


def decimals(code: str) -> int:
    """Return the number of decimals of a currency; an unknown one has the usual two."""
    return _decimals().get(code, USUAL_DECIMALS)


@cache
def _decimals() -> Mapping[str, int]:
    return {code: digits for code, digits in _exceptions().items() if digits is not None}


@cache
def _exceptions() -> Mapping[str, int | None]:
    return {
        row["currency"]: int(row["decimals"]) if row["decimals"] else None for row in rows("checks/currency-decimals")
    }
