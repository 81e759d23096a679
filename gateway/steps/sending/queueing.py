"""Queueing: a document that stands alone becomes a delivery as it lies in the spool, in one transaction."""

import hashlib
from collections.abc import Mapping, Sequence
from typing import Any

from sqlalchemy import Connection, bindparam, select, update

from gateway.journal import bulk, schema
from gateway.journal.ids import new_ids
from gateway.steps.ground import moves
from gateway.steps.ground.gate import Gate
from gateway.steps.sending.collecting import Collected
from gateway.steps.sending.lateness import note_late
from gateway.steps.sending.outgoing import Due, delivery_row

f, part = schema.filing, schema.delivery_part


def queue(gate: Gate, due: Due, filings: Sequence[Collected]) -> None:
    """A delivery for each that is still written."""
    columns = (f.c.id, f.c.lrn, f.c.lead, f.c.payload_blob, f.c.payload_offset, f.c.payload_length)
    with gate.journal.write("assemble.queue") as conn:
        mine = (f.c.id.in_([one.id for one in filings]), f.c.state == "written")
        rows = conn.execute(select(*columns).where(*mine).order_by(f.c.id)).mappings().all()
        ids, digests = new_ids(len(rows)), _digests(gate, conn, rows)
        deliveries = [
            delivery_row(gate, conn, due, one, row["lrn"])
            | {"size": row["payload_length"], "sha256": digest, "state": "drafting"}
            for one, row, digest in zip(ids, rows, digests, strict=True)
        ]
        moves.enter(conn, "delivery", deliveries, "A", "assemble")
        bulk.insert(conn, part, [_part(one, row) for one, row in zip(ids, rows, strict=True)])
        moves.move(conn, "delivery", ids, "drafting", "queued", "A", "assemble")
        moves.move(conn, "filing", [row["id"] for row in rows], "written", "assembled", "A", "assemble")
        pairs = [{"one": row["id"], "delivery": one} for one, row in zip(ids, rows, strict=True)]
        if pairs:
            conn.execute(update(f).where(f.c.id == bindparam("one")).values(delivery=bindparam("delivery")), pairs)
        take_along(conn, [pair for pair, row in zip(pairs, rows, strict=True) if row["lead"]])
        leaving = {row["id"] for row in rows}
        note_late(gate, conn, due, [one for one in filings if one.id in leaving])


def take_along(conn: Connection, pairs: Sequence[Mapping[str, str]]) -> None:
    """Parcels that stand in the declaration of another travel with it."""
    if pairs:
        members = update(f).where(f.c.lead == bindparam("one"), f.c.state == "joined")
        conn.execute(members.values(delivery=bindparam("delivery")), pairs)


def _digests(gate: Gate, conn: Connection, rows: Sequence[Mapping[Any, Any]]) -> list[str]:
    """SHA-256 of each payload; the filings of a batch share one blob, which is read once."""
    blobs = {ulid: gate.blobs.read(conn, ulid) for ulid in {row["payload_blob"] for row in rows}}
    places = ((row["payload_blob"], row["payload_offset"], row["payload_length"]) for row in rows)
    return [hashlib.sha256(blobs[ulid][at : at + size]).hexdigest() for ulid, at, size in places]


def _part(delivery: str, row: Mapping[Any, Any]) -> dict[str, Any]:
    return {"delivery": delivery, "seq": 1, "blob": row["payload_blob"], "offset": row["payload_offset"],
            "length": row["payload_length"]}  # fmt: skip
