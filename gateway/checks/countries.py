"""Countries: ISO 3166-1 alpha-2 as pycountry has it, and the few user-assigned codes that posts and customs use."""

from functools import cache

from gateway.checks.lists import column


@cache
def known() -> frozenset[str]:
    import pycountry  # noqa: PLC0415 - its tables are read on first use, not at start-up

    return frozenset(country.alpha_2 for country in pycountry.countries) | column("checks/countries", "country")


def is_country(code: str) -> bool:
    """Say whether a code names a country.

    >>> is_country("GB"), is_country("UK"), is_country("XK")
    (True, False, True)
    """
    return code in known()
