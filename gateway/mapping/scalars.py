"""Values of syntaxes that tell text from number: what a grammar wants, what came, how a number is spelled.

The column `kind` of the element table says `string`, `number` or `boolean`, perhaps as `array string` or `number|null`.
A text where a number is wanted is read all the same; a number where a text is wanted may have lost its zeros.

>>> unlike("number", Node("hs", "hs", 0, kind="string")), unlike("string", Node("n", "n", 0, kind="number"))
('string', '')
>>> spelled("1.50E3"), spelled("1e-7"), spelled("1e999999999")
('1500', '0.0000001', '1e999999999')
"""

import re
from decimal import Decimal
from typing import Literal

from gateway.mapping.grammar import Node

Kind = Literal["string", "number", "boolean", ""]
KINDS: tuple[Kind, ...] = ("string", "number", "boolean")
_EXPONENT = re.compile(r"([+-]?\d+(?:\.\d+)?)[eE]([+-]?\d{1,2})", re.ASCII)
_WIDEST = 30  # digits by which an exponent may move the point


def wanted(node: Node | None) -> Kind:
    """What a grammar says of a value; nothing where it does not."""
    said = node.kind.removeprefix("array").strip().removesuffix("|null") if node else ""
    return next((kind for kind in KINDS if kind == said), "")


def unlike(found: str, node: Node | None) -> Kind:
    """What should stand there, where something else does that is not as good."""
    kind = wanted(node)
    return kind if kind and found in KINDS and found not in (kind, "string") else ""


def spelled(text: str) -> str:
    """A number without its exponent; one that is beyond any measure stays as it is."""
    found = _EXPONENT.fullmatch(text)
    if found is None or abs(int(found[2])) > _WIDEST:
        return text
    return f"{Decimal(text):f}"
