"""Texts that have been understood before: the same weights, prices, codes and countries come again and again.

Each is a dict from the text as it stands in the message to its value; a new text is checked once, a wrong one is a
doubt.
"""

from collections.abc import Callable
from decimal import Decimal
from typing import Any

from gateway.mapping.compiled.settle import MANY, Doubt
from gateway.mapping.grammar import Node
from gateway.mapping.texts import COUNT, NUMBER, misfits


class Known(dict[Any, Any]):
    """Texts of one form and what they stand for."""

    def __init__(self, node: Node | None, make: Callable[[str], Any], *, number: bool = False) -> None:
        super().__init__()
        self.node, self.make, self.number = node, make, number

    def __missing__(self, text: str | None) -> Any:
        plain = text.strip() if text is not None else ""
        if not plain or any(misfits(plain, self.node, number=self.number)):
            raise Doubt
        if len(self) >= MANY:
            self.clear()
        found = self[text] = self.make(plain)
        return found

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Known) and (self.node, self.make, self.number) == (
            other.node,
            other.make,
            other.number,
        )

    def __ne__(self, other: object) -> bool:
        return not self == other  # a dict has a `!=` of its own, by which two empty ones are alike

    __hash__ = None


def number(text: str) -> Decimal:
    """Raises: Doubt."""
    if not NUMBER.fullmatch(text):
        raise Doubt
    return Decimal(text)


def count(text: str) -> int:
    """Raises: Doubt."""
    if not COUNT.fullmatch(text):
        raise Doubt
    return int(text)


def word(text: str) -> str:
    """A short code."""
    return text
