r"""Texts in one line: a schema of customs takes no line break (pattern `.*[^\s].*`, WCO Data Model data types).

A line break in a description or an address only says how the sender's text was laid out: a blank stands for it, and a
note says so.

>>> from gateway.model import GoodsItem
>>> said, (note,) = in_one_line(Consignment(goods_items=(GoodsItem(description="Mug,\n  glazed"),)))
>>> said.goods_items[0].description, note.code, note.model_path
('Mug, glazed', 'TGT566', 'goods_items[1].description')
"""

from collections.abc import Iterator
from typing import Any

import msgspec

from gateway.findings import Finding
from gateway.model import Consignment

BREAKS = ("\n", "\r")
ENCODED = (b"\\n", b"\\r")
ENCODER = msgspec.json.Encoder()
NOTE = "TGT566"


def in_one_line(record: Consignment) -> tuple[Consignment, tuple[Finding, ...]]:
    """The record without line breaks, and a note for each text that had one."""
    text = ENCODER.encode(record)
    if not any(each in text for each in ENCODED):
        return record, ()
    plain = msgspec.to_builtins(record)
    notes = tuple(Finding(NOTE, "info", model_path=path) for path in _broken(plain, ""))
    return msgspec.convert(_joined(plain), Consignment), notes


def _broken(value: Any, path: str) -> Iterator[str]:
    if isinstance(value, str) and any(each in value for each in BREAKS):
        yield path
    elif isinstance(value, dict):
        for name, inner in value.items():
            yield from _broken(inner, f"{path}.{name}" if path else name)
    elif isinstance(value, list | tuple):
        for number, inner in enumerate(value, start=1):
            yield from _broken(inner, f"{path}[{number}]")


def _joined(value: Any) -> Any:
    if isinstance(value, str):
        return " ".join(value.split()) if any(each in value for each in BREAKS) else value
    if isinstance(value, dict):
        return {name: _joined(inner) for name, inner in value.items()}
    return [_joined(inner) for inner in value] if isinstance(value, list | tuple) else value
