"""Filings: declarations and requests as a person asks for them: by ruleset, time, route, state, outcome, LRN or MRN."""

from collections.abc import Sequence
from datetime import UTC, datetime
from typing import Any

import msgspec
from sqlalchemy import Connection, Select, or_, select

from gateway.journal import schema
from gateway.journal.ids import floor, timestamp
from gateway.journal.search import normal
from gateway.steps.ground.refusal import NotPossible

f, d, r, w = schema.filing, schema.dossier, schema.ruleset, schema.decision
ASTRAY = ("parked", "unclaimed")  # answers whose filing is not known (yet)
ABOUT, LEAD, REPLACED = f.alias("about"), f.alias("lead"), f.alias("replaced")


class Listed(msgspec.Struct, frozen=True):
    """One filing in a list. `lrn` is empty until it is written; `about` and `replaces` are LRNs of others.

    A parcel in the declaration of another goes by the LRN of that, which `carries` it.
    """

    id: str
    lrn: str
    mrn: str
    version: str
    parcel: str
    environment: str
    route: str
    purpose: str
    attempt: int
    format: str
    state: str
    outcome: str
    about: str
    replaces: str
    ruleset: str
    made_at: datetime
    reason: str
    item: str
    carries: bool = True


class Wanted(msgspec.Struct, frozen=True):
    """Which filings; what is left empty takes all."""

    ruleset: str = ""
    since: datetime | None = None
    route: str = ""
    state: str = ""
    outcome: str = ""
    purpose: str = ""


def listed(conn: Connection, wanted: Wanted, limit: int | None = None) -> list[Listed]:
    """The filings that fit, the newest first. Raises: NotPossible for a ruleset that was never in force."""
    fits = [column == value for column, value in _plain(wanted) if value]
    if wanted.ruleset:
        fits.append(f.c.ruleset == ruleset_of(conn, wanted.ruleset))
    if wanted.since is not None:
        fits.append(f.c.id >= floor(wanted.since))
    found = _LISTED.where(*fits).order_by(f.c.id.desc())
    return [_listed(row) for row in conn.execute(found.limit(limit) if limit else found).mappings()]


def named(conn: Connection, text: str) -> list[Listed]:
    """The filings of an LRN, an MRN or an id of ours, and the requests about them, as they were made."""
    one = normal(text)
    mine = select(f.c.id).where(or_(f.c.lrn == one, f.c.mrn == one, f.c.id == one, f.c.lrn == text.strip()))
    ids = list(conn.scalars(mine))
    found = _LISTED.where(or_(f.c.id.in_(ids), f.c.about.in_(ids))).order_by(f.c.id)
    return [_listed(row) for row in conn.execute(found).mappings()] if ids else []


def declaration(conn: Connection, text: str) -> Listed:
    """The one declaration that a person means; of several parcels the one that carries it. Raises: NotPossible."""
    found = [one for one in named(conn, text) if not one.about]
    if not found:
        raise NotPossible("there is no declaration of this LRN or MRN; `gateway filings list` shows them")
    if len({one.lrn for one in found}) > 1:
        raise NotPossible(f"several declarations go by it: {', '.join(one.lrn for one in found)}; name one by its LRN")
    return next((one for one in found if one.carries), found[0])


def unclaimed(conn: Connection) -> list[dict[str, Any]]:
    """Answers of customs that lead to no filing, the oldest first; of parked ones `retry_until` says until when."""
    columns = (
        w.c.id, w.c.authority, w.c.environment, w.c.lrn, w.c.mrn, w.c.outcome, w.c.original, w.c.issued_at, w.c.state,
        w.c.retry_until,
    )  # fmt: skip
    astray = select(*columns).where(w.c.state.in_(ASTRAY)).order_by(w.c.id)
    return [dict(row) for row in conn.execute(astray).mappings()]


def ruleset_of(conn: Connection, beginning: str) -> str:
    """The hash of a ruleset by its first characters. Raises: NotPossible."""
    hashes = list(conn.scalars(select(r.c.hash).where(r.c.hash.startswith(beginning.lower(), autoescape=True))))
    if len(hashes) != 1:
        why = "no ruleset begins so" if not hashes else f"{len(hashes)} rulesets begin so"
        raise NotPossible(f"{why}: {beginning}")
    return str(hashes[0])


def _plain(wanted: Wanted) -> Sequence[tuple[Any, str]]:
    columns = {"route": f.c.route, "state": f.c.state, "outcome": f.c.outcome, "purpose": f.c.purpose}
    return [(column, getattr(wanted, name)) for name, column in columns.items()]


_LISTED: Select[Any] = (
    select(
        *f.c, d.c.business_id.label("parcel"), ABOUT.c.lrn.label("about_lrn"), LEAD.c.lrn.label("lead_lrn"),
        REPLACED.c.lrn.label("replaced_lrn"),
    )
    .join(d, d.c.id == f.c.dossier)
    .outerjoin(ABOUT, ABOUT.c.id == f.c.about)
    .outerjoin(LEAD, LEAD.c.id == f.c.lead)
    .outerjoin(REPLACED, REPLACED.c.id == f.c.replaces)
)  # fmt: skip


def _listed(row: Any) -> Listed:
    lrn = row["lead_lrn"] or row["lrn"]
    return Listed(
        id=row["id"], lrn="" if lrn.startswith("~") else lrn, mrn=row["mrn"] or "", version=row["version"] or "",
        parcel=row["parcel"], environment=row["environment"], route=row["route"], purpose=row["purpose"],
        attempt=row["attempt"], format=row["kind"], state=row["state"], outcome=row["outcome"] or "",
        about=row["about_lrn"] or "", replaces=row["replaced_lrn"] or "", ruleset=row["ruleset"] or "",
        made_at=timestamp(row["id"]).astimezone(UTC), reason=row["reason"] or "", item=row["item"] or "",
        carries=row["lead"] in {None, row["id"]},
    )  # fmt: skip
