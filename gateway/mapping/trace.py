"""A trace: each value of one item with its place in the message, its place in the model and the row that carries it."""

from typing import Any

import msgspec

from gateway.findings.finding import Finding, Row
from gateway.mapping.protocols import Span


class Entry(msgspec.Struct, frozen=True):
    """One value: `item/content-piece[2]/value` is `goods_items[2].value`.

    `wco_ids` is the chain of class and element ids from the grammar; `note` says what was done to the text (default,
    converted, cut).
    """

    message_path: str
    model_path: str
    text: str
    row: Row
    span: Span | None = None
    wco_ids: tuple[str, ...] = ()
    note: str = ""


class Trace(msgspec.Struct, frozen=True):
    """What one item says, value by value, in message order."""

    record: Any
    entries: tuple[Entry, ...]
    findings: tuple[Finding, ...] = ()
