"""Assemble: written filings and answers become deliveries: files with a final name and, in an envelope, a reference.

A document that stands alone (one declaration a file) is queued as it lies in the spool. Messages in an envelope take a
number first (`drafting` holds it), are rendered, and are queued: killed between the two, the same delivery is rendered
again under the same number, so that numbers have no gap. Two partners behind one mailbox never share a file.
"""

import hashlib
from collections.abc import Collection, Iterator, Mapping, Sequence
from typing import Any

from sqlalchemy import Connection, bindparam, select, update

from gateway.journal import bulk, schema
from gateway.journal.ids import new_ids
from gateway.steps import aside, moves, switches
from gateway.steps.gate import Gate
from gateway.steps.mailing import mail_answers
from gateway.steps.many import together
from gateway.steps.outgoing import Due, delivery_row
from gateway.steps.render import render_drafts

ROUND = 500
f, a, dl, part = schema.filing, schema.answer, schema.delivery, schema.delivery_part
i, x, file = schema.item, schema.interchange, schema.file


def assemble(gate: Gate, *, flush: bool = False, paused: Collection[tuple[str, str]] = ()) -> int:
    """Make the deliveries that are due; with `flush` without waiting for a fuller file. Returns how many.

    `paused` are routes, each with the environment in which it is stopped.
    """
    made = sum(_filings(gate, due, route) for due, route in _routes(gate, paused))
    return made + mail_answers(gate, flush=flush) + render_drafts(gate)


def _routes(gate: Gate, paused: Collection[tuple[str, str]]) -> Iterator[tuple[Due, str]]:
    """Kinds of filings that wait, by the route that made them, where the line still takes them to the partner.

    The brake keeps declarations back, not what is asked about those that customs has: so these can be cancelled.
    """
    columns = (f.c.route, f.c.environment, f.c.connection, f.c.kind, f.c.about.is_not(None))
    by_a_person = switches.paused_routes(gate, switches.BY_A_PERSON)
    with gate.journal.read() as conn:
        groups = conn.execute(select(*columns).where(f.c.state == "written").distinct()).all()
    for route, environment, connection, kind, asked in groups:
        rule = gate.hub.way(connection, kind, route)
        if rule is not None and (route, environment) not in (by_a_person if asked else paused):
            yield Due(connection, kind, environment, rule), route


def _filings(gate: Gate, due: Due, route: str) -> int:
    """One declaration, one file."""
    wanted = (f.c.state == "written", f.c.connection == due.connection, f.c.kind == due.kind,
              f.c.environment == due.environment, f.c.route == route, f.c.id.not_in(aside.marked()))  # fmt: skip
    with gate.journal.read() as conn:
        ids = list(conn.scalars(select(f.c.id).where(*wanted).order_by(f.c.id).limit(ROUND)))

    def stop(one: str, error: Exception) -> None:
        aside.put(gate, "filing", one, due.connection, error)

    together(ids, lambda some: _queue(gate, due, some), stop)
    return len(ids)


def _queue(gate: Gate, due: Due, filings: Sequence[str]) -> None:
    """A delivery for each that is still written, in one transaction."""
    columns = (f.c.id, f.c.lrn, f.c.lead, f.c.payload_blob, f.c.payload_offset, f.c.payload_length)
    with gate.journal.write("assemble.queue") as conn:
        written = select(*columns).where(f.c.id.in_(filings), f.c.state == "written").order_by(f.c.id)
        rows = conn.execute(written).mappings().all()
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
        _take_along(conn, [pair for pair, row in zip(pairs, rows, strict=True) if row["lead"]])


def _take_along(conn: Connection, pairs: Sequence[Mapping[str, str]]) -> None:
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
