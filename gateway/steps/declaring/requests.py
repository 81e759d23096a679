"""Requests: what is asked of customs about a declaration that it has: change it, withdraw it, the goods are here.

A request is a filing of its own, with an LRN, a delivery and an outcome of its own, about the declaration that it names
(`about`). It waits until customs has told the MRN of that; a change waits until the change before it is answered, so
that two never meet (`waits`). A newer change takes the place of one that is not out yet, any other request that of one
that is held: asked again, with what it lacked.
"""

from collections.abc import Mapping
from typing import Any

from sqlalchemy import ColumnElement, Connection, and_, func, or_, select

from gateway.findings import catalogue
from gateway.journal import schema
from gateway.journal.ids import new_id
from gateway.mapping.plugins import authority_for
from gateway.mapping.protocols import DECLARE, Purpose, Requester
from gateway.steps.declaring.groupmembers import not_alone
from gateway.steps.ground import moves, notes
from gateway.steps.ground.gate import Gate
from gateway.steps.ground.refusal import NotPossible

CHANGE: Purpose = "amend"
HELD = "held"
UNSENT = ("waiting", HELD, "written")
UNDER_WAY = ("assembled", "lodged")
LOST = ("rejected", "cancelled")
f, i = schema.filing, schema.item
OTHER = f.alias("other")
Row = Mapping[Any, Any]


def ask(
    gate: Gate, conn: Connection, filing: str, purpose: Purpose, who: str, *, reason: str = "", note: str = "",
    item: str = "",
) -> str:  # fmt: skip
    """A request about a declaration, to be written by the compose step; returns its id.

    `item` is the version that holds now, where it is not that of the declaration. Raises: NotPossible.
    """
    about = conn.execute(select(f).where(f.c.id == filing)).mappings().one()
    _may_be_asked(conn, about, purpose)
    kind = _kind(about, purpose)
    _give_way(conn, filing, purpose, who)
    request = new_id()
    moves.enter(conn, "filing", [{
        "id": request, "dossier": about["dossier"], "environment": about["environment"], "route": about["route"],
        "purpose": purpose, "attempt": _attempts(conn, about, purpose) + 1, "item": item or about["item"],
        "connection": about["connection"], "kind": kind, "declarant": about["declarant"], "lrn": f"~{request}",
        "ruleset": gate.ruleset, "state": "waiting", "about": filing, "reason": reason or None, "note": note or None,
    }], who, purpose)  # fmt: skip
    return request


def waits() -> ColumnElement[bool]:
    """Which filings cannot be written yet: requests without an MRN, and changes while another one is under way."""
    open_ = (OTHER.c.id == f.c.about, OTHER.c.state.in_(UNDER_WAY))
    nameless = select(OTHER.c.id).where(*open_, OTHER.c.mrn.is_(None)).exists()
    before = (OTHER.c.about == f.c.about, OTHER.c.purpose == CHANGE, OTHER.c.id < f.c.id)
    meets = select(OTHER.c.id).where(*before, OTHER.c.state.in_(("written", *UNDER_WAY))).exists()
    return and_(f.c.about.is_not(None), or_(nameless, and_(f.c.purpose == CHANGE, meets)))


def newest(conn: Connection, filing: str) -> str:
    """The version of the parcel that holds now. Raises: NotPossible while a newer one waits for a person."""
    dossier = select(f.c.dossier).where(f.c.id == filing).scalar_subquery()
    counts = i.c.state.in_(("accepted", "held", "closed"))
    last = select(i.c.id, i.c.state).where(i.c.dossier == dossier, counts).order_by(i.c.file.desc(), i.c.seq.desc())
    row = conn.execute(last.limit(1)).first()
    if row is None or row.state == "held":
        raise NotPossible("its newest version is held: look at it with `gateway items show`, and release that")
    return str(row.id)


def _kind(about: Row, purpose: Purpose) -> str:
    pack = authority_for(about["kind"])
    said = about["outcome"] or ""
    kind = pack.request_format(about["kind"], purpose, said) if isinstance(pack, Requester) else None
    if kind is None:
        raise NotPossible(catalogue.text(notes.made("RTE142", purpose=purpose, format=about["kind"])))
    return kind


def _may_be_asked(conn: Connection, about: Row, purpose: Purpose) -> None:
    """Raises: NotPossible."""
    if about["purpose"] != DECLARE:
        raise NotPossible(f"{about['lrn']} is itself a request; name the declaration")
    if about["state"] in UNSENT or about["state"] == "withdrawn":
        raise NotPossible(f"customs does not have it: it is {about['state']}")
    if about["state"] == "settled" and about["outcome"] in LOST:
        raise NotPossible(catalogue.text(lost(about, purpose)))
    if (shared := not_alone(conn, about["id"], whole=purpose != CHANGE)) is not None:
        raise NotPossible(catalogue.text(shared))
    if purpose != CHANGE and (twin := _open(conn, about["id"], purpose)):
        raise NotPossible(f"this was asked already and is not answered yet: {twin}")


def lost(about: Row, purpose: str) -> Any:
    """Why nothing can be asked about a declaration: customs does not have it any more."""
    outcome = about["outcome"] if about["state"] == "settled" else about["state"]
    return notes.made("RTE140", lrn=about["lrn"], purpose=purpose, outcome=outcome or "")


def _open(conn: Connection, about: str, purpose: str) -> str | None:
    mine = select(f.c.lrn, f.c.id).where(f.c.about == about, f.c.purpose == purpose)
    row = conn.execute(mine.where(f.c.state.in_({*UNSENT, *UNDER_WAY} - {HELD})).limit(1)).first()
    return None if row is None else row.id if row.lrn.startswith("~") else row.lrn


def _give_way(conn: Connection, about: str, purpose: Purpose, who: str) -> None:
    """What is held, and a change that is not out yet, says less than the request that comes now."""
    older = list(conn.scalars(select(f.c.id).where(f.c.about == about, f.c.purpose == purpose)))
    for state in UNSENT if purpose == CHANGE else (HELD,):
        moves.move(conn, "filing", older, state, "withdrawn", who, "supersede")


def _attempts(conn: Connection, about: Row, purpose: Purpose) -> int:
    mine = (f.c.dossier == about["dossier"], f.c.route == about["route"], f.c.purpose == purpose)
    return conn.scalar(select(func.max(f.c.attempt)).where(*mine)) or 0
