"""Texts against what a grammar says of them: width, form, pattern, list of values.

>>> [trouble.code for trouble in misfits("PORTUGAL", Node("c", "c", 0, form=form("a2")))]
['SRC250']
"""

import re
from collections.abc import Iterator
from functools import lru_cache

from gateway.mapping.grammar import Form, Node, form
from gateway.mapping.trouble import Trouble

__all__ = ["COUNT", "MOST_DIGITS", "NUMBER", "Form", "Node", "fitting", "form", "misfits"]

NUMBER = re.compile(r"[+-]?(\d+(\.\d*)?|\.\d+)", re.ASCII)
MOST_DIGITS = 18  # of a count: no schema allows more, and Python refuses to read one of 4,301
COUNT = re.compile(rf"[0-9]{{1,{MOST_DIGITS}}}")
LONG, FORM, LISTED, DIGITS, DECIMALS = range(5)
_READ = ("SRC250", "SRC251", "SRC252", "SRC263", "SRC263")
_WRITTEN = ("TGT502", "TGT503", "TGT504", "TGT506", "TGT505")


def misfits(text: str, node: Node | None, *, number: bool = False, codes: tuple[str, ...] = _READ) -> Iterator[Trouble]:
    """What a text breaks of its element's grammar."""
    if node is None or not text:
        return
    shape = node.form
    if number:
        yield from _digits(text, shape, codes)
    else:
        yield from _width(text, shape, node.format, codes)
    if node.pattern and not _pattern(node.pattern).fullmatch(text):
        yield Trouble(codes[FORM], {"value": text, "form": node.pattern})
    if node.values and text not in node.values:
        yield Trouble(codes[LISTED], {"value": text, "list": ", ".join(node.values[:12])})


def fitting(text: str, node: Node | None, *, number: bool = False) -> Iterator[Trouble]:
    """The same for a text that is about to be written."""
    return misfits(text, node, number=number, codes=_WRITTEN)


def _width(text: str, shape: Form, shown: str, codes: tuple[str, ...]) -> Iterator[Trouble]:
    if shape.longest is not None and len(text) > shape.longest:
        yield Trouble(codes[LONG], {"value": text, "length": str(len(text)), "longest": str(shape.longest)})
    elif len(text) < shape.shortest or not _of_kind(text, shape.kind):
        yield Trouble(codes[FORM], {"value": text, "form": shown})


def _of_kind(text: str, kind: str) -> bool:
    if kind == "n":
        return text.isascii() and text.isdigit()
    return kind != "a" or text.isalpha()


def _digits(text: str, shape: Form, codes: tuple[str, ...]) -> Iterator[Trouble]:
    if not NUMBER.fullmatch(text):
        return
    whole, _, after = text.lstrip("+-").partition(".")
    after = after.rstrip("0")
    if shape.decimals is not None and len(after) > shape.decimals:
        yield Trouble(codes[DECIMALS], {"value": text, "decimals": str(shape.decimals)})
    elif shape.kind == "n" and shape.longest is not None and len(whole.lstrip("0")) + len(after) > shape.longest:
        yield Trouble(codes[DIGITS], {"value": text, "digits": str(shape.longest)})


@lru_cache(maxsize=512)
def _pattern(text: str) -> re.Pattern[str]:
    return re.compile(text)
