"""All that is known of one item, for a person: message, findings and places, filings, decisions, answers, audit."""

from collections.abc import Mapping
from typing import Any

import msgspec
from sqlalchemy import Connection, Select, func, or_, select

from gateway.findings import Finding
from gateway.journal import schema
from gateway.mapping.protocols import DECLARE
from gateway.steps.answering.pointer import Lead
from gateway.steps.answering.reasons import said_by_customs, words
from gateway.steps.declaring.groupmembers import LEAD
from gateway.steps.ground import notes, source
from gateway.steps.ground.gate import Gate
from gateway.steps.hearing.fold import Standing
from gateway.steps.hearing.standing import standing

i, f, d, a, dl, au = schema.item, schema.filing, schema.decision, schema.answer, schema.delivery, schema.audit
_MEMBER, _ABOUT = f.alias("member"), f.alias("about")


class Said(msgspec.Struct, frozen=True):
    """One decision of customs and where its reasons and changes lead; `told` is each as its sender is told."""

    id: str
    code: str
    outcome: str
    issued_at: str
    state: str
    leads: tuple[Lead, ...]
    told: tuple[str, ...] = ()


class Filed(msgspec.Struct, frozen=True):
    """One filing of the item; in a declaration for several parcels, its goods items begin at number `place`.

    A request is `about` the LRN of a declaration.

    `edition` is that of the official schema which its text was held against, `standing` what holds of a declaration
    after all that customs said of it.
    """

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
    edition: str = ""
    standing: Standing = Standing()
    purpose: str = DECLARE
    about: str = ""


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
        for name in (
            "id",
            "item_id",
            "state",
            "environment",
            "file",
            "line",
            "offset",
            "length",
            "version",
            "erased_at",
        )
    }
    filed = conn.execute(_filings().where(f.c.item == item).order_by(f.c.id)).mappings().all()
    filings = tuple(_filed(gate, conn, one, _language(gate, one["route"], row)) for one in filed)
    return Dossier(facts, found, filings, tuple(_answers(conn, item)), tuple(_history(conn, item, filings)))


def filed_as(gate: Gate, conn: Connection, filing: str) -> Filed:
    """Look one filing up by its id."""
    row = conn.execute(_filings().where(f.c.id == filing)).mappings().one()
    return _filed(gate, conn, row, _language(gate, row["route"], source.item_row(conn, row["item"])))


def _filings() -> Select[Any]:
    """Each under the LRN that customs knows: of several parcels in one declaration that of the first."""
    parcels = select(func.count()).where(_MEMBER.c.lead == f.c.lead).scalar_subquery()
    known_as = func.coalesce(LEAD.c.lrn, f.c.lrn).label("known_as")
    columns = (*f.c, known_as, parcels.label("parcels"), _ABOUT.c.lrn.label("about_lrn"))
    return select(*columns).outerjoin(LEAD, LEAD.c.id == f.c.lead).outerjoin(_ABOUT, _ABOUT.c.id == f.c.about)


def _language(gate: Gate, route: str, item: Mapping[Any, Any]) -> str:
    """Of whoever is told of it."""
    return gate.hub.language(gate.hub.told(route, item["connection"], item["sender"]))


def _filed(gate: Gate, conn: Connection, row: Mapping[Any, Any], language: str) -> Filed:
    said = conn.execute(select(d).where(d.c.filing == row["id"]).order_by(d.c.issued_at, d.c.id)).mappings().all()
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
        tuple(_said(gate, conn, one, language) for one in said),
        row["parcels"] or 1,
        row["place"] or 1,
        row["edition"] or "",
        Standing() if row["about"] else standing(gate, conn, said),
        row["purpose"],
        row["about_lrn"] or "",
    )


def _said(gate: Gate, conn: Connection, row: Mapping[Any, Any], language: str) -> Said:
    facts = (row["id"], row["original"] or "", row["outcome"] or "", row["issued_at"] or "", row["state"])
    try:
        heard = source.said_in(gate, conn, row)
    except source.GONE:
        return Said(*facts, ())
    causes = tuple(said_by_customs(gate, conn, row["filing"], heard))
    return Said(*facts, tuple(one.lead for one in causes), tuple(words(one, language) for one in causes))


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
