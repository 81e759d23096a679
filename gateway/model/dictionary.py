"""The model as a dictionary: what each field of each record is, read from the annotations.

>>> fields(Product)["hs_code"].wco
('145',)
>>> at(Consignment, "goods_items.value").kind
'amount'
"""

import types
import typing
from collections.abc import Mapping
from decimal import Decimal
from functools import cache
from typing import Any, Literal

import msgspec

from gateway.model.consignment import Consignment
from gateway.model.decision import Decision
from gateway.model.goods import Product
from gateway.model.message import Message
from gateway.model.moment import Moment
from gateway.model.movement import Movement
from gateway.model.quantities import Amount, Measure
from gateway.model.wco import Record, Wco

Kind = Literal["text", "count", "number", "measure", "amount", "moment", "flag", "record", "map"]

_KINDS: dict[Any, Kind] = {
    str: "text",
    int: "count",
    Decimal: "number",
    Measure: "measure",
    Amount: "amount",
    Moment: "moment",
    bool: "flag",
    dict: "map",
}
ROOTS: tuple[type[Record], ...] = (Message, Movement, Consignment, Decision, Product)


class FieldInfo(msgspec.Struct, frozen=True):
    """One field: its kind (of each entry, in a list), its record where the kind is `record`, its WCO ids and format."""

    name: str
    kind: Kind
    record: type[Record] | None
    is_list: bool
    wco: tuple[str, ...]
    format: str
    code_list: str
    derived: bool


@cache
def fields(record: type[Record]) -> Mapping[str, FieldInfo]:
    """The fields of a record, in order of the model."""
    hints = typing.get_type_hints(record, include_extras=True)
    return types.MappingProxyType({name: _info(name, hints[name]) for name in record.__struct_fields__})


@cache
def records() -> Mapping[str, type[Record]]:
    """Every record of the model by its name, roots first."""
    found: dict[str, type[Record]] = {}
    ahead = list(ROOTS)
    while ahead:
        record = ahead.pop(0)
        if record.__name__ not in found:
            found[record.__name__] = record
            ahead += [field.record for field in fields(record).values() if field.record is not None]
    return types.MappingProxyType(found)


def at(record: type[Record], path: str) -> FieldInfo | None:
    """The field that a plain dotted path leads to (`goods_items.value`), None where there is none."""
    *ahead, last = path.split(".")
    for step in ahead:
        field = fields(record).get(step)
        if field is None or field.record is None:
            return None
        record = field.record
    return fields(record).get(last)


def _info(name: str, hint: Any) -> FieldInfo:
    wco = Wco()
    if typing.get_origin(hint) is typing.Annotated:
        hint, wco = typing.get_args(hint)[:2]
    bare = _without_none(hint)
    is_list = typing.get_origin(bare) is tuple
    entry = typing.get_args(bare)[0] if is_list else typing.get_origin(bare) or bare
    is_record = isinstance(entry, type) and issubclass(entry, Record)
    return FieldInfo(
        name=name,
        kind="record" if is_record else _KINDS[entry],
        record=entry if is_record else None,
        is_list=is_list,
        wco=tuple(wco.ids.split()),
        format=wco.format,
        code_list=wco.code_list,
        derived=wco.derived,
    )


def _without_none(hint: Any) -> Any:
    if isinstance(hint, types.UnionType) or typing.get_origin(hint) is typing.Union:
        return next(part for part in typing.get_args(hint) if part is not types.NoneType)
    return hint
