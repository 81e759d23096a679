"""Words to a sender about one cause: what is wrong, of what, what stood there, in which element and line.

The words are of the sender's language as far as they are ours. A text that is wider than its place is cut at a word,
never the place that it speaks of.

>>> told("not a code of the tariff", "Goods items 2 \u203a HS code", "9999", "item/content-piece[2]/hs-code", 34)
'not a code of the tariff. Goods items 2 \u203a HS code: 9999 (item/content-piece[2]/hs-code, line 34)'
"""

import re
from collections.abc import Iterator

from gateway.locale import translate

WIDEST = 512  # characters of a reason's text in the model
VALUE = 70  # characters of a value: a line of an address or a name
CUT = "\u2026"
_CONTROL = re.compile("[\x00-\x1f\x7f-\x9f\u2028\u2029]+")
_TURNING = re.compile("[\u202a-\u202e\u2066-\u2069]")
"""Marks that embed, override or isolate a direction (Unicode Standard Annex 9, section 2)."""


def told(
    text: str, label: str = "", value: str = "", element: str = "", line: int | None = None,
    language: str = "en", room: int = WIDEST,
) -> str:  # fmt: skip
    """The text with the fact it is about, as wide as may be."""
    text, value, element = clean(text), clean(value), clean(element)
    text, place = text.strip().rstrip("."), _place(label, value, ", ".join(_at(element, line, language)), language)
    whole = f"{text}. {place}" if text and place else text or place
    if len(whole) <= room:
        return whole
    left = room - len(place) - 2
    return f"{shortened(text, left)}. {place}" if place and left > room // 4 else shortened(whole, room)


def clean(text: str) -> str:
    r"""A text of others without marks that a terminal or a reader's eye obeys.

    >>> clean("paid\x1b[2J\r\nnot \u202eteg\u202c")
    'paid [2J not teg'
    """
    return _TURNING.sub("", _CONTROL.sub(" ", text))


def shortened(text: str, room: int) -> str:
    """A text cut at a word, with a sign that it was.

    >>> shortened("the code is not valid", 15), shortened("short", 15), shortened("Donaudampfschiff", 8)
    ('the code is\u2026', 'short', 'Donauda\u2026')
    """
    if len(text) <= room:
        return text
    head = text[: max(room - len(CUT), 0)]
    whole = text[len(head)].isspace() or " " not in head
    return (head if whole else head.rpartition(" ")[0]).rstrip(" ,;:") + CUT


def changed(old: str, new: str, language: str) -> str:
    """What customs made of a value.

    >>> changed("12 EUR", "15 EUR", "en"), changed("", "15 EUR", "en"), changed("", "", "en")
    ('customs changed 12 EUR to 15 EUR', 'customs added 15 EUR', 'changed by customs')
    """
    if not (old or new):
        return translate("changed by customs", language)
    if not old:
        return translate("customs added %(new)s", language) % {"new": new}
    if not new:
        return translate("customs removed %(old)s", language) % {"old": old}
    return translate("customs changed %(old)s to %(new)s", language) % {"old": old, "new": new}


def without_words(code: str, language: str) -> str:
    """What customs say by a code alone."""
    return translate("customs reports code %(code)s", language) % {"code": code}


def _place(label: str, value: str, at: str, language: str) -> str:
    said = shortened(value, VALUE) or translate("nothing", language)
    what = translate("%(label)s: %(value)s", language) % {"label": label, "value": said} if label else ""
    return f"{what} ({at})" if what and at else what or at


def _at(element: str, line: int | None, language: str) -> Iterator[str]:
    if element:
        yield element
    if line:
        yield translate("line %(line)s", language) % {"line": line}
