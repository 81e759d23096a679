"""Telling: one cause in the sender's own words: what is wrong, of what, what stood there, in which element and line.

The words are the sender's language as far as they are ours; what customs said stays as it was said. A text that is
wider than the answer's field is cut at a word: the place stays whole.

>>> here = Where("goods_items[2].hs_code", "item/content-piece[2]/hs-code", 34, "9999")
>>> told("not a code of the tariff", here)
'not a code of the tariff. Goods items 2 \u203a HS code: 9999 (item/content-piece[2]/hs-code, line 34)'
>>> label("goods_items[2].hs_code", "fr")
'Articles 2 \u203a Code SH'
"""

from collections.abc import Iterator

import msgspec

from gateway.locale import translate
from gateway.mapping.carried import carried, model_path
from gateway.mapping.outer import chains
from gateway.mapping.plan import Plan, Value
from gateway.mapping.protocols import Lists
from gateway.model.naming import STEP, named

WIDEST = 512  # characters of a reason's text in the model
VALUE = 70  # characters of a value: a line of an address or a name
CUT = "…"


class Where(msgspec.Struct, frozen=True):
    """What a cause is about: the fact of the model, the sender's element and line, the value as the sender said it."""

    model_path: str = ""
    element: str = ""
    line: int | None = None
    value: str = ""


def told(text: str, where: Where, language: str = "en", room: int = WIDEST) -> str:
    """The text with its place, as wide as may be."""
    text, place = text.strip().rstrip("."), _place(where, language)
    whole = f"{text}. {place}" if text and place else text or place
    if len(whole) <= room:
        return whole
    left = room - len(place) - 2
    return f"{shortened(text, left)}. {place}" if place and left > room // 4 else shortened(whole, room)


def shortened(text: str, room: int) -> str:
    """A text cut at a word, with a sign that it was.

    >>> shortened("the code is not valid", 15), shortened("short", 15), shortened("Donaudampfschiff", 8)
    ('the code is…', 'short', 'Donauda…')
    """
    if len(text) <= room:
        return text
    head = text[: max(room - len(CUT), 0)]
    whole = text[len(head)].isspace() or " " not in head
    return (head if whole else head.rpartition(" ")[0]).rstrip(" ,;:") + CUT


def label(path: str, language: str = "en") -> str:
    """What a fact is called."""
    steps = ((translate(word, language), number) for word, number in named(path))
    return STEP.join(f"{word} {number}" if number else word for word, number in steps)


def in_words(code: str, text: str, rules: Lists, authority: str, language: str) -> str:
    """Customs' own text, and in the sender's language what the authority's list of rules says of the code."""
    listed = _listed(code, rules, authority, language) if not text or language != "en" else ""
    said = " \u2013 ".join(dict.fromkeys(filter(None, (listed, text.strip()))))
    return said or translate("customs reports code %(code)s", language) % {"code": code}


def changed(old: str, new: str, language: str) -> str:
    """What customs made of a value."""
    if not (old or new):
        return translate("changed by customs", language)
    if not old:
        return translate("customs added %(new)s", language) % {"new": new}
    if not new:
        return translate("customs removed %(old)s", language) % {"old": old}
    return translate("customs changed %(old)s to %(new)s", language) % {"old": old, "new": new}


def room(plan: Plan, path: str) -> int:
    """How wide the element of an answer is that says this of a decision (`reasons.text`)."""
    elements = {chain[-1].path: chain[-1] for chain in chains(plan.document)} if plan.document else {}
    nodes = (elements[at].node for at, value in carried(plan) if at in elements and _says(plan, value, path))
    widths = [node.form.longest for node in nodes if node is not None and node.form.longest]
    return min(widths, default=WIDEST)


def _says(plan: Plan, value: Value, path: str) -> bool:
    return f".{model_path(plan, value)}".endswith(f".{path}")


def _place(where: Where, language: str) -> str:
    name = label(where.model_path, language)
    said = shortened(where.value, VALUE) or translate("nothing", language)
    what = translate("%(label)s: %(value)s", language) % {"label": name, "value": said} if name else ""
    at = ", ".join(_at(where, language))
    return f"{what} ({at})" if what and at else what or at


def _at(where: Where, language: str) -> Iterator[str]:
    if where.element:
        yield where.element
    if where.line:
        yield translate("line %(line)s", language) % {"line": where.line}


def _listed(code: str, rules: Lists, authority: str, language: str) -> str:
    try:
        rows = [row for row in rules(f"{authority}/rules") if code and row.get("code") == code]
    except LookupError:
        return ""
    return next((row.get(f"message_{language}") or row.get("message", "") for row in rows), "")
