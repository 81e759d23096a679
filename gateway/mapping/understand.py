"""Text to value: what one row makes of the texts of its elements. Shared by the compiled reader and its twin.

`understood` is strict about everything that could change a meaning and keeps what it can: an unknown code stays as it
came, with a finding.
"""

from collections.abc import Callable, Mapping
from decimal import Decimal
from typing import Any

from gateway.checks.converters import CONVERTERS
from gateway.checks.currencies import NO_CURRENCY
from gateway.mapping.codelist import ANY
from gateway.mapping.model import kind_of
from gateway.mapping.plan import BESIDE, REST, Ref, Value
from gateway.mapping.texts import COUNT, NUMBER
from gateway.mapping.trouble import Refused, Trouble
from gateway.model import Amount, Measure, Record
from gateway.model.dictionary import fields
from gateway.model.moment import KINDS, Moment, parse

_FLAGS = {"1": True, "true": True, "0": False, "false": False}


def joined(value: Value, texts: tuple[str | None, ...]) -> str:
    """The texts of a sum as one. Raises: Refused where a piece is missing or has not the width that takes it apart."""
    if len(texts) == 1:
        return texts[0] or ""
    if value.converter:
        return CONVERTERS[value.converter].glue.join(text for text in texts if text)
    for at, text in enumerate(texts):
        follows = any(texts[at + 1 :])
        width = value.split[at] if at < len(value.split) else REST
        if follows and len(text or "") != width:
            raise Refused("SRC268", value="".join(t or "" for t in texts))
        if width != REST and len(text or "") > width:
            raise Refused("SRC268", value="".join(t or "" for t in texts))
    return "".join(text or "" for text in texts)


def understood(value: Value, text: str, beside: Mapping[str, str | None], said: list[Trouble]) -> Any:
    """The value that a text stands for; what is doubtful is added to `said`. Raises: Refused."""
    if value.none is not None and text == value.none:
        return nothing(value)
    if value.codes is not None and (role := BESIDE.get(value.kind)):
        beside = {**beside, role: _coded(value, there, said) if (there := beside.get(role)) else there}
    elif value.codes is not None:
        text = _coded(value, text, said)
    if value.converter:
        return _converted(value, text, beside)
    return _PARSERS[value.kind](value, text, beside, said)


def along(value: Value, text: str) -> tuple[str, ...]:
    """What a code list sets along with a code."""
    assert value.codes is not None
    return value.codes.along.get(text) or value.codes.along.get(ANY) or ("",) * len(value.codes.columns)


def set_along(value: Value, ref: Ref, record: type[Record], cell: str) -> Any:
    """A cell beside a code, as a value of the kind its field has. Raises: Refused."""
    kind = None if ref.key else kind_of(fields(record)[ref.field])
    return understood(Value(value.number, value.row, "", "", kind=kind or "text"), cell, {}, [])


def nothing(value: Value) -> Any:
    """Declared as none, which is not the same as missing."""
    if value.kind == "amount":
        return Amount(Decimal(0), NO_CURRENCY)
    if value.kind == "measure":
        return Measure(Decimal(0))
    return {"number": Decimal(0), "count": 0, "flag": False}.get(value.kind, "")


def flag(text: str) -> bool:
    """xs:boolean. Raises: Refused."""
    if text not in _FLAGS:
        raise Refused("SRC266", value=text)
    return _FLAGS[text]


def _coded(value: Value, text: str, said: list[Trouble]) -> str:
    assert value.codes is not None
    found = value.codes.read.get(text)
    if found is None:
        said.append(Trouble("SRC259", {"value": text, "list": value.codes.name}))
        return value.codes.read.get(ANY) or text
    return found


def _converted(value: Value, text: str, beside: Mapping[str, str | None]) -> Any:
    converter = CONVERTERS[value.converter]
    currency = beside.get("currency") or value.currency
    try:
        found = converter.parse(text, currency)
    except (ValueError, ArithmeticError) as trouble:
        raise Refused("SRC274", value=text, converter=value.converter) from trouble
    return Amount(found, currency) if value.kind == "amount" else found


def _text(_: Value, text: str, __: Mapping[str, str | None], ___: list[Trouble]) -> str:
    return text


def _number(_: Value, text: str, __: Mapping[str, str | None], ___: list[Trouble]) -> Decimal:
    return _decimal(text)


def _decimal(text: str) -> Decimal:
    if not NUMBER.fullmatch(text):
        raise Refused("SRC260", value=text)
    return Decimal(text)


def _count(_: Value, text: str, __: Mapping[str, str | None], ___: list[Trouble]) -> int:
    if not COUNT.fullmatch(text):
        raise Refused("SRC260", value=text)
    return int(text)


def _amount(value: Value, text: str, beside: Mapping[str, str | None], _: list[Trouble]) -> Amount:
    currency = beside.get("currency") or value.currency
    number = _decimal(text)
    if not currency:
        raise Refused("SRC264", value=text)
    return Amount(number, currency)


def _measure(value: Value, text: str, beside: Mapping[str, str | None], _: list[Trouble]) -> Measure:
    unit = beside.get("unit") or value.unit
    number = _decimal(text)
    if not unit:
        raise Refused("SRC265", value=text)
    return Measure(number, unit)


def _moment(value: Value, text: str, beside: Mapping[str, str | None], said: list[Trouble]) -> Moment:
    kind = beside.get("date") or value.date or "any"
    found = parse(text, kind) if kind in KINDS else None
    if found is None:
        found = parse(text, "any")
        if found is None:
            raise Refused("SRC261", value=text)
        said.append(Trouble("SRC262", {"value": text, "form": kind}))
    return found


def _flag(_: Value, text: str, __: Mapping[str, str | None], ___: list[Trouble]) -> bool:
    return flag(text)


_PARSERS: dict[str, Callable[[Value, str, Mapping[str, str | None], list[Trouble]], Any]] = {
    "text": _text,
    "number": _number,
    "count": _count,
    "amount": _amount,
    "measure": _measure,
    "moment": _moment,
    "flag": _flag,
}
