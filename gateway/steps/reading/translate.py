"""Translate: due batches go to the workers, their outcomes into the journal.

A batch whose worker dies twice is halved, and halved again, until one item is left, which is quarantined: one item that
kills whoever reads it, or whose outcome cannot be written down, costs nobody else.
"""

from collections.abc import Collection, Iterator, Mapping, Sequence
from datetime import timedelta
from io import BytesIO
from typing import Any

import msgspec
from sqlalchemy import Connection, func, select

from gateway.findings import Finding
from gateway.findings.errors import JournalFault
from gateway.journal import schema
from gateway.journal.claims import Claim, LeaseLost
from gateway.journal.ids import batch_id, new_id
from gateway.mapping.format import Format
from gateway.mapping.protocols import Divider, Limits, Opening, Slice, Span
from gateway.steps.ground import aside, moves, notes
from gateway.steps.ground.failure import raise_trouble
from gateway.steps.ground.gate import Gate
from gateway.steps.ground.setup import batches, setup_for
from gateway.steps.reading.settle import close_file, settle
from gateway.steps.reading.survey import BATCH
from gateway.steps.working.outcome import BatchJob, Bundle, BundleDone

LEASE = timedelta(minutes=30)
DEATHS = 2
BUNDLE = 64  # batches a job at most
b = schema.batch

Taken = tuple[Claim, Mapping[Any, Any]]


def take(gate: Gate, limit: int) -> list[tuple[list[Taken], Bundle]]:
    """Claim due batches and make at most `limit` jobs of them."""
    return take_these(gate, due(gate, limit)) if limit > 0 else []


def take_these(gate: Gate, groups: Sequence[Sequence[str]]) -> list[tuple[list[Taken], Bundle]]:
    """Claim batches, those that are still due, and make one job of each group."""
    if not groups:
        return []
    taken = _claim(gate, [one for group in groups for one in group])
    found = (_bundle(gate, [taken[one] for one in group if one in taken]) for group in groups)
    return [(mine, job) for mine, job in found if mine]


def due(gate: Gate, limit: int) -> list[list[str]]:
    """Ids of due batches, small ones of one line together. One that a worker died on is taken alone."""
    columns = (b.c.id, b.c["items"].label("size"), b.c.connection, b.c.attempt)
    waits = select(*columns).where(b.c.state == "due", b.c.id.not_in(aside.marked()))
    with gate.journal.read() as conn:
        rows = conn.execute(waits.order_by(b.c.id).limit(limit * BUNDLE)).all()
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


def _claim(gate: Gate, ids: list[str]) -> dict[str, Taken]:
    where = b.c.id.in_(ids)
    with gate.journal.write("translate.claim") as conn:
        held = moves.claim(
            conn, "batch", "due", "claimed", "T", owner=gate.owner, lease=LEASE, limit=len(ids), where=where
        )
        rows = {row["id"]: row for row in batches(conn, [claim.id for claim in held])}
    return {claim.id: (claim, rows[claim.id]) for claim in held}


def _bundle(gate: Gate, taken: list[Taken]) -> tuple[list[Taken], Bundle]:
    """What of it can be made a job; a batch whose bytes or ruleset are gone is set aside."""
    mine, jobs = [], []
    for one in taken:
        try:
            jobs.append(job(gate, one[1]))
            mine.append(one)
        except Exception as error:  # noqa: BLE001  # of one batch
            raise_trouble(error)
            set_aside(gate, one, error)
    return mine, Bundle(tuple(jobs))


def job(gate: Gate, row: Mapping[Any, Any]) -> BatchJob:
    """The bytes of a batch with all that is needed to understand them."""
    data = gate.bytes_at(row["blob"], row["offset"], row["length"])
    return BatchJob(setup_for(gate, row, row["ruleset"]), gate.now(), opening_of(row), slice_of(row), data)


def opening_of(row: Mapping[Any, Any]) -> Opening:
    return Opening(row["number"], row["head"], row["tail"], Span(0, len(row["head"]), 1))


def slice_of(row: Mapping[Any, Any]) -> Slice:
    return Slice(row["number"], row["ordinal"], row["offset"], row["length"], row["line"], row["items"])


def finish(gate: Gate, taken: Sequence[Taken], done: BundleDone) -> None:
    """Settle a bundle. Outcomes that cannot be written down count as a worker's death: the item behind it is found.

    When someone else has taken over one of it meanwhile, nothing of it is written here.
    """
    try:
        settle(gate, taken, done.batches)
    except LeaseLost:
        release(gate, taken, "lease lost")
    except Exception as error:  # noqa: BLE001  # whatever it is, it must not come back for ever
        raise_trouble(error)
        for one in taken:
            lose(gate, one, aside.failed("batch", one[0].id, error).values["why"])


def release(gate: Gate, taken: Sequence[Taken], why: str) -> None:
    """Give back those that are still ours."""
    with gate.journal.write("translate.release") as conn:
        ours = [claim.id for claim, _ in taken if _is_ours(conn, claim)]
        moves.move(conn, "batch", ours, "claimed", "due", "T", why, owner=None)


def lose(gate: Gate, taken: Taken, why: str) -> None:
    """A worker died on this batch: once more, then halves, then the one item goes to quarantine."""
    try:
        with gate.journal.write("translate.lose") as conn:
            if _is_ours(conn, taken[0]):
                _lose(gate, conn, taken, why)
    except Exception as error:  # noqa: BLE001  # it cannot even be halved
        raise_trouble(error)
        set_aside(gate, taken, error)


def set_aside(gate: Gate, taken: Taken, error: Exception) -> None:
    """Give it back, marked: nobody takes it before the next start."""
    claim, row = taken
    aside.put(gate, "batch", claim.id, row["connection"], error)
    release(gate, [taken], "set aside")


def _is_ours(conn: Connection, claim: Claim) -> bool:
    """The fence: this very claim, not a later one of the same process."""
    held = (b.c.id == claim.id, b.c.owner == claim.owner, b.c.attempt == claim.attempt, b.c.state == "claimed")
    return conn.scalar(select(b.c.id).where(*held)) is not None


def _lose(gate: Gate, conn: Connection, taken: Taken, why: str) -> None:
    claim, row = taken
    if claim.attempt < DEATHS:
        moves.move(conn, "batch", [claim.id], "claimed", "due", "T", "worker lost", owner=None)
    elif row["items"] > 1:
        moves.enter(conn, "batch", halves(gate, conn, row), "T", "halve")
        moves.move(conn, "batch", [claim.id], "claimed", "split", "T", "worker lost twice")
    else:
        _quarantine(gate, conn, row, why)
        moves.finish(conn, "batch", claim, "claimed", "done", "T", "worker lost twice")
        close_file(conn, row["file"])


def halves(gate: Gate, conn: Connection, row: Mapping[Any, Any]) -> list[dict[str, Any]]:
    """The batch cut in two, by looking at bytes alone: nothing here reads what killed a worker."""
    data = gate.blobs.read(conn, row["blob"], row["offset"], row["length"])
    source = gate.registry(row["ruleset"]).format(row["format"], row["received_at"].date())
    pieces = list(_pieces(source, row, data, gate.limits(row["connection"])))
    if sum(piece.items for piece in pieces) != row["items"]:
        raise JournalFault(f"batch {row['id']} does not hold its {row['items']} items any more")
    seq = conn.scalar(select(func.max(b.c.seq)).where(b.c.file == row["file"])) or 0
    return [_half(row, seq + n, piece) for n, piece in enumerate(pieces, 1)]


def _pieces(source: Format, row: Mapping[Any, Any], data: bytes, limits: Limits) -> Iterator[Slice]:
    """The pieces of a batch where they lie in its file."""
    if isinstance(source.syntax, Divider):
        yield from source.syntax.divided(opening_of(row), slice_of(row), data, source.plan, limits)
        return
    head = row["head"]
    whole, above = BytesIO(head + data + row["tail"]), head.count(b"\n")
    for piece in source.syntax.slices(whole, source.plan, (row["items"] + 1) // 2, limits):
        if isinstance(piece, Slice):
            place = {"offset": row["offset"] + piece.offset - len(head), "line": row["line"] + piece.line - 1 - above}
            yield msgspec.structs.replace(piece, ordinal=row["ordinal"] + piece.ordinal - 1, **place)


def _half(row: Mapping[Any, Any], seq: int, piece: Slice) -> dict[str, Any]:
    """A piece of a batch as a batch."""
    return {
        "id": batch_id(row["file"], seq), "file": row["file"], "seq": seq, "interchange": row["interchange"],
        "ordinal": piece.ordinal, "offset": piece.offset, "length": piece.length, "line": piece.line,
        "items": piece.items, "connection": row["connection"], "state": "due",
    }  # fmt: skip


def _quarantine(gate: Gate, conn: Connection, row: Mapping[Any, Any], why: str) -> None:
    """The one item, under the identifier that its bytes show, so that its sender can be told."""
    source = gate.registry(row["ruleset"]).format(row["format"], row["received_at"].date())
    raw = gate.blobs.read(conn, row["blob"], row["offset"], row["length"])
    ulid = new_id()
    item = {
        "id": ulid, "file": row["file"], "seq": row["ordinal"], "interchange": row["interchange"], "batch": row["id"],
        "environment": row["environment"], "kind": source.plan.unit_record.lower(), "offset": row["offset"],
        "length": row["length"], "line": row["line"], "state": "quarantined", "ruleset": row["ruleset"],
        "item_id": source.syntax.id_hint(raw, source.plan) or None,
    }  # fmt: skip
    moves.enter(conn, "item", [item], "T", "read")
    notes.note(conn, "item", ulid, row["connection"], [Finding("INT901", values={"why": why})])


def recall(gate: Gate, in_hand: Collection[str]) -> int:
    """Batches that this process has claimed without knowing it are due again; returns how many.

    A commit whose answer was lost may have been made. What is `in_hand`, looked at in the transaction, is not touched.
    """
    mine = select(b.c.id).where(b.c.state == "claimed", b.c.owner == gate.owner)
    with gate.journal.read() as conn:
        if all(one in in_hand for one in conn.scalars(mine)):
            return 0
    with gate.journal.write("translate.recall") as conn:
        astray = [one for one in conn.scalars(mine.order_by(b.c.id)) if one not in in_hand]
        return len(moves.move(conn, "batch", astray, "claimed", "due", "T", "claim unknown", owner=None))


def expire(gate: Gate, in_hand: Collection[str] = ()) -> int:
    """Batches whose lease is over are due again; returns how many.

    What our own workers have `in_hand` is theirs: they have a deadline by the steady clock, and the lease was told by
    one that may have been set forward since.
    """
    over = select(b.c.id).where(b.c.state == "claimed", b.c.lease_until < gate.now()).limit(1)
    with gate.journal.read() as conn:
        if conn.scalar(over) is None:
            return 0
    with gate.journal.write("translate.expire") as conn:
        return len(moves.expire(conn, "batch", "claimed", "due", "T", in_hand))
