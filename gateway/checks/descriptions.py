"""Descriptions of goods: long enough, and more than a word that fits anything.

Sources: WCO guidance "acceptable and unacceptable descriptions"; EU ICS2 stop words; `mappings/codes/checks/` holds our
own list in the languages of senders.

>>> letters("T恤"), letters("12 x 34"), has_letters("ab", 3)
(3, 1, False)
>>> is_vague("2 Gifts!"), is_vague("men's cotton T-shirt"), is_vague("Various goods"), is_vague("礼品")
(True, False, True, True)
"""

from functools import cache

from gateway.checks.lists import column

FILLERS = frozenset(
    [
        "x",
        "of",
        "and",
        "de",
        "pcs",
        "pc",
        "pieces",
        "piece",
        "set",
        "sets",
        "for",
        "et",
        "y",
        "und",
        "e",
        "the",
        "a",
        "von",
        "mit",
    ]
)
_EDGES = " .,;:!?-–—_/\\*+#'\"()[]{}«»“”„…、。！"  # noqa: RUF001 - the full-width marks of East Asian texts


@cache
def stop_words() -> frozenset[str]:
    return column("checks/vague-descriptions", "term")


def letters(text: str) -> int:
    """Count the letters; an ideograph counts two, as it says what two letters say."""
    return sum(2 if char >= "\u2e80" else 1 for char in text if char.isalpha())


def has_letters(text: str, number: int) -> bool:
    """Say whether a text has that many letters."""
    return (len(text) >= number and text[:number].isalpha()) or letters(text) >= number


def is_vague(text: str) -> bool:
    """Say whether nothing but stop words, numbers and fillers stands in a text."""
    words = text.casefold().split()
    for word in words:
        if word.isalpha() and word not in _empty_words():
            break
    else:
        return all(_says_nothing(word) for word in words)
    return len(words) > 1 and " ".join(words).strip(_EDGES) in stop_words()


@cache
def _empty_words() -> frozenset[str]:
    return stop_words() | FILLERS


def _says_nothing(word: str) -> bool:
    bare = word.strip(_EDGES)
    return not bare or bare.isdigit() or bare in _empty_words()
