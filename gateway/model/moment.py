"""Moments: a date, a local time or an instant, as precise as it was said, with the text it was read from.

Kinds of text: `iso` (ISO 8601 extended), `iso-z` (the same with an offset; written in UTC), `iso-basic`, the UN/EDIFACT
2379 formats `102` `203` `204` `304`, and `any` (also the empty kind): all of these, RFC 5322, Java's `Date.toString`
and its lists of numbers. Sources: ISO 8601-1 §5; UN/EDIFACT 2379; WCO Data Model 3.6, where the zone of 304 has two
digits.

>>> parse("20260913174000+09", "304")
Moment(iso='2026-09-13T17:40:00+09:00', text='20260913174000+09')
>>> render(Moment("2026-09-13T17:40:00+05:30"), "304")
'20260913121000Z'
>>> parse("Wed Nov 13 00:00:00 UTC 2019", "any").iso
'2019-11-13T00:00:00Z'
>>> render(Moment("2026-09-13"), "304") is None
True
"""

import datetime as dt
import re
from collections.abc import Callable
from email.utils import parsedate_to_datetime
from typing import Literal

import msgspec


class Moment(msgspec.Struct, frozen=True, gc=False, omit_defaults=True):
    """`iso` is `2026-09-13`, `2026-09-13T17:40:00`, that with `Z` or `+09:00`; `text` is the original if it differs."""

    iso: str
    text: str = ""

    @property
    def kind(self) -> Literal["date", "local", "aware"]:
        if len(self.iso) == 10:
            return "date"
        return "aware" if self.iso[-1] == "Z" or self.iso[-6] in "+-" else "local"

    def date(self) -> dt.date:
        """The calendar day, in the moment's own offset."""
        return dt.date.fromisoformat(self.iso[:10])

    def datetime(self, zone: dt.tzinfo) -> dt.datetime:
        """The instant; a date begins at midnight; `zone` is that of a moment without an offset."""
        value = dt.datetime.fromisoformat(self.iso)
        return value if value.tzinfo else value.replace(tzinfo=zone)


def parse(text: str, kind: str = "any") -> Moment | None:
    """The moment that `text` says, None where it is not a text of that kind."""
    try:
        return _PARSERS[kind](text)
    except _NO_MOMENT:
        return None


def render(moment: Moment, kind: str = "iso") -> str | None:
    """The moment as a text of that kind; None where it is less precise than the kind demands: nothing is invented.

    A coarser kind keeps what fits (`loses` says so); full seconds are the only thing added. An instant of the first or
    last day of the calendar may have no name in UTC: None too.
    """
    if moment.text and parse(moment.text, kind) == moment:
        return moment.text
    try:
        return _RENDERERS[kind](moment)
    except OverflowError:
        return None


def loses(moment: Moment, kind: str) -> bool:
    """Whether a text of that kind says less than the moment: its time, its offset or parts of a second."""
    text = render(moment, kind)
    back = parse(text, kind) if text is not None else None
    return back is None or back.kind != moment.kind or back.datetime(dt.UTC) != moment.datetime(dt.UTC)


def _iso(text: str) -> Moment:
    if len(text) == 10:
        if text[4] != "-" or text[7] != "-":
            raise ValueError
        dt.date.fromisoformat(text)
        return Moment(text)
    if text[10] != "T":  # xs:date may carry a zone; a day has none here
        return Moment(_iso(text[:10]).iso, text) if _XS_ZONE.fullmatch(text, 10) else _fail()
    value = dt.datetime.fromisoformat(text)
    if _EXTENDED.fullmatch(text):
        return Moment(text)
    return Moment(_canonical(value), text)


def _iso_z(text: str) -> Moment:
    moment = _iso(text)
    return moment if moment.kind == "aware" else _fail()


def _digits(pattern: str, length: int) -> Callable[[str], Moment]:
    """Formats 102, 203, 204: digits only."""

    def read(text: str) -> Moment:
        if len(text) != length or not (text.isascii() and text.isdigit()):
            raise ValueError
        value = dt.datetime.strptime(text, pattern)  # noqa: DTZ007 - local by nature
        return Moment(value.date().isoformat() if length == 8 else value.isoformat(), text)

    return read


def _304(text: str) -> Moment:
    """CCYYMMDDHHMMSS and `Z`, `+hh` or, from other senders, `+hhmm`."""
    clock, zone = text[:14], text[14:]
    if not (clock.isascii() and clock.isdigit() and len(clock) == 14 and _ZONE.fullmatch(zone)):
        raise ValueError
    local = dt.datetime.strptime(clock, "%Y%m%d%H%M%S")  # noqa: DTZ007 - the zone follows
    return Moment(local.isoformat() + ("Z" if zone == "Z" else f"{zone[:3]}:{zone[3:] or '00'}"), text)


def _basic(text: str) -> Moment:
    """ISO 8601 basic: 20260913, 20260913T174000, 20260913T174000+0900."""
    if not _BASIC.fullmatch(text):
        raise ValueError
    if len(text) == 8:
        return Moment(dt.date.fromisoformat(text).isoformat(), text)
    return Moment(_canonical(dt.datetime.fromisoformat(text)), text)


def _words(text: str) -> Moment:
    """Java's `Wed Nov 13 00:00:00 UTC 2019`, or RFC 5322. A zone name that is ambiguous leaves a local time."""
    if java := _JAVA.fullmatch(text):
        month, day, clock, zone, year = java.groups()
        local = dt.datetime.strptime(f"{year} {month} {day} {clock}", "%Y %b %d %H:%M:%S")  # noqa: DTZ007
        return Moment(local.isoformat() + ("Z" if zone in {"UTC", "GMT", "Z"} else ""), text)
    return Moment(_canonical(parsedate_to_datetime(text)), text)


def _any(text: str) -> Moment:
    clean = text.strip()
    for reader in _ALL:
        try:
            moment = reader(clean)
        except _NO_MOMENT:
            continue
        return Moment(moment.iso, "" if moment.iso == text else text)
    return _fail()


def _spaced(text: str) -> Moment:
    """2026-09-13 17:40:00."""
    if text[10] != " ":
        raise ValueError
    return _iso(f"{text[:10]}T{text[11:].replace(' ', '')}")


def _numbers(text: str) -> Moment:
    """[2026,9,13,17,40,0,284070396]: year to seconds as far as they are said, then parts of 1,000,000,000."""
    if not _LIST.fullmatch(text):
        raise ValueError
    year, month, day, *clock = (int(number) for number in text[1:-1].split(","))
    if not clock:
        return Moment(dt.date(year, month, day).isoformat(), text)
    hour, minute, second, nanosecond = (*clock, 0, 0, 0)[:4]
    return Moment(dt.datetime(year, month, day, hour, minute, second, nanosecond // 1000).isoformat(), text)  # noqa: DTZ001


def _canonical(value: dt.datetime) -> str:
    text = value.isoformat()
    return text[:-6] + "Z" if text.endswith("+00:00") else text


def _fail() -> Moment:
    raise ValueError


def _write(pattern: str, *, timed: bool) -> Callable[[Moment], str | None]:
    def write(moment: Moment) -> str | None:
        if timed and moment.kind == "date":
            return None
        return _formatted(dt.datetime.fromisoformat(moment.iso), pattern)

    return write


def _formatted(value: dt.datetime, pattern: str) -> str:
    """`strftime`, with four digits for every year: the C library gives year 999 three."""
    return value.strftime(pattern.replace("%Y", f"{value.year:04}"))


def _write_304(moment: Moment) -> str | None:
    if moment.kind != "aware":
        return None
    value = dt.datetime.fromisoformat(moment.iso)
    offset = value.utcoffset()
    assert offset is not None
    if not offset or offset.total_seconds() % 3600:  # +05:30 is not expressible
        return _formatted(value.astimezone(dt.UTC), "%Y%m%d%H%M%SZ")
    return _formatted(value, "%Y%m%d%H%M%S%z")[:17]


def _write_utc(moment: Moment) -> str | None:
    if moment.kind != "aware":
        return None
    if moment.iso[-1] == "Z":
        return moment.iso
    return _canonical(dt.datetime.fromisoformat(moment.iso).astimezone(dt.UTC))


def _write_basic(moment: Moment) -> str | None:
    if moment.kind == "date":
        return moment.iso.replace("-", "")
    value = dt.datetime.fromisoformat(moment.iso)
    zone = "Z" if moment.iso[-1] == "Z" else "%z"
    return _formatted(value, f"%Y%m%dT%H%M%S{zone if moment.kind == 'aware' else ''}")


_NO_MOMENT = (ValueError, IndexError, OverflowError)  # what parsers raise on other texts; the last for huge numbers
_ZONE = re.compile(r"Z|[+-]\d\d(\d\d)?", re.ASCII)
_XS_ZONE = re.compile(r"Z|[+-]\d\d:\d\d", re.ASCII)
_EXTENDED = re.compile(r".{10}T\d\d:\d\d(:\d\d(\.\d+)?)?(Z|[+-]\d\d:\d\d)?", re.ASCII)
_BASIC = re.compile(r"\d{8}(T\d{4}(\d\d)?(Z|[+-]\d\d(\d\d)?)?)?", re.ASCII)
_JAVA = re.compile(r"[A-Z][a-z]{2} ([A-Z][a-z]{2}) (\d\d?) (\d\d:\d\d:\d\d) (?:(\S{1,9}) )?(\d{4})", re.ASCII)
_LIST = re.compile(r"\[\d{4}(,\s*\d{1,2}){2,5}(,\s*\d{1,9})?\]", re.ASCII)

_PARSERS: dict[str, Callable[[str], Moment]] = {
    "iso": _iso,
    "iso-z": _iso_z,
    "iso-basic": _basic,
    "102": _digits("%Y%m%d", 8),
    "203": _digits("%Y%m%d%H%M", 12),
    "204": _digits("%Y%m%d%H%M%S", 14),
    "304": _304,
    "any": _any,
    "": _any,
}
_ALL = (*(_PARSERS[kind] for kind in ("iso", "304", "102", "204", "203", "iso-basic")), _spaced, _numbers, _words)
_RENDERERS: dict[str, Callable[[Moment], str | None]] = {
    "iso": lambda moment: moment.iso,
    "iso-z": _write_utc,
    "iso-basic": _write_basic,
    "102": _write("%Y%m%d", timed=False),
    "203": _write("%Y%m%d%H%M", timed=True),
    "204": _write("%Y%m%d%H%M%S", timed=True),
    "304": _write_304,
    "any": lambda moment: moment.iso,
    "": lambda moment: moment.iso,
}
KINDS = frozenset(_PARSERS) - {""}
