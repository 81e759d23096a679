"""What compiled readers call for what is too rare to be spelled out: sums, alternatives, converters, outer facts."""

from datetime import datetime
from decimal import Decimal
from operator import methodcaller
from typing import Any

from gateway.mapping.codelist import ANY
from gateway.mapping.outer import Outer
from gateway.mapping.plan import Plan, Value
from gateway.mapping.trouble import Refused, Trouble
from gateway.mapping.twin.matching import child_of
from gateway.mapping.understand import along, joined, set_along, understood
from gateway.model import Moment
from gateway.model.dictionary import fields, records
from gateway.model.moment import parse


class _End:
    """Behind the last child."""

    tag = tail = None


END = _End()


class Numbers(dict[str, Decimal]):
    """Numbers by their text: the same weights and prices come again and again."""

    def __missing__(self, text: str) -> Decimal:
        if len(self) >= MANY:
            self.clear()
        found = self[text] = Decimal(text)
        return found


MANY = 20_000  # then it begins anew: memory stays bounded whatever comes


class Doubt(ValueError):
    """The twin must look at this."""


def settled(value: Value, choices: tuple[tuple[str | None, ...], ...], **beside: tuple[str | None, ...]) -> Any:
    """The value that the texts of a row stand for; None where there are none. Raises: Doubt."""
    choice = next((at for at, texts in enumerate(choices) if any(texts)), None)
    if choice is None:
        if any(any(texts) for texts in beside.values()):
            raise Doubt
        return None
    if any(any(texts) for texts in choices[choice + 1 :]):
        raise Doubt
    said: list[Trouble] = []
    try:
        text = joined(value, choices[choice])
        found = (
            understood(value, text, {role: texts[choice] for role, texts in beside.items()}, said)
            if value.refs
            else None
        )
    except Refused as refused:
        raise Doubt from refused
    if said or value.kind == "position" or (value.constant is not None and text != value.constant):
        raise Doubt
    return found


def moment(text: str, kind: str) -> Moment:
    """A moment; ISO 8601 as it is written most is told by writing it again. Raises: ValueError."""
    if kind == "iso" and len(text) > 10 and datetime.fromisoformat(text).isoformat() == text:
        return Moment(text)
    found = parse(text, kind)
    if found is None:
        raise Doubt
    return found


def attributes_of(body: Any) -> int:
    """How many attributes an element and all below it have."""
    return sum(map(len, map(_KEYS, body.iter())))


_KEYS = methodcaller("keys")


def outside(body: Any, outer: Outer) -> str | None:
    """The text of an outer fact."""
    for _ in range(outer.up):
        body = body.getparent()
    for step in outer.down:
        body = child_of(body, step)
    if body is None:
        return None
    text = (body.get(outer.attribute) if outer.attribute else body.text) or ""
    return text.strip() or None


def coded(plan: Plan, value: Value) -> dict[str, Any]:
    """A code list as the compiled code looks it up: model code, or model code and what is set along."""
    assert value.codes is not None
    read = {code: model for code, model in value.codes.read.items() if code != ANY}
    if not any(value.along):
        return dict(read)
    found: dict[str, Any] = {}
    for code, model in read.items():
        cells = zip(value.along, along(value, code), strict=True)
        found[code] = (model, *(_cell(plan, ref, cell, value) for ref, cell in cells if ref is not None))
    return found


def _cell(plan: Plan, ref: Any, cell: str, value: Value) -> Any:
    if not cell:
        return None
    record = records()[plan.scopes[ref.scope].record]
    for hop in ref.hops:
        record = fields(record)[hop.names[0]].record or record
    return set_along(value, ref, record, cell)
