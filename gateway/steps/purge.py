"""Purge: bytes go when their time is over; hashes, references, states and the places of values stay.

Before raw bytes go, the place of every value of their items is written down (paths and lines, no values), so that a
decision that comes later can still be shown to the sender at its own element. Then: mark, unlink, say so; killed
between, the unlinking is done again, and what is gone already is done. Bytes that work still waits for stay, whatever
their age. One call does a bounded piece of it.
"""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, Select, bindparam, select, update

from gateway.findings.failpoint import effect
from gateway.journal import schema
from gateway.steps import source
from gateway.steps.failure import raise_trouble
from gateway.steps.gate import Gate
from gateway.steps.parts import store_parts

ROUND = 64  # blobs of each class
PLACED = 500  # items a call whose places are written down: each is read again
UNREAD = ("sighted", "fetching", "received")
UNFILED = ("waiting", "held", "written", "joined", "assembled")
UNSENT = ("drafting", "queued", "sending", "publishing", "unconfirmed", "in_doubt", "clash")
b, f, i, fl = schema.blob, schema.file, schema.item, schema.filing
dl, part, a, d = schema.delivery, schema.delivery_part, schema.answer, schema.decision


def purge(gate: Gate) -> int:
    """Purge what is over its time; returns how much was done: blobs, and items whose places were kept."""
    retention, now = gate.hub.settings.retention, gate.now()
    raw, kept = _placed(gate, _raw(gate, now - retention.raw))
    record = _old(gate, ("record", "places"), now - retention.record, _needed_records())
    filed = _old(gate, ("filed", "answer", "envelope"), now - retention.filed, _needed_payloads())
    return kept + _purge(gate, [*raw, *record, *filed])


def _raw(gate: Gate, before: datetime) -> list[Mapping[Any, Any]]:
    """Files whose bytes are over their time, fully read, under no legal hold."""
    old = (
        select(f.c.id, f.c.blob, f.c.connection)
        .join(b, b.c.id == f.c.blob)
        .where(b.c.purging_at.is_(None), f.c.received_at < before, f.c.state.not_in(UNREAD), f.c.legal_hold.is_(False))
        .order_by(f.c.id)
        .limit(ROUND)
    )
    with gate.journal.read() as conn:
        return list(conn.execute(old).mappings())


def _old(gate: Gate, kinds: Sequence[str], before: datetime, needed: Sequence[Select[Any]]) -> list[str]:
    aged = select(b.c.id).where(b.c.kind.in_(kinds), b.c.stored_at < before, b.c.purging_at.is_(None))
    for work in needed:
        aged = aged.where(b.c.id.not_in(work))
    with gate.journal.read() as conn:
        return list(conn.scalars(aged.order_by(b.c.id).limit(ROUND)))


def _needed_records() -> tuple[Select[Any], ...]:
    """Records of filings that are still to be written, and of decisions that are still to be told."""
    waiting = select(i.c.record_blob).join(fl, fl.c.item == i.c.id).where(fl.c.state.in_(UNFILED))
    unsaid = select(d.c.record_blob).where(d.c.state.in_(("parked", "unclaimed", "matched")))
    return waiting.where(i.c.record_blob.is_not(None)), unsaid.where(d.c.record_blob.is_not(None))


def _needed_payloads() -> tuple[Select[Any], ...]:
    """Declarations and answers that are not out yet, alone or in an envelope."""
    filings = select(fl.c.payload_blob).where(fl.c.state.in_(UNFILED), fl.c.payload_blob.is_not(None))
    parts = select(part.c.blob).join(dl, dl.c.id == part.c.delivery).where(dl.c.state.in_(UNSENT))
    answers = select(a.c.payload_blob).outerjoin(dl, dl.c.id == a.c.delivery).where(a.c.payload_blob.is_not(None))
    return filings, parts, answers.where(a.c.delivery.is_(None) | dl.c.state.in_(UNSENT))


def _placed(gate: Gate, files: Sequence[Mapping[Any, Any]]) -> tuple[list[str], int]:
    """Blobs of files whose places are all kept, and how many items were written down for it in this call."""
    ready, kept = [], 0
    for file in files:
        if kept >= PLACED:
            break
        ids = _unplaced(gate, file["id"], PLACED - kept)
        if ids:
            _keep_places(gate, file["connection"], ids)
            kept += len(ids)
        if not _unplaced(gate, file["id"], 1):
            ready.append(file["blob"])
    return ready, kept


def _unplaced(gate: Gate, file: str, limit: int) -> list[str]:
    """Items that customs or the sender may still ask about."""
    wanted = (
        i.c.file == file,
        i.c.kind == "consignment",
        i.c.record_blob.is_not(None),
        i.c.places_blob.is_(None),
    )
    with gate.journal.read() as conn:
        return list(conn.scalars(select(i.c.id).where(*wanted).order_by(i.c.seq).limit(limit)))


def _keep_places(gate: Gate, connection: str, ids: Sequence[str]) -> None:
    blob, stretches = store_parts(gate, "places", connection, [_sheet(gate, one) for one in ids])
    with gate.journal.write("purge.places") as conn:
        _note(gate, conn, ids, blob, stretches)


def _sheet(gate: Gate, item: str) -> bytes:
    """The places of one item; an empty sheet where they cannot be found any more."""
    try:
        with gate.journal.read() as conn:
            return source.sheet(source.places(gate, conn, source.item_row(conn, item)))
    except Exception as error:  # noqa: BLE001  # of one item, whose bytes must go all the same
        raise_trouble(error)
        return source.sheet(())


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
    with gate.journal.write("purge.mark") as conn:
        if ids:
            gate.blobs.mark(conn, ids)
        marked = gate.blobs.marked(conn)
    with effect("purge.unlink"):
        gate.blobs.unlink(marked)
    if marked:
        with gate.journal.write("purge.purged") as conn:
            gate.blobs.purged(conn, marked)
    return len(marked)
