"""Where in the sender's bytes a value stands: by the traced twin while the bytes are there, by kept places afterwards.

The places of an item are written when its raw bytes are purged: paths, lines, offsets and rows, but no values. The value
itself is in the accepted record, as long as that is kept.
"""

import re
from collections.abc import Iterable, Mapping
from typing import Any

import msgspec
from sqlalchemy import Connection, select

from gateway.findings import Finding, Position, Row
from gateway.journal import schema
from gateway.journal.blobs import BlobGone
from gateway.mapping.protocols import Item, Opening, Slice, Span
from gateway.mapping.trace import Entry
from gateway.model import Consignment
from gateway.steps.gate import Gate

RECORDS = msgspec.json.Decoder(Consignment)
i, x, f = schema.item, schema.interchange, schema.file


class Place(msgspec.Struct, frozen=True, array_like=True):
    """One value's place: model path, message path, line, offset and length in the file, row of the table."""

    model_path: str
    message_path: str
    line: int
    offset: int
    length: int
    row: Row


PLACES = msgspec.json.Decoder(list[Place])


def item_row(conn: Connection, item: str) -> Mapping[Any, Any]:
    """An item with what is needed to read it again."""
    columns = (
        *i.c, x.c.sender, x.c.seq.label("number"), x.c.head, x.c.tail, f.c.connection, f.c.name, f.c.format,
        f.c.received_at, f.c.blob,
    )  # fmt: skip
    found = select(*columns).join(x, x.c.id == i.c.interchange).join(f, f.c.id == i.c.file).where(i.c.id == item)
    return conn.execute(found).mappings().one()


def record_of(gate: Gate, conn: Connection, row: Mapping[Any, Any]) -> Consignment | None:
    """The accepted record of an item, if it was understood and is still kept."""
    if row["record_blob"] is None:
        return None
    try:
        return RECORDS.decode(gate.blobs.read(conn, row["record_blob"], row["record_offset"], row["record_length"]))
    except BlobGone:
        return None


def raw_of(gate: Gate, conn: Connection, row: Mapping[Any, Any]) -> bytes | None:
    """The bytes of an item as they came, or None once they are purged."""
    try:
        return gate.blobs.read(conn, row["blob"], row["offset"], row["length"])
    except BlobGone:
        return None


def places(gate: Gate, conn: Connection, row: Mapping[Any, Any]) -> tuple[Place, ...]:
    """The place of every value of an item, under the ruleset it was read with."""
    raw = raw_of(gate, conn, row)
    if raw is not None:
        return tuple(_places(entries(gate, row, raw)))
    if row["places_blob"] is None:
        return ()
    return tuple(PLACES.decode(gate.blobs.read(conn, row["places_blob"], row["places_offset"], row["places_length"])))


def entries(gate: Gate, row: Mapping[Any, Any], raw: bytes) -> tuple[Entry, ...]:
    """The traced reading of an item's bytes."""
    source = gate.registry(row["ruleset"]).format(row["format"], row["received_at"].date())
    opening = Opening(row["number"], row["head"], row["tail"], Span(0, len(row["head"]), 1))
    at = Slice(row["number"], row["seq"], row["offset"], row["length"], row["line"], 1)
    for item in source.syntax.items(opening, at, raw, source.plan, gate.limits):
        if isinstance(item, Item):
            return source.trace_read(item, raw, opening).entries
    return ()


def _places(found: Iterable[Entry]) -> Iterable[Place]:
    return (
        Place(e.model_path, e.message_path, e.span.line, e.span.offset, e.span.length, e.row) for e in found if e.span
    )


def find(known: Iterable[Place], model_path: str) -> Place | None:
    """The place of a value; where a value is missing, the nearest element that could have held it."""
    by_path = {place.model_path: place for place in reversed(tuple(known))}
    path = model_path
    while path:
        inside = (p for m, p in by_path.items() if m.startswith((f"{path}.", f"{path}[")))
        found = by_path.get(path) or min(inside, key=lambda p: p.offset, default=None)
        if found is not None:
            return found
        path = path.rpartition(".")[0]
    return None


def placed(finding: Finding, known: Iterable[Place], file: str) -> Finding:
    """A finding with its place in the sender's file."""
    if finding.source is not None and finding.source.line is not None:
        return msgspec.structs.replace(finding, source=msgspec.structs.replace(finding.source, file=file))
    place = find(known, finding.model_path) if finding.model_path else None
    if place is None:
        return finding
    at = Position(file=file, line=place.line, offset=place.offset, length=place.length, path=place.message_path)
    return msgspec.structs.replace(finding, source=at, row=place.row)


def value_at(record: object, path: str) -> str:
    """The text of the value at a model path such as `goods_items[2].value`; "" where there is none."""
    value: object = record
    for name, index in re.findall(r"([a-z_]+)(?:\[(\d+)\])?", re.sub(r"\[[a-z_]+=[^\]]*\]", "", path)):
        value = getattr(value, name, None)
        if index and isinstance(value, tuple):
            value = value[int(index) - 1] if int(index) <= len(value) else None
    return "" if value is None else text_of(value)


def text_of(value: object) -> str:
    """A value as a person reads it."""
    if isinstance(value, msgspec.Struct):
        return " ".join(str(part) for part in msgspec.structs.astuple(value) if part not in ("", None, ()))
    return ", ".join(map(text_of, value)) if isinstance(value, tuple) else str(value)
