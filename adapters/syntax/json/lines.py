"""JSON Lines: an object a line. A line ends where it ends, whatever stands in it: no text of JSON holds a line break.

Source: jsonlines.org, "each line is a valid JSON value".
"""

import re
from collections.abc import Generator, Iterator

from adapters.syntax.json.run import REACH
from adapters.syntax.json.skim import readable
from adapters.syntax.json.stretches import Cut, Stretches
from adapters.syntax.window import Window

_BLANK = b" \t\r\n"
_FIRST_TWO = re.compile(rb"([^\n]*+)\n?+\s*+([^\n]?)")


def is_lines(window: Window, at: int, cap: int) -> bool:
    """Whether the first object of a file stands on a line of its own, be it broken.

    An object that is spread over lines has no second line that begins with a bracket, unless the first one led to it.
    """
    window.floor = at
    window.reach(at + cap)
    found = _FIRST_TWO.match(window.data, at - window.base)
    first, second = (found[1].rstrip(), found[2]) if found else (b"", b"")
    return readable(first) or (second == b"{" and first[-1:] not in (b"{", b"[", b",", b":"))


def lines(window: Window, at: int, size: int, cap: int) -> Iterator[Cut]:
    """Stretches of lines that are not blank."""
    stretches = Stretches(window, size, cap)
    while at < window.end:
        window.floor = at
        window.reach(at + REACH)
        if (stop := window.data.rfind(b"\n", at - window.base) + 1) <= at - window.base:
            stop = len(window.data)
            if not window.ended:
                at = yield from _long(window, at, stretches)
                continue
        for begin, end in spans(window.data, at - window.base, stop):
            yield from stretches.add(begin + window.base, end + window.base)
        at = window.base + stop
    yield from stretches.rest()


def spans(data: bytes, at: int, stop: int) -> Iterator[tuple[int, int]]:
    """Begin and end of what each line says, without white space around."""
    while at < stop:
        end = data.find(b"\n", at, stop)
        end = stop if end < 0 else end
        line = data[at:end].strip(_BLANK)
        if line:
            begin = data.index(line[:1], at)
            yield begin, begin + len(line)
        at = end + 1


def _long(window: Window, at: int, stretches: Stretches) -> Generator[Cut, None, int]:
    """A line that is longer than what is looked at together."""
    line, end = window.line(at), -1
    while end < 0 and window.grow():
        window.floor = max(at, window.end - stretches.cap)
        end = window.data.find(b"\n", max(at - window.base, 0))
    stop = window.base + end if end >= 0 else window.end
    yield from stretches.alone(at, window.without_space(at, stop), line)
    return stop + (end >= 0)
