"""All that is known of one item, for a person: message, findings and places, filings, decisions, answers, audit."""

from collections.abc import Mapping
from typing import Any

import msgspec
from sqlalchemy import Connection, func, or_, select

from gateway.findings import Finding
from gateway.journal import schema
from gateway.model import Decision
from gateway.steps import notes, source
from gateway.steps.gate import Gate
from gateway.steps.groupmembers import LEAD
from gateway.steps.pointer import Lead, leads

i, f, d, a, dl, au = schema.item, schema.filing, schema.decision, schema.answer, schema.delivery, schema.audit
_MEMBER = f.alias("member")
DECISIONS = msgspec.json.Decoder(Decision)


class Said(msgspec.Struct, frozen=True):
    """One decision of customs and where its reasons lead."""

    id: str
    code: str
    outcome: str
    issued_at: str
    state: str
    leads: tuple[Lead, ...]


class Filed(msgspec.Struct, frozen=True):
    """One filing of the item; in a declaration for several parcels, its goods items begin at number `place`."""

    id: str
    route: str
    attempt: int
    lrn: str
    mrn: str
    state: str
    outcome: str
    delivery: str
    findings: tuple[Finding, ...]
    decisions: tuple[Said, ...]
    parcels: int = 1
    place: int = 1


class Dossier(msgspec.Struct, frozen=True):
    """One item from all sides. `history` are audit rows: time, who, action, before, after."""

    item: Mapping[str, Any]
    findings: tuple[Finding, ...]
    filings: tuple[Filed, ...]
    answers: tuple[Mapping[str, Any], ...]
    history: tuple[tuple[str, str, str, str, str], ...]


def dossier(gate: Gate, conn: Connection, item: str) -> Dossier:
    """Look an item up by its id."""
    row = source.item_row(conn, item)
    known = source.places(gate, conn, row) if row["record_blob"] else ()
    found = tuple(source.placed(one, known, row) for one in notes.findings_of(conn, item))
    facts = {
        name: row[name]
        for name in ("id", "item_id", "state", "environment", "file", "line", "offset", "length", "version")
    }
    filings = tuple(_filed(gate, conn, one) for one in conn.execute(_filings(row)).mappings())
    return Dossier(facts, found, filings, tuple(_answers(conn, item)), tuple(_history(conn, item, filings)))


def _filings(row: Mapping[Any, Any]) -> Any:
    """Each under the LRN that customs knows: of several parcels in one declaration that of the first."""
    parcels = select(func.count()).where(_MEMBER.c.lead == f.c.lead).scalar_subquery()
    columns = (*f.c, func.coalesce(LEAD.c.lrn, f.c.lrn).label("known_as"), parcels.label("parcels"))
    filed = select(*columns).outerjoin(LEAD, LEAD.c.id == f.c.lead).where(f.c.item == row["id"])
    return filed.order_by(f.c.attempt)


def _filed(gate: Gate, conn: Connection, row: Mapping[Any, Any]) -> Filed:
    said = conn.execute(select(d).where(d.c.filing == row["id"]).order_by(d.c.issued_at, d.c.id)).mappings()
    sent = conn.execute(select(dl.c.final_name, dl.c.state).where(dl.c.id == row["delivery"])).first()
    return Filed(
        row["id"],
        row["route"],
        row["attempt"],
        row["known_as"],
        row["mrn"] or "",
        row["state"],
        row["outcome"] or "",
        f"{sent.final_name} {sent.state}" if sent else "",
        notes.findings_of(conn, row["id"]),
        tuple(_said(gate, conn, one) for one in said),
        row["parcels"] or 1,
        row["place"] or 1,
    )


def _said(gate: Gate, conn: Connection, row: Mapping[Any, Any]) -> Said:
    try:
        stored = gate.blobs.read(conn, row["record_blob"], row["record_offset"], row["record_length"])
        reasons = DECISIONS.decode(stored).reasons
    except source.GONE:
        reasons = ()
    followed = leads(gate, conn, row["filing"], reasons) if reasons else ()
    return Said(row["id"], row["original"] or "", row["outcome"] or "", row["issued_at"] or "", row["state"], followed)


def _answers(conn: Connection, item: str) -> list[Mapping[str, Any]]:
    columns = (a.c.cause_kind, a.c.kind, dl.c.final_name, dl.c.state)
    told = select(*columns).outerjoin(dl, dl.c.id == a.c.delivery).where(a.c.item == item).order_by(a.c.id)
    return [dict(row) for row in conn.execute(told).mappings()]


def _history(conn: Connection, item: str, filings: tuple[Filed, ...]) -> list[tuple[str, str, str, str, str]]:
    subjects = [item, *(one.id for one in filings)]
    rows = conn.execute(select(au).where(or_(*(au.c.subject == one for one in subjects))).order_by(au.c.seq)).mappings()
    return [
        (row["at"].isoformat(timespec="seconds"), row["who"], row["action"], row["before"] or "", row["after"] or "")
        for row in rows
    ]
