"""Translate: due batches go to the workers, their outcomes into the journal.

A batch whose worker dies twice is halved, and halved again, until one item is left, which is quarantined: one item that
kills whoever reads it costs nobody else.
"""

from collections.abc import Iterable, Mapping, Sequence
from datetime import timedelta
from io import BytesIO
from typing import Any

from sqlalchemy import func, select

from gateway.findings import Finding
from gateway.findings.failpoint import failpoint
from gateway.journal import schema
from gateway.journal.claims import Claim, LeaseLost
from gateway.journal.ids import batch_id, new_id
from gateway.mapping.protocols import Opening, Slice, Span
from gateway.steps import moves, notes
from gateway.steps.gate import Gate
from gateway.steps.intake import BATCH
from gateway.steps.outcome import BatchJob, Bundle, BundleDone
from gateway.steps.settle import close_file, settle
from gateway.steps.setup import batches, setup_for

LEASE = timedelta(minutes=30)
DEATHS = 2

BUNDLE = 64  # batches a job at most
b = schema.batch

Taken = tuple[Claim, Mapping[Any, Any]]


def take(gate: Gate, limit: int) -> list[tuple[list[Taken], Bundle]]:
    """Claim due batches and make at most `limit` jobs of them."""
    groups = _due(gate, limit) if limit > 0 else []
    if not groups:
        return []
    ids = [one for group in groups for one in group]
    with gate.journal.write() as conn:
        claims = moves.claim(
            conn, "batch", "due", "claimed", "T", owner=gate.owner, lease=LEASE, limit=len(ids), where=b.c.id.in_(ids)
        )
        rows = batches(conn, [claim.id for claim in claims])
    failpoint("translate.claimed")
    taken = {claim.id: (claim, row) for claim, row in zip(sorted(claims), rows, strict=True)}
    mine = [[taken[one] for one in group if one in taken] for group in groups]
    return [(some, Bundle(tuple(job(gate, row) for _, row in some))) for some in mine if some]


def _due(gate: Gate, limit: int) -> list[list[str]]:
    """Ids of due batches, small ones of one line together. One that a worker died on is taken alone."""
    due = select(b.c.id, b.c["items"].label("size"), b.c.connection, b.c.attempt).where(b.c.state == "due")
    with gate.journal.read() as conn:
        rows = conn.execute(due.order_by(b.c.id).limit(limit * BUNDLE)).all()
    groups: list[list[str]] = []
    open_: dict[str, tuple[list[str], int]] = {}
    for row in rows:
        group, size = open_.get(row.connection, ([], 0))
        if not group or row.attempt or size + row.size > BATCH:
            group, size = [], 0
            groups.append(group)
        group.append(row.id)
        open_[row.connection] = ([], 0) if row.attempt else (group, size + row.size)
    return groups[:limit]


def job(gate: Gate, row: Mapping[Any, Any]) -> BatchJob:
    """The bytes of a batch with all that is needed to understand them."""
    data = gate.bytes_at(row["blob"], row["offset"], row["length"])
    opening = Opening(row["number"], row["head"], row["tail"], Span(0, len(row["head"]), 1))
    return BatchJob(setup_for(gate, row, row["ruleset"]), gate.now(), opening, slice_of(row), data)


def slice_of(row: Mapping[Any, Any]) -> Slice:
    return Slice(row["number"], row["ordinal"], row["offset"], row["length"], row["line"], row["items"])


def finish(gate: Gate, taken: Sequence[Taken], done: BundleDone) -> None:
    """Settle a bundle; when someone else has taken over one of it meanwhile, nothing of it is written here."""
    try:
        settle(gate, taken, done.batches)
    except LeaseLost:
        release = [claim.id for claim, _ in taken if claim.owner == gate.owner]
        with gate.journal.write() as conn:
            mine = select(b.c.id).where(b.c.id.in_(release), b.c.owner == gate.owner)
            moves.move(conn, "batch", list(conn.scalars(mine)), "claimed", "due", "T", "lease lost", owner=None)


def lose(gate: Gate, taken: Taken, why: str) -> None:
    """A worker died on this batch: once more, then halves, then the one item goes to quarantine."""
    claim, row = taken
    with gate.journal.write() as conn:
        if claim.attempt < DEATHS:
            moves.move(conn, "batch", [claim.id], "claimed", "due", "T", "worker lost", owner=None)
        elif row["items"] > 1:
            moves.enter(conn, "batch", halves(gate, conn, row), "T", "halve")
            moves.move(conn, "batch", [claim.id], "claimed", "split", "T", "worker lost twice")
        else:
            _quarantine(gate, conn, row, why)
            moves.finish(conn, "batch", claim, "claimed", "done", "T", "worker lost twice")
            close_file(conn, row["file"])


def halves(gate: Gate, conn: Any, row: Mapping[Any, Any]) -> list[dict[str, Any]]:
    """The batch cut in two, by looking at bytes alone: nothing here reads what killed a worker."""
    data = gate.blobs.read(conn, row["blob"], row["offset"], row["length"])
    source = gate.registry(row["ruleset"]).format(row["format"], row["received_at"].date())
    head, whole = row["head"], BytesIO(row["head"] + data + row["tail"])
    found = source.syntax.slices(whole, source.plan, (row["items"] + 1) // 2, gate.limits)
    seq = conn.scalar(select(func.max(schema.batch.c.seq)).where(schema.batch.c.file == row["file"])) or 0
    lines = head.count(b"\n")
    pieces = (piece for piece in found if isinstance(piece, Slice))
    return [
        {
            "id": batch_id(row["file"], seq + n), "file": row["file"], "seq": seq + n, "interchange": row["interchange"],
            "ordinal": row["ordinal"] + piece.ordinal - 1, "offset": row["offset"] + piece.offset - len(head),
            "length": piece.length, "line": row["line"] + piece.line - 1 - lines, "items": piece.items,
            "connection": row["connection"], "state": "due",
        }
        for n, piece in enumerate(pieces, 1)
    ]  # fmt: skip


def _quarantine(gate: Gate, conn: Any, row: Mapping[Any, Any], why: str) -> None:
    """The one item: its number is looked for in its bytes, so that its sender can be told."""
    ulid, source = new_id(), gate.registry(row["ruleset"]).format(row["format"], row["received_at"].date())
    raw = gate.blobs.read(conn, row["blob"], row["offset"], row["length"])
    item = {
        "id": ulid, "file": row["file"], "seq": row["ordinal"], "interchange": row["interchange"], "batch": row["id"],
        "environment": row["environment"], "kind": "consignment", "item_id": source.syntax.id_hint(raw, source.plan),
        "offset": row["offset"], "length": row["length"], "line": row["line"], "state": "quarantined",
        "ruleset": row["ruleset"],
    }  # fmt: skip
    moves.enter(conn, "item", [item], "T", "read")
    notes.note(conn, "item", ulid, row["connection"], [Finding("INT901", values={"why": why})])


def expire(gate: Gate) -> None:
    """Batches whose lease is over are due again."""
    with gate.journal.write() as conn:
        moves.expire(conn, "batch", "claimed", "due", "T")


def waiting(gate: Gate, files: Iterable[str] = ()) -> int:
    """How many batches are due or claimed."""
    where = [b.c.state.in_(("due", "claimed")), *([b.c.file.in_(list(files))] if files else [])]
    with gate.journal.read() as conn:
        return conn.scalar(select(func.count()).where(*where)) or 0
