"""A record as its values: each with its path, with its element (the path without numbers) and the element's WCO ids.

>>> from gateway.model import Consignment, GoodsItem
>>> [each.path for each in values(Consignment(item_id="A", goods_items=(GoodsItem(hs_code="6911"),))).values()]
['item_id', 'goods_items[1].hs_code']
"""

import re
from collections.abc import Iterator
from functools import cache

import msgspec

from gateway.model import Record
from gateway.model.dictionary import fields, records
from gateway.steps.ground.source import text_of

_NUMBER = re.compile(r"\[\d+\]")


class Said(msgspec.Struct, frozen=True):
    """One value of a record or of a message: its path, the field of the model it is, the WCO ids of that."""

    path: str
    text: str
    field: str = ""
    wco: str = ""

    @property
    def element(self) -> str:
        """The path without numbers: one line of the model, one element of a message."""
        return element(self.path)


def element(path: str) -> str:
    """A path without numbers.

    >>> element("goods_items[2].value")
    'goods_items.value'
    """
    return _NUMBER.sub("", path)


def values(record: Record) -> dict[str, Said]:
    """Every value of a record by its path, in the order of the model."""
    return {said.path: said for said in _walk(record, "")}


def decoded(kind: str, encoded: bytes) -> dict[str, Said]:
    """The values of a record as the steps keep it: its kind in small letters, the record as JSON."""
    return values(msgspec.json.decode(encoded, type=_kinds()[kind])) if encoded else {}


@cache
def _kinds() -> dict[str, type[Record]]:
    return {name.lower(): record for name, record in records().items()}


def _walk(record: Record, above: str) -> Iterator[Said]:
    for name, field in fields(type(record)).items():
        value, path = getattr(record, name), f"{above}{name}"
        if value in (None, (), {}):
            continue
        if field.kind == "map":
            yield from (Said(f"{path}.{key}", text_of(each), element(path)) for key, each in value.items())
        elif field.kind != "record":
            yield Said(path, text_of(value), element(path), " ".join(field.wco))
        elif field.is_list:
            for number, entry in enumerate(value, 1):
                yield from _walk(entry, f"{path}[{number}].")
        else:
            yield from _walk(value, f"{path}.")
