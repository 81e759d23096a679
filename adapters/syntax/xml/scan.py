"""Markup outside units, one piece after the other."""

from enum import Enum, auto
from typing import NamedTuple

from adapters.syntax.window import Window
from adapters.syntax.xml import sections
from adapters.syntax.xml.markup import TAG, is_empty

LONGEST_TAG = 1 << 16  # what is waited for before a `<` counts as one that begins nothing


class Kind(Enum):
    """What a piece of markup is."""

    START = auto()
    EMPTY = auto()
    END = auto()
    ASIDE = auto()
    CDATA = auto()
    DOCTYPE = auto()
    BROKEN = auto()
    STOP = auto()


class Token(NamedTuple):
    """One piece; `text` is where text other than white space begins before it, or -1."""

    kind: Kind
    begin: int
    end: int
    name: bytes
    text: int


def scan(window: Window, at: int, cap: int) -> Token:
    """The next piece of markup from `at` on; `cap` is the longest section."""
    begin = _markup(window, at)
    before = window.bytes(at, begin)
    blank = len(before) - len(before.lstrip())
    text = at + blank if blank < len(before) else -1
    if begin == window.end:
        return Token(Kind.STOP, begin, begin, b"", text)
    if window.bytes(begin + 1, begin + 2) in (b"!", b"?"):
        window.reach(begin + cap)
        kind, end = _section(window, begin, cap)
        return Token(kind, begin, end, b"", text)
    kind, end, name = _tag(window, begin)
    return Token(kind, begin, end, name, text)


def _markup(window: Window, at: int) -> int:
    """The next `<` with a byte after it, or the end of the stream."""
    while True:
        found = window.data.find(b"<", at - window.base)
        if found >= 0 and (found + 1 < len(window.data) or not window.grow()):
            return window.base + found if found + 1 < len(window.data) else window.end
        if found < 0 and not window.grow():
            return window.end


def _section(window: Window, begin: int, cap: int) -> tuple[Kind, int]:
    data, at = window.data, begin - window.base
    end = sections.after(data, at, at + cap)
    if end >= 0:
        return Kind.CDATA if data.startswith(b"<![", at) else Kind.ASIDE, window.base + end
    if data.startswith((b"<!DOCTYPE", b"<!ENTITY"), at):
        return Kind.DOCTYPE, begin + 2
    return Kind.BROKEN, begin + 2


def _tag(window: Window, begin: int) -> tuple[Kind, int, bytes]:
    while True:
        at = begin - window.base
        if tag := TAG.match(window.data, at):
            end = tag.end()
            kind = Kind.END if tag["end"] else Kind.EMPTY if is_empty(window.data, end) else Kind.START
            return kind, window.base + end, tag["name"]
        cut_off = window.data.find(b"<", at + 1) < 0 and len(window.data) - at < LONGEST_TAG
        if not (cut_off and window.grow()):
            return Kind.BROKEN, begin + 1, b""
