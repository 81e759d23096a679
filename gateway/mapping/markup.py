"""Markup as text: escaping, and the characters that no XML 1.0 document can hold (section 2.2).

>>> escaped("Ångström & Søn <familie>")
'Ångström &amp; Søn &lt;familie&gt;'
"""

import re

DECLARATION = '<?xml version="1.0" encoding="UTF-8"?>\n'
INDENT = "  "
SPECIAL = re.compile('[&<>\r"\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff\ufffe\uffff]')
FORBIDDEN = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff\ufffe\uffff]")
_TEXT = str.maketrans({"&": "&amp;", "<": "&lt;", ">": "&gt;", "\r": "&#13;"})
_ATTRIBUTE = str.maketrans(
    {"&": "&amp;", "<": "&lt;", ">": "&gt;", '"': "&quot;", "\n": "&#10;", "\r": "&#13;", "\t": "&#9;"}
)


def escaped(text: str) -> str:
    """As the text of an element."""
    return text.translate(_TEXT)


def blank(text: str) -> bool:
    """Nothing, or nothing that is seen: no text at all, in both directions."""
    return not text or text.isspace()


def quoted(text: str) -> str:
    """As the value of an attribute."""
    return text.translate(_ATTRIBUTE)
