"""Value to text: how one row writes a value. Shared by the compiled writer and its twin.

Mass is converted once, here, exactly or rounded half up to what the grammar allows, with a note; money is never rounded
without `cut: true`; nothing is cut in silence.
"""

from collections.abc import Callable
from decimal import MAX_PREC, ROUND_HALF_UP, Context, Decimal
from typing import Any

import msgspec

from gateway.checks.converters import CONVERTERS
from gateway.checks.currencies import NO_CURRENCY
from gateway.mapping.grammar import Node
from gateway.mapping.plan import BESIDE, REST, Value
from gateway.mapping.trouble import Refused, Trouble
from gateway.mapping.units import convert
from gateway.model import Amount, Measure
from gateway.model.moment import Moment, loses, render

# The forms of a moment's own precision, where the message says beside it which one it is: the first it knows.
BY_PRECISION = {"aware": ("304", "iso"), "local": ("204", "203", "iso"), "date": ("102", "iso")}
_WIDE = Context(prec=MAX_PREC)  # however many digits somebody has said


class Expressed(msgspec.Struct, frozen=True):
    """The text of a value and what stands beside it: unit, currency, date form."""

    text: str
    beside: dict[str, str] = {}


def expressed(
    value: Value, node: Node | None, found: Any, said: list[Trouble], forms: tuple[str, ...] = ()
) -> Expressed:
    """How a value is written; notes are added to `said`.

    `forms` are the date forms that the message knows. Raises: Refused.
    """
    if value.none is not None and _is_none(found):
        return Expressed(value.none)
    if value.converter:
        return _converted(value, found)
    if isinstance(found, Moment):
        return _moment(value, found, said, forms)
    done = _WRITERS.get(type(found), _text)(value, node, found, said)
    role = BESIDE.get(value.kind)
    if value.codes is not None and role is not None and done.beside.get(role):
        return Expressed(done.text, {role: _coded(value, done.beside[role])})
    return done


def pieces(value: Value, text: str, count: int) -> tuple[str, ...]:
    """A text taken apart over the elements of a sum. Raises: Refused."""
    if count == 1:
        return (text,)
    if value.converter and (cut := CONVERTERS[value.converter].pieces):
        found = cut(text)
        if len(found) > count:
            raise Refused("TGT511", element=value.key, count=len(found), most=count)
        return (*found, *("",) * (count - len(found)))
    parts: list[str] = []
    rest = text
    for width in (*value.split, *(REST,) * count)[:count]:
        parts.append(rest if width == REST else rest[:width])
        rest = "" if width == REST else rest[width:]
    if rest:
        raise Refused("TGT502", value=text, length=len(text), longest=sum(value.split))
    return tuple(parts)


def plain(number: Decimal) -> str:
    """Digits and a point, never an exponent."""
    return f"{number:f}"


def _unless(usual: str, role: str, text: str) -> dict[str, str]:
    """What stands beside, left out where it is what its absence means (`unit: "@unitCode | KGM"`)."""
    return {} if text == usual else {role: text}


def _is_none(found: Any) -> bool:
    if isinstance(found, Amount):
        return found.currency == NO_CURRENCY
    return found is not None and (found == "" or (isinstance(found, Measure) and not found.value))


def _converted(value: Value, found: Any) -> Expressed:
    converter = CONVERTERS[value.converter]
    amount, currency = (found.amount, found.currency) if isinstance(found, Amount) else (found, value.currency)
    try:
        return Expressed(converter.format(amount, currency), {"currency": currency} if currency else {})
    except (ValueError, ArithmeticError) as trouble:
        raise Refused("TGT507", value=amount, reason=value.converter) from trouble


def _text(value: Value, node: Node | None, found: Any, said: list[Trouble]) -> Expressed:
    text = str(found)
    if value.codes is not None:
        return Expressed(_coded(value, text))
    longest = node.form.longest if node else None
    if value.cut and longest is not None and len(text) > longest and value.pieces == (1,):
        said.append(Trouble("TGT512", {"value": text, "longest": str(longest)}))
        return Expressed(text[:longest].rstrip())
    return Expressed(text)


def _flag(_: Value, node: Node | None, found: bool, __: list[Trouble]) -> Expressed:
    """The first word of the grammar's list that says it, else `true` or `false`."""
    words = ("1", "true") if found else ("0", "false")
    listed = node.values if node else ()
    return Expressed(next((word for word in listed if word in words), words[1]))


def _number(value: Value, node: Node | None, found: Decimal, said: list[Trouble]) -> Expressed:
    return Expressed(_unrounded(value, node, found, said))


def _amount(value: Value, node: Node | None, found: Amount, said: list[Trouble]) -> Expressed:
    if value.currency and "currency" not in value.beside and found.currency != value.currency:
        raise Refused("TGT507", value=found.currency, reason=value.currency)
    return Expressed(_unrounded(value, node, found.amount, said), _unless(value.currency, "currency", found.currency))


def _coded(value: Value, text: str) -> str:
    assert value.codes is not None
    found = value.codes.written.get(text)
    if found is None:
        raise Refused("TGT508", value=text, list=value.codes.name)
    return found


def _unrounded(value: Value, node: Node | None, amount: Decimal, said: list[Trouble]) -> str:
    """Money and counted things as they are."""
    decimals = _decimals(node)
    if decimals is None or _fits(amount, decimals):
        return plain(_shortened(amount, decimals))
    if not value.cut:
        raise Refused("TGT505", value=plain(amount), decimals=decimals)
    return _rounded(node, amount, said)


def _mass(value: Value, node: Node | None, found: Measure, said: list[Trouble]) -> Expressed:
    number = found.value
    if "unit" in value.beside:
        return Expressed(_rounded(node, number, said), _unless(value.unit, "unit", found.unit))
    if value.unit and value.unit != found.unit:
        try:
            number = convert(number, found.unit, value.unit)
        except KeyError as trouble:
            raise Refused("TGT510", value=plain(number), unit=found.unit, wanted=value.unit) from trouble
        said.append(Trouble("TGT518", {"value": plain(found.value), "unit": found.unit, "wanted": value.unit}))
    return Expressed(_rounded(node, number, said), {"unit": value.unit or found.unit})


def _rounded(node: Node | None, number: Decimal, said: list[Trouble]) -> str:
    decimals = _decimals(node)
    if decimals is None or _fits(number, decimals):
        return plain(_shortened(number, decimals))
    found = number.quantize(Decimal(1).scaleb(-decimals), ROUND_HALF_UP, _WIDE)
    said.append(Trouble("TGT513", {"value": plain(number), "written": plain(found)}))
    return plain(found)


def _fits(number: Decimal, decimals: int) -> bool:
    return number == number.quantize(Decimal(1).scaleb(-decimals), ROUND_HALF_UP, _WIDE)


def _shortened(number: Decimal, decimals: int | None) -> Decimal:
    """Zeros after the point that the grammar has no room for say nothing."""
    exponent = number.as_tuple().exponent
    if decimals is None or not isinstance(exponent, int) or -exponent <= decimals:
        return number
    return number.quantize(Decimal(1).scaleb(-decimals), context=_WIDE)


def _moment(value: Value, found: Moment, said: list[Trouble], forms: tuple[str, ...]) -> Expressed:
    free = "date" in value.beside and not value.date
    kinds = BY_PRECISION[found.kind] if free else (value.date or "iso",)
    for kind in kinds:
        if forms and kind not in forms:
            continue
        text = render(found, kind)
        if text is not None:
            if loses(found, kind):
                said.append(Trouble("TGT516", {"value": found.iso, "written": text}))
            return Expressed(text, {"date": kind})
    raise Refused("TGT509", value=found.iso, form=" or ".join(forms or kinds))


def _decimals(node: Node | None) -> int | None:
    """How many digits may stand after the point; None where nothing is said of it."""
    if node is None:
        return None
    return 0 if node.form.kind == "n" and node.form.decimals is None else node.form.decimals


_WRITERS: dict[type, Callable[[Value, Node | None, Any, list[Trouble]], Expressed]] = {
    Amount: _amount,
    Measure: _mass,
    Decimal: _number,
    bool: _flag,
}
