"""Purge: bytes go when their time is over; hashes, references, states and the places of values stay.

Before raw bytes go, the place of every value of their items is written down (paths and lines, no values), so that a
decision that comes later can still be shown to the sender at its own element. Then: mark, unlink, say so; killed
between, the unlinking is done again, and what is gone already is done. Bytes that work still waits for stay, whatever
their age, and so do those of a file under a legal hold. Then what is personal in the rows
(`gateway.steps.keeping.clearing`). One call does a bounded piece of it.
"""

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from sqlalchemy import ColumnElement, Connection, bindparam, or_, select, update

from gateway.findings.failpoint import effect
from gateway.journal import audit, schema
from gateway.steps.ground import source
from gateway.steps.ground.failure import raise_trouble
from gateway.steps.ground.gate import Gate
from gateway.steps.ground.many import among
from gateway.steps.ground.parts import store_parts
from gateway.steps.keeping import clearing
from gateway.steps.keeping.retention import UNREAD, Class, held_files, needed_payloads, needed_records, over

ROUND = 64  # blobs of each class
PLACED = 500  # items a call whose places are written down: each is read again
KINDS: dict[Class, tuple[str, ...]] = {"record": ("record", "places"), "filed": ("filed", "answer", "envelope")}
NEEDED = {"record": needed_records, "filed": needed_payloads}
b, f, i = schema.blob, schema.file, schema.item


def purge(gate: Gate, who: str = "T") -> int:
    """Purge what is over its time; returns how much was done: blobs, items whose places were kept, files cleared."""
    ids, kept = _placed(gate, _raw(gate))
    for kind in KINDS:
        ids += _old(gate, kind)
    done = _purge(gate, ids, who)
    cleared = clearing.clear(gate, who)
    if done or cleared:
        gate.journal.scrub()
    return kept + done + cleared


def raw_due(gate: Gate) -> Iterator[ColumnElement[bool]]:
    """Files over their time that are fully read, under no legal hold, and have their bytes; for each span."""
    free = b.c.purging_at.is_(None) & f.c.state.not_in(UNREAD) & f.c.id.not_in(held_files())
    for before, mine in over(gate, "raw", f.c.connection):
        yield free & (f.c.received_at < before) & mine


def old_due(gate: Gate, kind: Class) -> Iterator[ColumnElement[bool]]:
    """Blobs of a class that are over their time and that nothing needs, a condition for each span."""
    free = b.c.kind.in_(KINDS[kind]) & b.c.purging_at.is_(None)
    for needed in NEEDED[kind]():
        free &= b.c.id.not_in(needed)
    for before, mine in over(gate, kind, b.c.connection):
        yield free & (b.c.stored_at < before) & mine


def _raw(gate: Gate) -> list[Mapping[Any, Any]]:
    files = select(f.c.id, f.c.blob, f.c.connection).join(b, b.c.id == f.c.blob).order_by(f.c.id).limit(ROUND)
    with gate.journal.read() as conn:
        return [row for wanted in raw_due(gate) for row in conn.execute(files.where(wanted)).mappings()]


def _old(gate: Gate, kind: Class) -> list[str]:
    with gate.journal.read() as conn:
        return [
            one
            for wanted in old_due(gate, kind)
            for one in conn.scalars(select(b.c.id).where(wanted).order_by(b.c.id).limit(ROUND))
        ]


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


def keep_all_places(gate: Gate, file: str, connection: str) -> None:
    """The places of all items of a file, before its bytes go."""
    while ids := _unplaced(gate, file, PLACED):
        _keep_places(gate, connection, ids)


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


def _purge(gate: Gate, ids: Sequence[str], who: str) -> int:
    if ids:
        with gate.journal.write("purge.mark") as conn:
            due = _still_due(gate, conn, ids)
            gate.blobs.mark(conn, due)
            audit.append_many(conn, [audit.Entry("purge", one, None, "bytes", who) for one in due])
    return finish(gate)


def _still_due(gate: Gate, conn: Connection, ids: Sequence[str]) -> list[str]:
    """Writing down places takes a while: a person may have held a file meanwhile, or asked to read it again."""
    raw = select(b.c.id).join(f, f.c.blob == b.c.id).where(or_(*raw_due(gate)))
    old = (select(b.c.id).where(or_(*old_due(gate, kind))) for kind in KINDS)
    return sorted({row.id for wanted in (raw, *old) for row in among(conn, wanted, b.c.id, ids)})


def finish(gate: Gate) -> int:
    """Bring to its end what was marked, by us or by a process that died."""
    with gate.journal.read() as conn:
        marked = gate.blobs.marked(conn)
    with effect("purge.unlink"):
        gate.blobs.unlink(marked)
    if marked:
        with gate.journal.write("purge.purged") as conn:
            gate.blobs.purged(conn, marked)
    return len(marked)
