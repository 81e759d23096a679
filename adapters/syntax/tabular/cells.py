"""What spreadsheets do to cells, and how far it can be undone.

Day numbers become dates, codes that were turned into numbers lose their point, decimal commas become points where the
header table says so. What may be an attack or a loss is told, never guessed away. Sources: ECMA-376-1 §18.17.4.1 (day
numbers count from 1899-12-30 for all days since March 1900); OWASP, CSV Injection.

>>> mended("45931", "date").text, mended("1012.0", "code").text, mended('="0123"', "text").text
('2025-10-01', '1012', '0123')
>>> mended("2,75", "number", comma=True).text, mended("=1+1", "text").code, mended("+44 20 7946", "text").code
('2.75', 'SRC415', '')
"""

import re
from collections.abc import Callable, Mapping
from datetime import date, datetime, timedelta

import msgspec

_EPOCH = datetime(1899, 12, 30)  # noqa: DTZ001 - days of a calendar
_SERIAL = re.compile(r"[2-7]\d{4}(?:\.\d+)?", re.ASCII)  # 1954 to 2119
_WHOLE = re.compile(r"(\d+)\.0+", re.ASCII)
_QUOTED = re.compile(r'="([^"]*)"')
_FORMULA = re.compile(r"=|[+\-@].*(?:[A-Za-z]\w*\s*\(|\|.*!)", re.DOTALL)
_COMMA = re.compile(r"[+-]?\d+,\d+", re.ASCII)
_CONTROL = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f]")
LEADS = frozenset("=+-@")
_DOUBTED = LEADS | {"'"}
_NUMBER = re.compile(r"[+-]?\d+(?:\.\d+)?", re.ASCII)


class Mended(msgspec.Struct, frozen=True):
    """A text as it is read, and the code of what was done or is wrong."""

    text: str
    code: str = ""


def mended(text: str, kind: str, *, comma: bool = False) -> Mended:
    """A cell that is not empty, read as the kind of its column."""
    if text[0] == "'" and text[1:2] in LEADS:  # how a formula is written as text
        return mended(text[1:], kind, comma=comma)
    if quoted := _QUOTED.fullmatch(text):  # the way to keep leading zeros
        return Mended(quoted[1])
    if _FORMULA.match(text) or _CONTROL.search(text):
        return Mended(text, "SRC415" if _FORMULA.match(text) else "SRC426")
    return _MENDERS.get("comma" if comma else kind, Mended)(text)


def _date(text: str) -> Mended:
    return Mended(day(float(text)), "SRC416") if _SERIAL.fullmatch(text) else Mended(text)


def _code(text: str) -> Mended:
    return Mended(whole[1], "SRC417") if (whole := _WHOLE.fullmatch(text)) else Mended(text)


def _comma(text: str) -> Mended:
    return Mended(text.replace(",", ".") if _COMMA.fullmatch(text) else text)


_MENDERS: Mapping[str, Callable[[str], Mended]] = {"date": _date, "code": _code, "comma": _comma}


def clean(text: str, kind: str, *, comma: bool) -> bool:
    """Whether `mended` surely has nothing to do."""
    if text[0] in _DOUBTED or not text.isprintable():
        return False
    if kind == "text":
        return True
    if kind == "date":
        return len(text) == 10 and text[4] == "-"
    return not comma if kind == "number" else "." not in text


def guarded(text: str) -> str:
    """A text as it can be written into a cell: what would be a formula is told to be text.

    >>> guarded("=1+1"), guarded("-5"), guarded("@home"), guarded("Jean")
    ("'=1+1", '-5', "'@home", 'Jean')
    """
    return f"'{text}" if text[:1] in LEADS and not _NUMBER.fullmatch(text) else text


def day(serial: float) -> str:
    """The day, or the day and time to the second, of a day number."""
    moment = _EPOCH + timedelta(days=serial)
    if serial == int(serial):
        return moment.date().isoformat()
    return (moment + timedelta(microseconds=500_000)).replace(microsecond=0).isoformat()


def shown(value: object) -> str:
    """The cell of a sheet as text: numbers as short as they are, days in ISO 8601.

    >>> shown(1.0), shown(0.065), shown(3.40434763452009e17), shown(True), shown(date(2025, 10, 1))
    ('1', '0.065', '3.40434763452009E+17', 'true', '2025-10-01')
    """
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, float):
        whole = value.is_integer() and abs(value) < 1e15  # digits that a spreadsheet keeps
        return str(int(value)) if whole else repr(value).upper().replace("E+0", "E+")
    if isinstance(value, datetime):
        return value.date().isoformat() if value.time() == datetime.min.time() else value.isoformat()
    return value.isoformat() if isinstance(value, date) else str(value)
