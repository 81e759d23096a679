"""One value in a stream, followed bracket by bracket: where it ends, whatever it says.

>>> import io
>>> balanced(Window(io.BytesIO(b'{"a": "}", "b": [1]} , {}')), 0, 100)
20
>>> balanced(Window(io.BytesIO(b'{"a": [1}]')), 0, 100)
-1
"""

import re

from adapters.syntax.window import Window

GAP = 1 << 16  # what is looked at between two values
TEXT = rb'"[^"\\\x00-\x1f]*+(?:\\[^\x00-\x1f][^"\\\x00-\x1f]*+)*+"'
SPACE = re.compile(rb"[ \t\r\n]*+")
SCALAR = TEXT + rb"|[-+.\w]++"
_SCALAR = re.compile(SCALAR)
_MARK = re.compile(TEXT + rb'|[{}\[\]"]')
_BEGUN = re.compile(TEXT[:-1])
_CLOSES = {b"{": b"}", b"[": b"]"}


def look(window: Window, pattern: re.Pattern[bytes], at: int) -> re.Match[bytes] | None:
    """A match at a place, with enough bytes behind it to trust it. Groups are of the window."""
    window.floor = at
    window.reach(at + GAP)
    return pattern.match(window.data, at - window.base)


def after(window: Window, pattern: re.Pattern[bytes], at: int) -> int:
    """Where a match at a place ends, or -1."""
    found = look(window, pattern, at)
    return found.end() + window.base if found else -1


def balanced(window: Window, at: int, cap: int) -> int:
    """Where the value at a place ends; -1 where its brackets do not fit, or it is longer than `cap`."""
    window.floor = at
    window.reach(at + 1)
    if window.bytes(at, at + 1) not in _CLOSES:
        return after(window, _SCALAR, at)
    closes: list[bytes] = []
    here = at
    while here >= 0:
        here = _followed(window, here, closes, at + cap)
        if here >= 0 and not closes:
            return here
        if window.end - at > cap or not window.grow():
            return -1
    return -1


def _followed(window: Window, here: int, closes: list[bytes], stop: int) -> int:
    """Behind the last bracket of a value, or of those in the window up to `stop`; -1 where one does not fit."""
    for found in _MARK.finditer(window.data, here - window.base, stop - window.base):
        sign = found[0]
        if sign in _CLOSES:
            closes.append(_CLOSES[sign])
        elif sign == b'"':  # its text goes on in the next block, or its end is missing
            return here if _begun(window, found.start()) == len(window.data) else -1
        elif sign in {b"}", b"]"}:
            if closes.pop() != sign:
                return -1
            if not closes:
                return found.end() + window.base
        here = found.end() + window.base
    return here


def _begun(window: Window, at: int) -> int:
    """Up to where what begins at a quote could be a text."""
    found = _BEGUN.match(window.data, at)
    end = found.end() if found else at
    return end + (window.data[end : end + 1] == b"\\")  # what is escaped may be in the next block
