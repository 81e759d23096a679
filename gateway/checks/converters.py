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

_POINTED = re.compile(r"\d{2,12}|\d{4}(?:[. ]\d{2,4}){1,4}", re.ASCII)
_WHOLE = re.compile(r"[+-]?\d{1,28}", re.ASCII)  # as many digits as arithmetic keeps


class Converter(msgspec.Struct, frozen=True):
    """`kind` and `is_list` say which fields of the model it serves.

    `pieces` divides a text over several elements, `glue` is what joins what they say.
    """

    name: str
    parse: Callable[[str, str], Any]
    format: Callable[[Any, str], str]
    kind: Literal["text", "number"] = "text"
    is_list: bool = False
    pieces: Callable[[str], tuple[str, ...]] | None = None
    glue: str = " "


def _read_line(text: str, _: str = "") -> tuple[str, ...]:
    return (text,) if text else ()


def _write_line(lines: tuple[str, ...], _: str = "") -> str:
    """Domain: every text. Lines are joined with ", "; one line read back stays one line: text is never taken apart.

    >>> _write_line(("12 Sample Street", "Flat 3")), _read_line("12 Sample Street, Flat 3")
    ('12 Sample Street, Flat 3', ('12 Sample Street, Flat 3',))
    """
    return ", ".join(line for line in lines if line)


def _read_lines(text: str, _: str = "") -> tuple[str, ...]:
    return tuple(line for line in text.split("\n") if line)


def _write_lines(lines: tuple[str, ...], _: str = "") -> str:
    r"""Each entry of a list in an element of its own: `line1 + line2`.

    Domain: texts without line breaks. More entries than elements cannot be written.

    >>> _read_lines("12 High Street\nFlat 3"), _write_lines(("12 High Street", "Flat 3"))
    (('12 High Street', 'Flat 3'), '12 High Street\nFlat 3')
    """
    return "\n".join(lines)


def _lines_apart(text: str) -> tuple[str, ...]:
    return tuple(text.split("\n"))


def _read_points(text: str, _: str = "") -> str:
    """Raises: ValueError for what is no HS code with points or blanks."""
    if not _POINTED.fullmatch(text):
        raise ValueError("no HS code")
    return re.sub("[. ]", "", text)


def _write_points(code: str, _: str = "") -> str:
    """An HS code with points, digits alone in the model.

    Domain: four, two and two digits with points between, as `9103.10` and `9103.10.00`; what follows stands together.

    >>> _read_points("9103.10.00"), _write_points("9103100010")
    ('91031000', '9103.10.0010')
    """
    return ".".join(filter(None, (code[:4], code[4:6], code[6:])))


def _read_name(text: str, _: str = "") -> str:
    return " ".join(text.split())


def _write_name(name: str, _: str = "") -> str:
    """Domain: names with single blanks. Pieces are joined with a blank; the last word is the last name.

    >>> _read_name("Ada  Specimen"), _first_and_last("Ada Maria Specimen")
    ('Ada Specimen', ('Ada Maria', 'Specimen'))
    """
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

    >>> _write_minor(Decimal("123.45"), "EUR"), _read_minor("12345", "JPY")
    ('12345', Decimal('12345'))
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
            Converter("lines", _read_lines, _write_lines, is_list=True, pieces=_lines_apart, glue="\n"),
            Converter("hs-points", _read_points, _write_points),
            Converter("person-name", _read_name, _write_name, pieces=_first_and_last),
            Converter("minor-units", _read_minor, _write_minor, kind="number"),
        )
    }
)
