"""Stretches whose text is no markup: comments, CDATA sections and processing instructions are stepped over.

Source: W3C XML 1.0 (fifth edition) §2.5-2.7.

>>> after(b"<!-- <item> --><item/>", 0, 100, b"<item")
15
"""

from typing import NamedTuple

from adapters.syntax.xml.markup import find_start


class _Kind(NamedTuple):
    begin: bytes
    end: bytes


_COMMENT = _Kind(b"<!--", b"-->")
_KINDS = (_COMMENT, _Kind(b"<![CDATA[", b"]]>"), _Kind(b"<?", b"?>"))


def first(data: bytes, at: int, stop: int) -> int:
    """Where the first section (or another `<!`) between the two places begins, or -1."""
    declared = (
        data.find(b"<!", at, stop) if data.find(b"!", at, stop) >= 0 else -1
    )  # one byte is found ten times faster
    stop = stop if declared < 0 else declared
    instruction = data.find(b"<?", at, stop) if data.find(b"?", at, stop) >= 0 else -1
    return declared if instruction < 0 else instruction


def after(data: bytes, at: int, stop: int, unit: bytes) -> int:
    """Where the section at `at` ends; -1 where it does not.

    A section that begins again before it ends and swallows the start of a unit was left open by mistake, and so was a
    comment with `--` inside: what follows is taken as markup, so that the mistake costs one unit and not the rest.
    """
    for kind in _KINDS:
        if data.startswith(kind.begin, at):
            inside = at + len(kind.begin)
            end = data.find(kind.end, inside, stop)
            return -1 if end < 0 or _left_open(kind, data, inside, end, unit) else end + len(kind.end)
    return -1


def _left_open(kind: _Kind, data: bytes, at: int, end: int, unit: bytes) -> bool:
    if kind is _COMMENT and data.find(b"--", at, end) >= 0:
        return True
    return data.find(kind.begin, at, end) >= 0 and find_start(data, unit, at, end) >= 0
