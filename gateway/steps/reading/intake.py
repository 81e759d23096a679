"""Translate, first half: a received file becomes interchanges and batches, or is refused with a reason.

Two parts: `survey` looks at bytes and decides nothing that the journal knows; `open_file` compares with the journal and
writes, in one transaction. Killed before it commits, the next start surveys again: same keys, same rows.
"""

from collections.abc import Iterator, Sequence
from typing import Any

from sqlalchemy import Connection, insert, select, update

from gateway.findings import Finding
from gateway.journal import schema
from gateway.journal.ids import batch_id, new_id
from gateway.mapping.protocols import Bad
from gateway.steps.ground import aside, moves, notes
from gateway.steps.ground.gate import Gate
from gateway.steps.ground.many import together
from gateway.steps.reading.sequence import note_number
from gateway.steps.reading.survey import Envelope, Survey, looked_at

ROUND = 64  # files that share a transaction: answers of customs come as one file each
REPEATS = frozenset({"RTE121", "RTE122", "RTE123"})  # waived: a person wants the file read all the same
f, x = schema.file, schema.interchange


def intake(gate: Gate) -> int:
    """Open every received file that was not opened yet; returns how many."""
    due = select(f).where(f.c.state == "received", f.c["items"].is_(None)).order_by(f.c.id).limit(ROUND)
    with gate.journal.read() as conn:
        files = conn.execute(due).mappings().all()
    if not files:
        return 0
    found = [(file, looked_at(gate, file)) for file in files]
    together(found, lambda some: _open(gate, some), lambda one, error: _refuse(gate, one[0], error))
    return len(files)


def _open(gate: Gate, found: Sequence[tuple[Any, Survey]]) -> None:
    with gate.journal.write("intake.open") as conn:
        for file, seen in found:
            open_file(gate, conn, file, seen)


def _refuse(gate: Gate, file: Any, error: Exception) -> None:
    """A file that could not be opened because of an error of ours waits for a person."""
    with gate.journal.write("intake.refuse") as conn:
        refuse(gate, conn, file, (aside.failed("file", file["id"], error),))


def open_file(gate: Gate, conn: Connection, file: Any, found: Survey) -> None:
    """Write what was found, or refuse the file: unreadable, a duplicate, a reference used again, nobody's."""
    anyway = bool(notes.waived(conn, file["id"]) & REPEATS)
    refused = found.refused or tuple(_objections(gate, conn, file, found.envelopes, anyway=anyway))
    if refused:
        refuse(gate, conn, file, refused)
        return
    batches = list(_rows(gate, conn, file, found.envelopes, anyway=anyway))
    moves.enter(conn, "batch", batches, "T", "open")
    items = sum(e.items for e in found.envelopes)
    conn.execute(update(f).where(f.c.id == file["id"]).values(items=items, ruleset=gate.ruleset))
    if not batches:
        moves.move(conn, "file", [file["id"]], "received", "read", "T", "read")


def refuse(gate: Gate, conn: Connection, file: Any, findings: Sequence[Finding]) -> None:
    """The file waits for a person, with its bytes and the reason."""
    notes.note(conn, "file", file["id"], file["connection"], findings)
    moves.move(conn, "file", [file["id"]], "received", "refused", "T", "refuse", ruleset=gate.ruleset)


def _objections(
    gate: Gate, conn: Connection, file: Any, envelopes: tuple[Envelope, ...], *, anyway: bool
) -> Iterator[Finding]:
    """What speaks against reading a file; `anyway` when a person wants it read although it repeats another."""
    if file["connection"] not in gate.hub.connections:
        yield Finding("RTE128", values={"connection": file["connection"]})
        return
    if not envelopes:
        yield Finding("SRC206")
    if not anyway and (before := _same_bytes(conn, file)):
        yield Finding("RTE122", values={"file": before})
        return
    for envelope in envelopes:
        sender = envelope.message.sender or ""
        if envelope.readable and gate.hub.sender(file["connection"], sender) is None:
            yield Finding("RTE124", values={"sender": sender, "connection": file["connection"]})
    if not anyway:
        yield from _reused(conn, file, envelopes)


def _same_bytes(conn: Connection, file: Any) -> str | None:
    """The file that brought the same bytes before and is read, or will be; one that was refused does not count."""
    earlier = (f.c.state == "read") | ((f.c.state == "received") & (f.c.id < file["id"]))
    same = (f.c.connection == file["connection"], f.c.sha256 == file["sha256"], f.c.id != file["id"])
    return conn.scalar(select(f.c.id).where(*same, earlier).order_by(f.c.id).limit(1))


def _reused(conn: Connection, file: Any, envelopes: tuple[Envelope, ...]) -> Iterator[Finding]:
    """References used before: for other content, which a person must judge, or for the same in all of them."""
    seen: dict[tuple[Any, ...], str] = {}
    repeats = 0
    for envelope in envelopes:
        key, reference = _key(file, envelope), envelope.message.control_reference or ""
        twin = _twin(conn, key)
        before = twin.digest if twin else seen.get(tuple(key.values()))
        repeats += before == envelope.digest
        if before not in (None, envelope.digest):
            yield Finding("RTE123", values={"reference": reference, "file": twin.file if twin else file["id"]})
        if reference:
            seen[tuple(key.values())] = envelope.digest
    if envelopes and repeats == len(envelopes):
        yield notes.made("RTE121", reference=envelopes[0].message.control_reference or "")


def _key(file: Any, envelope: Envelope) -> dict[str, Any]:
    """What names an interchange: environment, sender, recipient, type, reference. The test flag can only lower."""
    message = envelope.message
    return {
        "environment": "test" if message.test else file["environment"],
        "sender": message.sender or "",
        "recipient": message.recipient or "",
        "type": file["format"],
        "reference": message.control_reference or None,
    }


def _twin(conn: Connection, key: dict[str, Any]) -> Any:
    """The interchange that used this reference before, or None."""
    if key["reference"] is None:
        return None
    same = [x.c[name] == value for name, value in key.items()]
    return conn.execute(select(x.c.id, x.c.file, x.c.digest).where(*same, x.c.repeat_of.is_(None))).first()


def _rows(
    gate: Gate, conn: Connection, file: Any, envelopes: tuple[Envelope, ...], *, anyway: bool
) -> Iterator[dict[str, Any]]:
    """Interchanges go in as they come; the rows of their batches are returned for one bulk insert."""
    seq = 0
    for number, envelope in enumerate(envelopes, 1):
        key, ulid = _key(file, envelope), new_id()
        twin = _twin(conn, key)
        conn.execute(insert(x).values(**_interchange(file, envelope, key, ulid, number), repeat_of=twin and twin.id))
        found = list(envelope.findings)
        if twin is None and envelope.readable:
            found += note_number(gate, conn, file["connection"], key | {"id": ulid}, envelope.message)
        elif twin is not None and not anyway:
            found = [*found, notes.made("RTE121", reference=key["reference"])]
        notes.note(conn, "interchange", ulid, file["connection"], found)
        if twin is not None and not anyway:
            continue
        _uncut(gate, conn, file, ulid, key["environment"], envelope.bad)
        for piece in envelope.slices:
            seq += 1
            yield {
                "id": batch_id(file["id"], seq), "file": file["id"], "seq": seq, "interchange": ulid,
                "ordinal": piece.ordinal, "offset": piece.offset, "length": piece.length, "line": piece.line,
                "items": piece.items, "connection": file["connection"], "state": "due",
            }  # fmt: skip


def _interchange(file: Any, envelope: Envelope, key: dict[str, Any], ulid: str, number: int) -> dict[str, Any]:
    message = envelope.message
    return key | {
        "id": ulid, "file": file["id"], "seq": number, "test": bool(message.test), "items": envelope.items,
        "prepared_at": message.prepared_at.iso if message.prepared_at else None, "digest": envelope.digest,
        "head": envelope.opening.head, "tail": envelope.opening.tail,
    }  # fmt: skip


def _uncut(gate: Gate, conn: Connection, file: Any, interchange: str, environment: str, bad: list[Bad]) -> None:
    """Items that could not even be handed to a reader: quarantined where they stand."""
    kind = gate.registry(gate.ruleset).format(file["format"], file["received_at"].date()).plan.unit_record.lower()
    for one in bad:
        ulid = new_id()
        row = {
            "id": ulid, "file": file["id"], "seq": one.ordinal, "interchange": interchange, "environment": environment,
            "kind": kind, "item_id": one.id_hint or None, "offset": one.span.offset, "length": one.span.length,
            "line": one.span.line, "state": "quarantined", "ruleset": gate.ruleset,
        }  # fmt: skip
        moves.enter(conn, "item", [row], "T", "read")
        notes.note(conn, "item", ulid, file["connection"], one.findings)
