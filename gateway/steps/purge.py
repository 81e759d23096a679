"""Purge: bytes go when their time is over; hashes, references, states and the places of values stay.

Before raw bytes go, the place of every value of their items is written down (paths and lines, no values), so that a
decision that comes later can still be shown to the sender at its own element. Then: mark, unlink, say so; killed
between, the unlinking is done again, and what is gone already is done.
"""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, bindparam, select, update

from gateway.findings.failpoint import failpoint
from gateway.journal import schema
from gateway.steps import source
from gateway.steps.gate import Gate
from gateway.steps.settle import store_parts

ROUND = 64
OPEN = ("sighted", "fetching", "received")
b, f, i = schema.blob, schema.file, schema.item


def purge(gate: Gate) -> int:
    """Purge what is over its time; returns how many blobs."""
    retention, now = gate.hub.settings.retention, gate.now()
    due = _raw(gate, now - retention.raw)
    for file in due:
        _keep_places(gate, file)
    for kinds, age in ((("record", "places"), retention.record), (("filed", "answer", "envelope"), retention.filed)):
        due += _old(gate, kinds, now - age)
    return _purge(gate, [row["blob"] for row in due])


def _raw(gate: Gate, before: datetime) -> list[Mapping[Any, Any]]:
    """Files whose bytes are over their time, fully read, under no legal hold."""
    old = (
        select(f.c.id, f.c.blob, f.c.connection)
        .join(b, b.c.id == f.c.blob)
        .where(b.c.purging_at.is_(None), f.c.received_at < before, f.c.state.not_in(OPEN), f.c.legal_hold.is_(False))
        .limit(ROUND)
    )
    with gate.journal.read() as conn:
        return list(conn.execute(old).mappings())


def _old(gate: Gate, kinds: Sequence[str], before: datetime) -> list[Mapping[Any, Any]]:
    aged = select(b.c.id.label("blob")).where(b.c.kind.in_(kinds), b.c.stored_at < before, b.c.purging_at.is_(None))
    with gate.journal.read() as conn:
        return list(conn.execute(aged.limit(ROUND)).mappings())


def _keep_places(gate: Gate, file: Mapping[Any, Any]) -> None:
    """Places of the items that customs or the sender may still ask about."""
    with gate.journal.read() as conn:
        wanted = (
            i.c.file == file["id"],
            i.c.kind == "consignment",
            i.c.record_blob.is_not(None),
            i.c.places_blob.is_(None),
        )
        ids = list(conn.scalars(select(i.c.id).where(*wanted).order_by(i.c.seq)))
        sheets = [source.sheet(source.places(gate, conn, source.item_row(conn, one))) for one in ids]
    if not ids:
        return
    blob, stretches = store_parts(gate, "places", file["connection"], sheets)
    with gate.journal.write() as conn:
        _note(gate, conn, ids, blob, stretches)


def _note(gate: Gate, conn: Connection, ids: Sequence[str], blob: Any, stretches: Sequence[Any]) -> None:
    gate.blobs.add(conn, blob)
    rows = [
        {"one": one, "b": place.blob, "o": place.offset, "l": place.length}
        for one, place in zip(ids, stretches, strict=True)
    ]
    change = update(i).where(i.c.id == bindparam("one"))
    conn.execute(
        change.values(places_blob=bindparam("b"), places_offset=bindparam("o"), places_length=bindparam("l")), rows
    )


def _purge(gate: Gate, ids: Sequence[str]) -> int:
    with gate.journal.write() as conn:
        if ids:
            gate.blobs.mark(conn, ids)
        marked = gate.blobs.marked(conn)
    failpoint("purge.marked")
    gate.blobs.unlink(marked)
    failpoint("purge.unlinked")
    if marked:
        with gate.journal.write() as conn:
            gate.blobs.purged(conn, marked)
    failpoint("purge.purged")
    return len(marked)
