"""Telling: one cause in the sender's own words, of the fact that it is about, as wide as the answer's elements are.

>>> here = Where("goods_items[2].hs_code", "item/content-piece[2]/hs-code", 34, "9999")
>>> told("not a code of the tariff", here)
'not a code of the tariff. Goods items 2 \u203a HS code: 9999 (item/content-piece[2]/hs-code, line 34)'
"""

import msgspec

from gateway.findings import telling
from gateway.findings.telling import WIDEST
from gateway.locale import translate
from gateway.mapping.carried import carried, model_path
from gateway.mapping.outer import chains
from gateway.mapping.plan import Plan, Value
from gateway.mapping.protocols import Lists
from gateway.model.naming import STEP, named


class Where(msgspec.Struct, frozen=True):
    """What a cause is about: the fact of the model, the sender's element and line, the value as the sender said it."""

    model_path: str = ""
    element: str = ""
    line: int | None = None
    value: str = ""


def told(text: str, where: Where, language: str = "en", room: int = WIDEST) -> str:
    """The text with its place."""
    return telling.told(text, label(where.model_path, language), where.value, where.element, where.line, language, room)


def label(path: str, language: str = "en") -> str:
    """What a fact is called.

    >>> label("goods_items[2].hs_code", "fr")
    'Articles 2 \u203a Code SH'
    """
    steps = ((translate(word, language), number) for word, number in named(path))
    return STEP.join(f"{word} {number}" if number else word for word, number in steps)


def in_words(code: str, text: str, rules: Lists, authority: str, language: str) -> str:
    """Customs' own text, and in the sender's language what the authority's list of rules says of the code."""
    listed = _listed(code, rules, authority, language) if not text or language != "en" else ""
    said = " \u2013 ".join(dict.fromkeys(filter(None, (listed, text.strip()))))
    return said or telling.without_words(code, language)


def room(plan: Plan, path: str) -> int:
    """How wide the element of an answer is that says this of a decision (`reasons.text`)."""
    elements = {chain[-1].path: chain[-1] for chain in chains(plan.document)} if plan.document else {}
    nodes = (elements[at].node for at, value in carried(plan) if at in elements and _says(plan, value, path))
    widths = [node.form.longest for node in nodes if node is not None and node.form.longest]
    return min(widths, default=WIDEST)


def _says(plan: Plan, value: Value, path: str) -> bool:
    return f".{model_path(plan, value)}".endswith(f".{path}")


def _listed(code: str, rules: Lists, authority: str, language: str) -> str:
    try:
        rows = [row for row in rules(f"{authority}/rules") if code and row.get("code") == code]
    except LookupError:
        return ""
    return next((row.get(f"message_{language}") or row.get("message", "") for row in rows), "")
