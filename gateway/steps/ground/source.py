"""Where in the sender's bytes a value stands: by the traced twin while the bytes are there, by kept places afterwards.

The places of an item are written when its raw bytes are purged: paths, lines, offsets and rows, but no values. The
value itself is in the accepted record, as long as that is kept.
"""

import re
from collections.abc import Iterable, Mapping
from typing import Any

import msgspec
from sqlalchemy import Connection, select

from gateway.findings import Finding
from gateway.findings.errors import MappingInvalid
from gateway.journal import schema
from gateway.journal.blobs import BlobGone
from gateway.mapping.format import Format
from gateway.mapping.protocols import Item, Opening, Slice, Span
from gateway.mapping.trace import Entry, Trace
from gateway.model import Consignment, Decision
from gateway.ruleset.archive import RulesetMissing
from gateway.steps.ground.gate import Gate
from gateway.steps.ground.places import place
from gateway.transport.names import shown

RECORDS = msgspec.json.Decoder(Consignment)
DECISIONS = msgspec.json.Decoder(Decision)
GONE = (BlobGone, FileNotFoundError)  # purged, or lost with the disk
i, x, f = schema.item, schema.interchange, schema.file
PLACES = msgspec.json.Decoder(tuple[Entry, ...])


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
    except (*GONE, msgspec.DecodeError):  # of a restored journal: its bytes were erased since
        return None


def said_in(gate: Gate, conn: Connection, row: Mapping[Any, Any]) -> Decision:
    """What customs said in a decision of the journal. Raises one of GONE."""
    return DECISIONS.decode(gate.blobs.read(conn, row["record_blob"], row["record_offset"], row["record_length"]))


def raw_of(gate: Gate, conn: Connection, row: Mapping[Any, Any]) -> bytes | None:
    """The bytes of an item as they came, or None once they are purged or erased."""
    if row["erased_at"] is not None:
        return None
    try:
        return gate.blobs.read(conn, row["blob"], row["offset"], row["length"])
    except GONE:
        return None


def places(gate: Gate, conn: Connection, row: Mapping[Any, Any]) -> tuple[Entry, ...]:
    """The place of every value of an item, under the ruleset it was read with; none when all of that is gone."""
    raw = raw_of(gate, conn, row)
    try:
        if raw is not None:
            return entries(gate, row, raw)
        if row["places_blob"] is None:
            return ()
        return PLACES.decode(gate.blobs.read(conn, row["places_blob"], row["places_offset"], row["places_length"]))
    except (*GONE, RulesetMissing, MappingInvalid):
        return ()


def table_of(gate: Gate, row: Mapping[Any, Any]) -> Format:
    """The table that an item was read by. Raises: RulesetMissing, MappingInvalid."""
    return gate.registry(row["ruleset"]).format(row["format"], row["received_at"].date())


def sheet(found: Iterable[Entry]) -> bytes:
    """Places without values, as they are kept."""
    return msgspec.json.encode([msgspec.structs.replace(entry, text="") for entry in found if entry.span])


def entries(gate: Gate, row: Mapping[Any, Any], raw: bytes) -> tuple[Entry, ...]:
    """The traced reading of an item's bytes."""
    source = table_of(gate, row)
    opening = Opening(row["number"], row["head"], row["tail"], Span(0, len(row["head"]), 1))
    at = Slice(row["number"], row["seq"], row["offset"], row["length"], row["line"], 1)
    for item in source.syntax.items(opening, at, raw, source.plan, gate.limits(row["connection"])):
        if isinstance(item, Item):
            return source.trace_read(item, raw, opening).entries
    return ()


def placed(finding: Finding, known: tuple[Entry, ...], row: Mapping[Any, Any]) -> Finding:
    """A finding about an item with its place in the sender's file."""
    span = Span(row["offset"], row["length"], row["line"] or 1)
    return place(finding, Trace(None, known), span, shown(row["name"]))


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
