"""How much a workbook would take once it is open, told from the bytes of its parts.

An opened sheet has every place of the rectangle around its cells, and every cell its own copy of a shared text: a few
bytes can stand for terabytes. What is not understood is taken for more, not for less.

Source: ECMA-376-1 §18.3.1.4 (c), §18.3.1.73 (row), §18.3.1.96 (v), §18.4.8 (si).

>>> places(b'<row r="1"><c r="A1"><v>1</v></c><c r="C4"><v>2</v></c><c r="XFD9" s="1"/></row>')
12
>>> texts([b'<si><t>abc</t></si>', b'<c r="A1" t="s"><v>0</v></c><c r="A2" t="s"><v>0</v></c>'])
38
"""

import re
from collections.abc import Sequence
from itertools import pairwise

_NAME = rb"<(?:[\w.-]+:)?"
_ATTRIBUTES = rb"""(?:\s+[\w:.-]+\s*=\s*(?:"[^"<>]*"|'[^'<>]*'))*"""
_CELL = re.compile(_NAME + rb"c[\s/>]")
_PLACED = re.compile(
    _NAME + rb"c" + _ATTRIBUTES + rb"""?\s+r\s*=\s*["']([A-Za-z]+)(\d+)["']""" + rb"(" + _ATTRIBUTES + rb"\s*/>)?"
)
_ROW = re.compile(_NAME + rb"row[\s/>]")
_NUMBER = re.compile(rb"""\sr\s*=\s*["'](\d+)""")
_VALUE = re.compile(_NAME + rb"v[\s/>]")
_PLAIN = re.compile(_NAME + rb"v>([^<&]*)</")
_AROUND = b" \t\r\n+"
_SHARED = re.compile(_NAME + rb"si[\s/>]")


def places(part: bytes) -> int:
    """The size of the rectangle from the first place on; an empty cell (`<c r="XFD9"/>`) does not widen it."""
    placed, columns, numbers = 0, set[bytes](), set[bytes]()
    for placed, cell in enumerate(_PLACED.finditer(part), 1):  # noqa: B007 - counted
        if cell[3] is None:
            columns.add(cell[1])
            numbers.add(cell[2])
    height, width = max(map(_number, numbers), default=0), max(map(_column, columns), default=0)
    if _count(_CELL, part) > placed:  # those without a place of their own stand behind the one before
        rows = _ROW.split(part)
        height = max(height, *(_number(row[1]) for row in _NUMBER.finditer(part)), 0) + len(rows)
        width += max(_count(_CELL, row) for row in rows)
    return height * width


def texts(parts: Sequence[bytes]) -> int:
    """The bytes of shared texts, each as often as a value may name it."""
    sizes = [size for part in parts for size in _sizes(part)]
    if not sizes:
        return 0
    known = {str(number).encode(): size for number, size in enumerate(sizes)}
    total, strange = 0, sum(_count(_VALUE, part) for part in parts)
    for part in parts:
        for value in _PLAIN.finditer(part):
            strange -= 1
            total += known.get(value[1].strip(_AROUND).lstrip(b"0") or b"0", 0)
    return total + strange * max(sizes)


def _sizes(part: bytes) -> list[int]:
    begins = [found.start() for found in _SHARED.finditer(part)]
    return [end - begin for begin, end in pairwise([*begins, len(part)])] if begins else []


def _count(pattern: re.Pattern[bytes], part: bytes) -> int:
    return sum(1 for _ in pattern.finditer(part))


def _number(digits: bytes) -> int:
    return int(digits.lstrip(b"0")[:10] or b"0")


def _column(letters: bytes) -> int:
    number = 0
    for letter in letters[:8].upper():
        number = number * 26 + letter - 64
    return number
