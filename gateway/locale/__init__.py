"""Languages: gettext catalogues of what the gateway says, beside this file; English is the source.

A language is named (`fr`, `fr-CA`) or comes from the environment as gettext reads it: LANGUAGE, LC_ALL, LC_MESSAGES,
LANG. What has no translation stays English; codes, names of the configuration and paths are never translated.

>>> translate("no posting date", "fr"), translate("no posting date", "xx")
('pas de date de dépôt', 'no posting date')
>>> chosen("fr-CA"), chosen("xx")
('fr', 'en')
"""

import gettext
import os
from functools import cache
from pathlib import Path

LOCALE = Path(__file__).parent
DOMAIN = "gateway"
SOURCE = "en"
LANGUAGES = (SOURCE, "fr", "es")
_VARIABLES = ("LANGUAGE", "LC_ALL", "LC_MESSAGES", "LANG")


def is_spoken(language: str) -> bool:
    """Say whether a language is one of ours.

    >>> is_spoken("es-MX"), is_spoken("de")
    (True, False)
    """
    return _code(language) in LANGUAGES


def chosen(language: str = "") -> str:
    """The language of ours that is meant; the source's where none of ours is."""
    return next((code for one in _asked(language) if (code := _code(one)) in LANGUAGES), SOURCE)


def translate(message: str, language: str = "") -> str:
    """Return a msgid in a language (empty: that of the environment); the msgid itself where there is no translation."""
    return _translations(chosen(language)).gettext(message) if message else ""


def translate_word(context: str, word: str, language: str = "") -> str:
    """The same for a word that means this only there, such as a role among the values of a message."""
    return _translations(chosen(language)).pgettext(context, word) if word else ""


def _asked(language: str) -> list[str]:
    if language:
        return [language]
    return next((value.split(":") for name in _VARIABLES if (value := os.environ.get(name))), [])


def _code(tag: str) -> str:
    """`fr_CA.UTF-8`, `fr-CA` → `fr`.

    >>> _code("es_MX.UTF-8@modern"), _code("C")
    ('es', 'c')
    """
    return tag.replace("-", "_").partition("_")[0].partition(".")[0].partition("@")[0].casefold()


@cache
def _translations(language: str) -> gettext.NullTranslations:
    return gettext.translation(DOMAIN, LOCALE, [language], fallback=True)
