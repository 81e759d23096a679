"""Markup as text: escaping, and the characters that no XML 1.0 document can hold (section 2.2).

>>> escaped("Ångström & Søn <familie>")
'Ångström &amp; Søn &lt;familie&gt;'
"""

import re
from collections.abc import Mapping

from gateway.mapping.body import MARK, Body

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


def listed(attributes: Mapping[str, str]) -> str:
    """As they stand in a tag."""
    return "".join(f' {name}="{quoted(text)}"' for name, text in attributes.items())


def rendered(body: Body, level: int = 0) -> str:
    """An element as indented text, one element a line; the mark of the units stays as it is."""
    if body.tag == MARK:
        return MARK
    begin = f"{INDENT * level}<{body.tag}{listed(body.attributes)}"
    if body.text:
        return f"{begin}>{escaped(body.text)}</{body.tag}>\n"
    if not body.children:
        return f"{begin}/>\n"
    inner = "".join(rendered(child, level + 1) for child in body.children)
    return f"{begin}>\n{inner}{INDENT * level}</{body.tag}>\n"


def document(body: Body, level: int = 0) -> str:
    """The same with the XML declaration, where it is a whole document."""
    return rendered(body, level) if level else DECLARATION + rendered(body)
