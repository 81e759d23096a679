"""Translate, first half: a received file becomes interchanges and batches, or is refused with a reason.

Two parts: `survey` looks at bytes and decides nothing that the journal knows; `open_file` compares with the journal and
writes, in one transaction. Killed before it commits, the next start surveys again: same keys, same rows.
"""

import hashlib
from collections.abc import Iterator
from pathlib import Path
from typing import Any, BinaryIO

import msgspec
from sqlalchemy import Connection, insert, select, update

from gateway.findings import Finding
from gateway.findings.errors import MappingInvalid
from gateway.findings.failpoint import failpoint
from gateway.journal import schema
from gateway.journal.ids import batch_id, new_id
from gateway.mapping.format import Format
from gateway.mapping.protocols import Bad, Closing, Opening, Slice
from gateway.model import Message
from gateway.steps import moves, notes
from gateway.steps.gate import Gate

BATCH = 500  # items a batch: one transaction, two fsyncs, well under a second of work
HEAD = 65_536
BLOCK = 1 << 20


class Envelope(msgspec.Struct):
    """One interchange as it was found: its head, its slices, what cannot even be cut."""

    opening: Opening
    message: Message
    findings: list[Finding]
    slices: list[Slice]
    bad: list[Bad]
    items: int = 0
    digest: str = ""


class Survey(msgspec.Struct, frozen=True):
    """A file as bytes show it: its interchanges, or the findings that refuse it as a whole."""

    envelopes: tuple[Envelope, ...] = ()
    refused: tuple[Finding, ...] = ()


def intake(gate: Gate) -> int:
    """Open every received file that was not opened yet; returns how many."""
    due = select(schema.file).where(schema.file.c.state == "received", schema.file.c["items"].is_(None))
    with gate.journal.read() as conn:
        files = conn.execute(due.order_by(schema.file.c.id).limit(64)).mappings().all()
    if not files:
        return 0
    found = [survey(gate, gate.path(f["blob"]), f["format"], f["received_at"].date()) for f in files]
    failpoint("intake.scanned")
    with gate.journal.write() as conn:
        for file, seen in zip(files, found, strict=True):
            open_file(gate, conn, file, seen)
    failpoint("intake.opened")
    return len(files)


def survey(gate: Gate, path: Path, format_name: str, on: Any) -> Survey:
    """What the bytes say. The format is the one the connection promises; a file that does not look like it is refused."""
    registry = gate.registry(gate.ruleset)
    try:
        source = registry.format(format_name, on)
    except MappingInvalid:
        return Survey(refused=(Finding("INT902", values={"format": format_name}),))
    with path.open("rb") as stream:
        head = stream.read(HEAD)
        refused = source.syntax.refuse(head, path.stat().st_size, gate.limits)
        if refused is None and not source.syntax.recognise(head, (source.plan,)):
            refused = Finding("SRC205", values={"format": format_name})
        if refused is not None:
            return Survey(refused=(refused,))
        stream.seek(0)
        return _collect(gate, source, stream)


def _collect(gate: Gate, source: Format, stream: BinaryIO) -> Survey:
    envelopes: list[Envelope] = []
    for found in source.syntax.slices(stream, source.plan, BATCH, gate.limits):
        if isinstance(found, Opening):
            outer = source.read_outer(found)
            message = outer.record if isinstance(outer.record, Message) else Message()
            envelopes.append(Envelope(found, message, list(outer.findings), [], []))
        elif isinstance(found, Slice):
            envelopes[-1].slices.append(found)
            envelopes[-1].items += found.items
        elif isinstance(found, Closing):
            envelopes[-1].findings.extend(found.findings)
        elif found.ordinal is None or not envelopes:
            return Survey(refused=found.findings)
        else:
            envelopes[-1].bad.append(found)
            envelopes[-1].items += 1
    for envelope in envelopes:
        envelope.digest = _digest(stream, envelope.slices)
    return Survey(tuple(envelopes))


def _digest(stream: BinaryIO, slices: list[Slice]) -> str:
    """SHA-256 over the bytes from the first item to the last: what makes one interchange the same as another."""
    digest = hashlib.sha256()
    if slices:
        stream.seek(slices[0].offset)
        left = slices[-1].offset + slices[-1].length - slices[0].offset
        while left and (block := stream.read(min(BLOCK, left))):
            digest.update(block)
            left -= len(block)
    return digest.hexdigest()


def open_file(gate: Gate, conn: Connection, file: Any, found: Survey) -> None:
    """Write what was found, or refuse the file: unreadable, a duplicate, a reference used again, nobody's."""
    waived = _waived(conn, file["id"])
    refused = found.refused or tuple(_objections(gate, conn, file, found.envelopes, waived))
    fresh = [e for e in found.envelopes if waived or _twin(conn, file, _key(gate, file, e)) is None]
    if not refused and not fresh:
        refused = (Finding("RTE121", values={"reference": found.envelopes[0].message.control_reference or ""}),)
    if refused:
        notes.note(conn, "file", file["id"], file["connection"], refused)
        moves.move(conn, "file", [file["id"]], "received", "refused", "T", "refuse", ruleset=gate.ruleset)
        return
    batches = list(_rows(gate, conn, file, found.envelopes))
    moves.enter(conn, "batch", batches, "T", "open")
    items = sum(e.items for e in found.envelopes)
    conn.execute(update(schema.file).where(schema.file.c.id == file["id"]).values(items=items, ruleset=gate.ruleset))
    if not batches:
        moves.move(conn, "file", [file["id"]], "received", "read", "T", "read")


def _objections(
    gate: Gate, conn: Connection, file: Any, envelopes: tuple[Envelope, ...], waived: bool
) -> Iterator[Finding]:
    if not envelopes:
        yield Finding("SRC206")
    same = select(schema.file.c.id).where(
        schema.file.c.connection == file["connection"], schema.file.c.sha256 == file["sha256"],
        schema.file.c.id < file["id"], schema.file.c.state.in_(("received", "read", "refused")),
    )  # fmt: skip
    if not waived and (earlier := conn.scalar(same.limit(1))):
        yield Finding("RTE122", values={"file": earlier})
        return
    for envelope in envelopes:
        sender = envelope.message.sender or ""
        if gate.hub.sender(file["connection"], sender) is None:
            yield Finding("RTE124", values={"sender": sender, "connection": file["connection"]})
        twin = _twin(conn, file, _key(gate, file, envelope))
        if twin is not None and twin.digest != envelope.digest and not waived:
            yield Finding("RTE123", values={"reference": envelope.message.control_reference or "", "file": twin.file})


def _key(gate: Gate, file: Any, envelope: Envelope) -> dict[str, Any]:
    """What names an interchange: environment, sender, recipient, type, reference. The test flag can only lower."""
    message = envelope.message
    test = bool(message.test)
    return {
        "environment": "test" if test else file["environment"],
        "sender": message.sender or "",
        "recipient": message.recipient or "",
        "type": file["format"],
        "reference": message.control_reference,
    }


def _twin(conn: Connection, file: Any, key: dict[str, Any]) -> Any:
    """The interchange that used this reference before, or None."""
    if key["reference"] is None:
        return None
    t = schema.interchange
    same = [t.c[name] == value for name, value in key.items()]
    return conn.execute(
        select(t.c.id, t.c.file, t.c.digest).where(*same, t.c.repeat_of.is_(None), t.c.file != file["id"])
    ).first()


def _waived(conn: Connection, file: str) -> bool:
    """A person has looked at this file and wants it read all the same."""
    t = schema.finding
    return conn.scalar(select(t.c.code).where(t.c.subject == file, t.c.waived_by.is_not(None)).limit(1)) is not None


def _rows(gate: Gate, conn: Connection, file: Any, envelopes: tuple[Envelope, ...]) -> Iterator[dict[str, Any]]:
    """Interchanges go in as they come; the rows of their batches are returned for one bulk insert."""
    seq = 0
    for number, envelope in enumerate(envelopes, 1):
        key, ulid = _key(gate, file, envelope), new_id()
        twin = _twin(conn, file, key)
        conn.execute(
            insert(schema.interchange).values(
                id=ulid, file=file["id"], seq=number, **key, test=bool(envelope.message.test),
                prepared_at=envelope.message.prepared_at.iso if envelope.message.prepared_at else None,
                items=envelope.items, repeat_of=twin.id if twin else None, digest=envelope.digest,
                head=envelope.opening.head, tail=envelope.opening.tail,
            )
        )  # fmt: skip
        notes.note(conn, "interchange", ulid, file["connection"], envelope.findings)
        if twin is not None and not _waived(conn, file["id"]):
            notes.note(
                conn,
                "interchange",
                ulid,
                file["connection"],
                [Finding("RTE121", values={"reference": key["reference"]})],
            )
            continue
        _uncut(gate, conn, file, ulid, key["environment"], envelope.bad)
        for piece in envelope.slices:
            seq += 1
            yield {
                "id": batch_id(file["id"], seq), "file": file["id"], "seq": seq, "interchange": ulid,
                "ordinal": piece.ordinal, "offset": piece.offset, "length": piece.length, "line": piece.line,
                "items": piece.items, "connection": file["connection"], "state": "due",
            }  # fmt: skip


def _uncut(gate: Gate, conn: Connection, file: Any, interchange: str, environment: str, bad: list[Bad]) -> None:
    """Items that could not even be handed to a reader: quarantined where they stand."""
    for one in bad:
        ulid = new_id()
        row = {
            "id": ulid, "file": file["id"], "seq": one.ordinal, "interchange": interchange, "environment": environment,
            "kind": "consignment", "item_id": one.id_hint or None, "offset": one.span.offset, "length": one.span.length,
            "line": one.span.line, "state": "quarantined", "ruleset": gate.ruleset,
        }  # fmt: skip
        moves.enter(conn, "item", [row], "T", "read")
        notes.note(conn, "item", ulid, file["connection"], one.findings)
