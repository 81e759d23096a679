"""Named converters (`as:` in a table): a text of the message and a value of the model, both ways.

The law of each: `format(parse(x)) == x` on its domain, which its docstring names. `beside` is what the row says beside
the value: the currency of an amount.
"""

import re
from collections.abc import Callable, Mapping
from decimal import Decimal
from types import MappingProxyType
from typing import Any, Literal

import msgspec

from gateway.checks.currencies import decimals

_WHOLE = re.compile(r"[+-]?\d{1,28}", re.ASCII)  # as many digits as arithmetic keeps


class Converter(msgspec.Struct, frozen=True):
    """`kind` and `is_list` say which fields of the model it serves; `pieces` divides a text over several elements."""

    name: str
    parse: Callable[[str, str], Any]
    format: Callable[[Any, str], str]
    kind: Literal["text", "number"] = "text"
    is_list: bool = False
    pieces: Callable[[str], tuple[str, ...]] | None = None


def _read_line(text: str, _: str = "") -> tuple[str, ...]:
    return (text,) if text else ()


def _write_line(lines: tuple[str, ...], _: str = "") -> str:
    """Domain: every text. Lines are joined with ", "; one line read back stays one line: text is never taken apart."""
    return ", ".join(line for line in lines if line)


def _read_name(text: str, _: str = "") -> str:
    return " ".join(text.split())


def _write_name(name: str, _: str = "") -> str:
    """Domain: names with single blanks. Pieces are joined with a blank; the last word is the last name."""
    return name


def _first_and_last(name: str) -> tuple[str, ...]:
    first, _, last = name.rpartition(" ")
    return (first, last) if first else (last,)


def _read_minor(text: str, beside: str = "") -> Decimal:
    """Raises: ValueError for all but a whole number: `Decimal` takes `NaN`, `1E999999` and digits of every script."""
    if not _WHOLE.fullmatch(text):
        raise ValueError("not a whole number")
    return Decimal(text).scaleb(-decimals(beside))


def _write_minor(amount: Decimal, beside: str = "") -> str:
    """Domain: whole numbers without leading zeros or sign +. 12345 EUR is 123.45, 12345 JPY is 12345.

    Raises: ValueError when the amount has parts of a minor unit.
    """
    minor = amount.scaleb(decimals(beside))
    if minor != minor.to_integral_value():
        raise ValueError(amount)
    return str(int(minor))


CONVERTERS: Mapping[str, Converter] = MappingProxyType(
    {
        converter.name: converter
        for converter in (
            Converter("one-line", _read_line, _write_line, is_list=True),
            Converter("person-name", _read_name, _write_name, pieces=_first_and_last),
            Converter("minor-units", _read_minor, _write_minor, kind="number"),
        )
    }
)
