"""Compose: filings that wait are written: further attempts, and items that a person released.

The first attempt of a new item is written together with its reading; only what cannot be known then comes here. Nothing
is claimed: writing twice gives the same text under the same LRN, and the move out of `waiting` happens once.
"""

from collections.abc import Collection, Mapping
from itertools import groupby
from operator import itemgetter
from typing import Any

from sqlalchemy import Connection, or_, select

from gateway.findings import Finding
from gateway.findings.failpoint import failpoint
from gateway.journal import schema
from gateway.steps import moves, notes
from gateway.steps.gate import Gate
from gateway.steps.lrn import DossierKey
from gateway.steps.outcome import Draft, Rewrite, WriteDone, WriteJob
from gateway.steps.settle import store_parts
from gateway.steps.setup import setup_for

LIMIT = 200
f, i, d, x, file = schema.filing, schema.item, schema.dossier, schema.interchange, schema.file
GROUP = itemgetter("connection", "sender", "format", "environment")


def take(gate: Gate, busy: Collection[str]) -> list[tuple[list[str], WriteJob]]:
    """Jobs for filings that wait for nothing but being written."""
    columns = (
        f.c.id, f.c.route, f.c.attempt, f.c.item, i.c.record_blob, i.c.record_offset, i.c.record_length,
        d.c.environment, d.c.kind, d.c.business_id, d.c.epoch, x.c.sender, file.c.connection, file.c.format,
        file.c.received_at,
    )  # fmt: skip
    due = (
        select(*columns)
        .join(i, i.c.id == f.c.item)
        .join(d, d.c.id == f.c.dossier)
        .join(x, x.c.id == i.c.interchange)
        .join(file, file.c.id == i.c.file)
        .where(f.c.state == "waiting", or_(f.c.wait_until.is_(None), f.c.wait_until <= gate.now()))
        .order_by(file.c.connection, x.c.sender, file.c.format, d.c.environment, f.c.id)
        .limit(LIMIT)
    )
    with gate.journal.read() as conn:
        rows = [row for row in conn.execute(due).mappings() if row["id"] not in busy]
        groups = [list(group) for _, group in groupby(rows, key=GROUP)]
        return [([row["id"] for row in group], _job(gate, conn, group)) for group in groups]


def _job(gate: Gate, conn: Connection, rows: list[Any]) -> WriteJob:
    orders = tuple(
        Rewrite(
            filing=row["id"],
            key=DossierKey(row["environment"], row["kind"], row["business_id"], row["epoch"]),
            route=row["route"],
            attempt=row["attempt"],
            record=gate.blobs.read(conn, row["record_blob"], row["record_offset"], row["record_length"]),
            waived=waived_codes(conn, row["item"]),
        )
        for row in rows
    )
    return WriteJob(setup_for(gate, rows[0], gate.ruleset), gate.now(), orders)


def waived_codes(conn: Connection, subject: str) -> tuple[str, ...]:
    """Codes that a person has waived for this item or filing."""
    t = schema.finding
    return tuple(conn.scalars(select(t.c.code).where(t.c.subject == subject, t.c.waived_by.is_not(None)).distinct()))


def finish(gate: Gate, done: WriteDone) -> None:
    """What was written goes into the journal."""
    blob, places = store_parts(gate, "filed", "again", [draft.text for _, draft in done.drafts])
    failpoint("translate.blobs")
    with gate.journal.write() as conn:
        if blob is not None:
            gate.blobs.add(conn, blob)
        for (filing, draft), place in zip(done.drafts, places, strict=True):
            _write(gate, conn, filing, draft, place.columns("payload"))


def _write(gate: Gate, conn: Connection, filing: str, draft: Draft, payload: Mapping[Any, Any]) -> None:
    values = {"lrn": draft.lrn, "declarant": draft.declarant, "kind": draft.target, "connection": draft.connection,
              "ruleset": gate.ruleset, **payload}  # fmt: skip
    if moves.move(conn, "filing", [filing], "waiting", draft.state, "T", "write", **values):
        notes.replace(conn, "filing", filing, draft.connection, draft.findings)


def give_up(gate: Gate, filings: Collection[str], why: str) -> None:
    """A worker died while writing these: each waits for a person; nothing is tried for ever."""
    with gate.journal.write() as conn:
        for filing in moves.move(conn, "filing", filings, "waiting", "held", "T", "write"):
            notes.note(conn, "filing", filing, "", [Finding("INT901", values={"why": why})])
