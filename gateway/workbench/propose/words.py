"""Names as words: camelCase, snake_case, kebab-case, blanks, glued capitals; without accents and plurals.

>>> words("ShipperCountryCode", frozenset()), words("line_1", frozenset()), words("numéro-de-colis", frozenset())
(('shipper', 'country', 'code'), ('line', '1'), ('numero', 'de', 'coli'))
>>> words("STREETADDRESS1", frozenset({"street", "address"}))
('street', 'address', '1')
>>> words("HSCode", frozenset()), words("IOSSNumber", frozenset())
(('hs', 'code'), ('ioss', 'number'))
"""

import re
import unicodedata
from collections.abc import Collection
from functools import cache

_PIECES = re.compile(r"[A-Z]{2,}(?=s\b)|[A-Z]+(?![a-z])|[A-Z]?[a-z]+|\d+|[^\W\d_A-Za-z]+")
_MARK = re.compile(r"([a-z])([A-Z])")
SHORTEST, GLUED = 2, 6


@cache
def words(name: str, known: frozenset[str]) -> tuple[str, ...]:
    """The words of a name in lower case; a glued one is cut where all its parts are `known`."""
    local = name.rpartition(":")[2].removeprefix("@")
    plain = "".join(sign for sign in unicodedata.normalize("NFKD", local) if not unicodedata.combining(sign))
    found = (_single(piece.lower()) for piece in _PIECES.findall(plain))
    return tuple(part for word in found for part in _cut(word, known))


def _single(word: str) -> str:
    """Without the s of a plural: `items` is `item`; `address` and `gross` stay."""
    return word[:-1] if len(word) > 3 and word.endswith("s") and word[-2] not in "su" else word


def _cut(word: str, known: Collection[str]) -> tuple[str, ...]:
    if len(word) < GLUED or word in known or not word.isascii():
        return (word,)
    return _pieces(word, known) or (word,)


def _pieces(word: str, known: Collection[str]) -> tuple[str, ...]:
    """The fewest known words that make up a glued one, none where it cannot be cut."""
    best: list[tuple[str, ...] | None] = [(), *[None] * len(word)]
    for end in range(1, len(word) + 1):
        for start in range(max(0, end - 14), end - SHORTEST + 1):
            before, piece = best[start], word[start:end]
            if before is not None and (piece in known or _single(piece) in known):
                candidate = (*before, _single(piece))
                now = best[end]
                if now is None or len(candidate) < len(now):
                    best[end] = candidate
    return best[len(word)] or ()
