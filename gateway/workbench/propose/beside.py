"""What stands beside a value: the currency of an amount, the unit of a mass, wherever the message has it.

>>> relative(("items", "value", "amount"), ("items", "value", "currency")), relative(("w",), ("w", "@unit"))
('../currency', '@unit')
"""

from collections.abc import Iterable, Sequence

import msgspec

from gateway.workbench.propose import shapes
from gateway.workbench.propose.names import best
from gateway.workbench.propose.scoring import LIKELY
from gateway.workbench.propose.spelling import Path, spellings
from gateway.workbench.propose.survey import Element
from gateway.workbench.propose.synonyms import spelt, terms

HEAVY = 100  # whole numbers of parcels' weights from here on are grams
_IN_NAME = {"kg": "KGM", "kilogram": "KGM", "gram": "GRM", "g": "GRM", "lb": "LBR", "lbs": "LBR", "oz": "ONZ"}
_ROLES = {"amount": ("Amount", "currency"), "measure": ("Measure", "unit")}


class Beside(msgspec.Struct, frozen=True):
    """A keyword with a path in the message or a constant; `sure` unless it was supposed."""

    keyword: str
    text: str
    path: Path | None = None
    sure: bool = True


def carriers(kind: str, leaves: Iterable[Element]) -> list[Element]:
    """The leaves that hold currencies (of kind `amount`) or units (`measure`)."""
    role = _ROLES[kind]
    return [leaf for leaf in leaves if role[1] in shapes.of(leaf.values) and _named(leaf, role)]


def beside(leaf: Element, kind: str, carrying: Sequence[Element]) -> Beside | None:
    """What an amount or a measure needs; None where an amount has no currency."""
    if kind not in _ROLES:
        return None
    keyword = _ROLES[kind][1]
    found = max(carrying, key=lambda other: _nearness(leaf, other), default=None)
    named = _in_name(leaf.path[-1]) if kind == "measure" else ""
    if named:
        return Beside(keyword, named)
    if found is not None:
        return Beside(keyword, relative(leaf.path, found.path), found.path)
    return Beside(keyword, _supposed(leaf.values), sure=False) if kind == "measure" else None


def relative(here: Path, other: Path) -> str:
    """The way from one element to another, as a table writes it."""
    shared = 0
    while shared < min(len(here), len(other)) and here[shared] == other[shared]:
        shared += 1
    return "/".join(step for step in (*[".."] * (len(here) - shared), *other[shared:]) if step)


def _named(leaf: Element, role: tuple[str, str]) -> bool:
    return best(spellings(leaf.path), terms()[role], ("weight", "mass", "item")).score >= LIKELY - 0.15


def _nearness(leaf: Element, other: Element) -> tuple[int, int, int]:
    """The more steps they share the nearer; then the words that both names have, then no other words."""
    shared = len(leaf.path) - relative(leaf.path, other.path).count("..")
    own, its = set(spelt(leaf.path[-1])), set(spelt(other.path[-1]))
    return shared, len(own & its), -len(its)


def _in_name(name: str) -> str:
    return next((_IN_NAME[word] for word in spelt(name) if word in _IN_NAME), "")


def _supposed(values: tuple[str, ...]) -> str:
    whole = [value for value in values if "integer" in shapes.of((value,))]
    return "GRM" if whole and len(whole) == len(values) and all(float(value) >= HEAVY for value in whole) else "KGM"
