"""XML markup at byte level: tags, comments, CDATA and processing instructions, without a parser.

Only for encodings in which markup is ASCII (guard.py). Source: W3C XML 1.0 (fifth edition) §2.3-2.7, §3.1.

>>> TAG.match(b'<m:item note="a > b">')["name"]
b'm:item'
>>> local(b"m:item")
b'item'
"""

import re
from typing import NamedTuple

TAG = re.compile(
    rb"<(?P<end>/?)(?P<name>[^\s<>/!?\"'=&]+)(?=[\s/>])(?P<rest>(?>[^<>\"']|\"[^<\"]*\"|'[^<']*')*+)>",
)
"""A start or end tag. `>` may stand in an attribute's value, `<` may not."""

NAME = re.compile(rb"<([^\s<>/!?\"'=&]++)")
"""The beginning of a start tag, whatever is wrong with the rest of it."""

ASIDES = re.compile(rb"(?:\s++|<!--(?>[^-]|-(?!-))*+-->|<\?(?>[^?<]|\?(?!>))*+\?>)*+")
"""White space, comments and processing instructions: what may stand between elements without saying anything."""

_SPACE = frozenset((b" ", b"\n", b"\r", b"\t"))
_AFTER_NAME = _SPACE | {b">", b"/"}
_END_OF_TAG = re.compile(rb"\s*+>")


class UnitTags(NamedTuple):
    """The start and end tag of a unit of failure as they are spelt in one place (`<m:item`, `</m:item`)."""

    start: bytes
    end: bytes


def unit_tags(name: bytes) -> UnitTags:
    return UnitTags(b"<" + name, b"</" + name)


def local(name: bytes) -> bytes:
    """The name without its prefix."""
    return name[name.find(b":") + 1 :]


def find_start(data: bytes, tag: bytes, at: int, stop: int) -> int:
    """Where this start tag stands (not one whose name only begins alike), or -1."""
    while (at := data.find(tag, at, stop)) >= 0 and data[at + len(tag) : at + len(tag) + 1] not in _AFTER_NAME:
        at += len(tag)
    return at


def find_end(data: bytes, tag: bytes, at: int, stop: int) -> tuple[int, int]:
    """Begin and end of this end tag, or -1 twice."""
    while (at := data.find(tag, at, stop)) >= 0:
        after = at + len(tag)
        following = data[after : after + 1]
        if following == b">":
            return at, after + 1
        if following in _SPACE and (found := _END_OF_TAG.match(data, after)):
            return at, found.end()
        at = after
    return -1, -1


def after_start(data: bytes, at: int, tag: bytes) -> int:
    """Where the content after the start tag at `at` begins; a tag that is not well-formed counts as its name only."""
    after = at + len(tag)
    if data[after : after + 1] == b">":
        return after + 1
    found = TAG.match(data, at)
    return found.end() if found else after


def is_empty(data: bytes, end: int) -> bool:
    """Whether the tag that ends here is an empty-element tag."""
    return data[end - 2 : end] == b"/>"
