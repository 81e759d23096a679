"""Assemble: written filings and answers become deliveries: files with a final name and, in an envelope, a control reference.

A document that stands alone (one declaration a file) is queued as it lies in the spool. Messages in an envelope take a
number first (`drafting` holds it), are rendered, and are queued: killed between the two, the same delivery is rendered
again under the same number, so that numbers have no gap.
"""

import hashlib
from collections.abc import Mapping, Sequence
from datetime import timedelta
from typing import Any, NamedTuple

from sqlalchemy import Connection, Table, bindparam, func, insert, select, update

from gateway.findings.failpoint import failpoint
from gateway.journal import bulk, schema
from gateway.journal.counter import next_number
from gateway.journal.ids import new_ids, timestamp
from gateway.model import Message, Moment
from gateway.settings.connection import Outbound
from gateway.steps import moves
from gateway.steps.gate import Gate

ROUND = 500
REFERENCE_WIDTH = 14  # UPU message head and UN/EDIFACT 0020: an..14
f, a, dl, part = schema.filing, schema.answer, schema.delivery, schema.delivery_part


class Due(NamedTuple):
    """What waits for one kind of file on one line in one environment."""

    connection: str
    kind: str
    environment: str
    rule: Outbound


def assemble(gate: Gate, *, flush: bool = False, paused: frozenset[str] = frozenset()) -> int:
    """Make the deliveries that are due; with `flush` without waiting for a fuller file. Returns how many."""
    made = sum(_filings(gate, due, paused) for due in _due(gate, f, f.c.state == "written"))
    made += sum(_answers(gate, due, flush=flush) for due in _due(gate, a, a.c.delivery.is_(None)))
    return made + render_drafts(gate)


def _due(gate: Gate, table: Table, where: Any) -> list[Due]:
    columns = (table.c.connection, table.c.kind, table.c.environment)
    with gate.journal.read() as conn:
        groups = conn.execute(select(*columns).where(where).distinct()).all()
    found = (Due(*group, rule) for group in groups if (rule := _rule(gate, *group)) is not None)
    return list(found)


def _rule(gate: Gate, connection: str, kind: str, _environment: str) -> Outbound | None:
    line = gate.hub.connections.get(connection)
    return next((o for o in line.outbound if o.format == kind), None) if line else None


def _filings(gate: Gate, due: Due, paused: frozenset[str]) -> int:
    """One declaration, one file."""
    wanted = (f.c.state == "written", f.c.connection == due.connection, f.c.kind == due.kind,
              f.c.environment == due.environment, f.c.route.not_in(paused))  # fmt: skip
    columns = (f.c.id, f.c.lrn, f.c.payload_blob, f.c.payload_offset, f.c.payload_length)
    with gate.journal.write() as conn:
        rows = conn.execute(select(*columns).where(*wanted).order_by(f.c.id).limit(ROUND)).mappings().all()
        ids, digests = new_ids(len(rows)), _digests(gate, conn, rows)
        deliveries = [
            _delivery(gate, conn, due, one, row["lrn"])
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
    failpoint("assemble.queued")
    return len(rows)


def _digests(gate: Gate, conn: Connection, rows: Sequence[Mapping[Any, Any]]) -> list[str]:
    """SHA-256 of each payload; the filings of a batch share one blob, which is read once."""
    blobs = {ulid: gate.blobs.read(conn, ulid) for ulid in {row["payload_blob"] for row in rows}}
    places = ((row["payload_blob"], row["payload_offset"], row["payload_length"]) for row in rows)
    return [hashlib.sha256(blobs[ulid][at : at + size]).hexdigest() for ulid, at, size in places]


def _part(delivery: str, row: Mapping[Any, Any]) -> dict[str, Any]:
    return {"delivery": delivery, "seq": 1, "blob": row["payload_blob"], "offset": row["payload_offset"],
            "length": row["payload_length"]}  # fmt: skip


def _delivery(
    gate: Gate, conn: Connection, due: Due, one: str, lrn: str = "", *, numbered: bool = False
) -> dict[str, Any]:
    """A delivery's row: its name, and its number where the name or the envelope needs one."""
    numbered = numbered or "control_reference" in due.rule.name.placeholders
    number = reference(gate, conn, due) if numbered else None
    source = gate.registry(gate.ruleset).format(due.kind, gate.now().date())
    name = due.rule.name.fill(
        lrn=lrn, control_reference=number or "", format=due.kind, syntax=source.plan.syntax,
        gateway=gate.hub.settings.gateway.id,
    )  # fmt: skip
    return {
        "id": one, "connection": due.connection, "environment": due.environment, "kind": due.kind,
        "directory": due.rule.directory, "final_name": name, "control_reference": number,
    }  # fmt: skip


def reference(gate: Gate, conn: Connection, due: Due) -> str:
    """The next control reference of this line: gateway id and number, 14 characters."""
    number = next_number(conn, due.connection, due.environment, due.kind)
    prefix = gate.hub.settings.gateway.id
    return f"{prefix}{number:0{REFERENCE_WIDTH - len(prefix)}d}"


def _answers(gate: Gate, due: Due, *, flush: bool) -> int:
    """Answers of one kind for one line, so many a file; a file that is not full waits for its time."""
    waiting = (a.c.delivery.is_(None), a.c.connection == due.connection, a.c.kind == due.kind,
               a.c.environment == due.environment)  # fmt: skip
    with gate.journal.write() as conn:
        ids = list(conn.scalars(select(a.c.id).where(*waiting).order_by(a.c.id).limit(ROUND * 10)))
        groups = [ids[at : at + due.rule.per_file] for at in range(0, len(ids), due.rule.per_file)]
        ready = [g for g in groups if flush or len(g) == due.rule.per_file or _old_enough(gate, due.rule, g[0])]
        for group, one in zip(ready, new_ids(len(ready)), strict=True):
            row = _delivery(gate, conn, due, one, numbered=True)
            moves.enter(conn, "delivery", [row | {"state": "drafting"}], "A", "reserve")
            conn.execute(update(a).where(a.c.id.in_(group)).values(delivery=one))
    if ready:
        failpoint("assemble.reserved")
    return len(ready)


def _old_enough(gate: Gate, rule: Outbound, oldest: str) -> bool:
    """Collected for long enough. A cron line counts as an hour: the mover's own schedule is the finer one."""
    wait = (rule.every.interval or timedelta(hours=1)) if rule.every else timedelta()
    return gate.now() - timestamp(oldest) >= wait


def render_drafts(gate: Gate) -> int:
    """Put the envelope around what a number was reserved for, and queue it."""
    with gate.journal.read() as conn:
        drafts = conn.execute(select(dl).where(dl.c.state == "drafting").order_by(dl.c.id).limit(64)).mappings().all()
    for draft in drafts:
        _render(gate, draft)
    return len(drafts)


def _render(gate: Gate, draft: Mapping[Any, Any]) -> None:
    target = gate.registry(gate.ruleset).format(draft["kind"], gate.now().date())
    with gate.journal.read() as conn:
        units = [gate.blobs.read(conn, *row).decode() for row in _units(conn, draft["id"])]
    message = envelope(gate, draft)
    blob = gate.blobs.write("envelope", draft["connection"], target.frame(message, units))
    failpoint("assemble.rendered")
    with gate.journal.write() as conn:
        gate.blobs.add(conn, blob)
        conn.execute(insert(part).values(delivery=draft["id"], seq=1, blob=blob.id, offset=0, length=blob.size))
        facts = {"size": blob.size, "sha256": blob.sha256}
        moves.move(conn, "delivery", [draft["id"]], "drafting", "queued", "A", "assemble", **facts)
    failpoint("assemble.queued")


def _units(conn: Connection, delivery: str) -> Sequence[Any]:
    columns = (a.c.payload_blob, a.c.payload_offset, a.c.payload_length)
    return conn.execute(select(*columns).where(a.c.delivery == delivery).order_by(a.c.id)).all()


def envelope(gate: Gate, draft: Mapping[Any, Any]) -> Message:
    """Who says it to whom, under which number. The test flag is set on a test line."""
    line = gate.hub.connections[draft["connection"]]
    rule = _rule(gate, draft["connection"], draft["kind"], draft["environment"])
    recipient = rule.partner if rule else line.owner
    return Message(
        sender=gate.hub.settings.gateway.id,
        recipient=gate.hub.mailbox(recipient),
        prepared_at=Moment(iso=timestamp(draft["id"]).strftime("%Y-%m-%dT%H:%M:%SZ")),
        control_reference=draft["control_reference"],
        reference="1",
        test=True if draft["environment"] == "test" else None,
    )


def waiting(gate: Gate) -> int:
    """Filings and answers that no delivery carries yet."""
    with gate.journal.read() as conn:
        filings = conn.scalar(select(func.count()).where(f.c.state == "written")) or 0
        return filings + (conn.scalar(select(func.count()).where(a.c.delivery.is_(None))) or 0)
