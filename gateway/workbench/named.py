"""What a row may call by its name: checks (`check:`) and converters (`as:`), told from their own docstrings.

>>> {"one-line", "minor-units"} <= {one.name for one in named() if one.kind == "converter"}
True
>>> about("s10").line
'UPU S10: form, service indicator, country, check digit.'
"""

import doctest
import inspect
from collections.abc import Iterator
from typing import Literal

import msgspec

from gateway.checks.converters import CONVERTERS
from gateway.checks.named import CHECKS

PARSER = doctest.DocTestParser()


class Example(msgspec.Struct, frozen=True):
    """One line of Python and what it gives; a test runs it."""

    says: str
    gives: str


class Named(msgspec.Struct, frozen=True):
    """One name: the keyword that takes it, its first sentences, its examples; for converters, what they serve."""

    name: str
    kind: Literal["check", "converter"]
    line: str
    text: str
    examples: tuple[Example, ...]
    serves: str = ""

    @property
    def keyword(self) -> str:
        return "check" if self.kind == "check" else "as"


def named() -> tuple[Named, ...]:
    """Every check, then every converter, in the order of their registries."""
    return (*_checks(), *_converters())


def about(name: str) -> Named:
    """Raises: LookupError."""
    found = next((one for one in named() if one.name == name), None)
    if found is None:
        raise LookupError(name)
    return found


def _checks() -> Iterator[Named]:
    for name, check in CHECKS.items():
        yield _told(name, "check", check)


def _converters() -> Iterator[Named]:
    for converter in CONVERTERS.values():
        serves = f"a list of {converter.kind}s" if converter.is_list else f"a {converter.kind}"
        pieces = ", taken apart over several elements" if converter.pieces else ""
        yield _told(converter.name, "converter", converter.format, serves + pieces)


def _told(name: str, kind: Literal["check", "converter"], thing: object, serves: str = "") -> Named:
    parts = PARSER.parse(inspect.getdoc(thing) or "")
    text = "".join(part for part in parts if isinstance(part, str)).strip()
    examples = tuple(
        Example(part.source.strip(), part.want.strip()) for part in parts if isinstance(part, doctest.Example)
    )
    return Named(name, kind, " ".join(text.partition("\n\n")[0].split()), text, examples, serves)
