"""Names of countries and currencies in a language, from the catalogues that come with pycountry (iso-codes).

>>> country("DE", "fr"), currency("GBP", "es"), country("ZZ")
('Allemagne', 'Libra esterlina', '')
"""

import gettext
from functools import cache

from gateway.locale import chosen


def country(code: str, language: str = "") -> str:
    """The name of an ISO 3166-1 alpha-2 code; empty where there is none."""
    import pycountry  # noqa: PLC0415 - a hundred milliseconds

    found = pycountry.countries.get(alpha_2=code)
    name = getattr(found, "common_name", found.name) if found else ""
    return _in("iso3166-1", chosen(language)).gettext(name) if name else ""


def currency(code: str, language: str = "") -> str:
    """The name of an ISO 4217 alpha-3 code; empty where there is none."""
    import pycountry  # noqa: PLC0415

    found = pycountry.currencies.get(alpha_3=code)
    return _in("iso4217", chosen(language)).gettext(found.name) if found else ""


@cache
def _in(domain: str, language: str) -> gettext.NullTranslations:
    import pycountry  # noqa: PLC0415

    return gettext.translation(domain, pycountry.LOCALES_DIR, [language], fallback=True)
