"""A declaration as customs has it, and what is asked about it: gathered from the journal for those who write it."""

from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any

from sqlalchemy import Connection, select

from gateway.journal import schema
from gateway.journal.ids import timestamp
from gateway.steps.declaring.assessed import claimable
from gateway.steps.ground import source
from gateway.steps.ground.gate import Gate
from gateway.steps.working.filer import Filer
from gateway.steps.working.outcome import Asked, Declared

CLAIMING = ("cancel", "repay")  # requests that may ask for money back
f = schema.filing
Row = Mapping[Any, Any]


def written_at(row: Row) -> datetime:
    """When it was declared: a filing's id holds when it was made; one that waited for others has bytes that do."""
    return timestamp(row["payload_blob"] if row["lead"] else row["id"]).astimezone(UTC)


def filer_of(gate: Gate, row: Row) -> Filer:
    """Who filed it, as the configuration said then."""
    partner = gate.hub.receiver(row["connection"], row["kind"], row["route"])
    return gate.filers(row["ruleset"]).get(partner, Filer())


def asked(gate: Gate, conn: Connection, request: str, filer: Filer) -> Asked:
    """What a request asks. Raises RulesetMissing, or `source.GONE`.

    A change without a reason of its own has the one that the filer gives for all.
    """
    row = conn.execute(select(f).where(f.c.id == request)).mappings().one()
    about = conn.execute(select(f).where(f.c.id == row["about"])).mappings().one()
    code, words = filer.change if row["purpose"] == "amend" else ("", "")
    return Asked(
        target=row["kind"],
        purpose=row["purpose"],
        declared=_declared(gate, conn, row, about),
        mrn=about["mrn"] or "",
        version=about["version"] or "",
        reason=row["reason"] or code,
        note=row["note"] or words,
        claimed=claimable(gate, conn, about["id"], request) if row["purpose"] in CLAIMING else None,
    )


def _declared(gate: Gate, conn: Connection, row: Row, about: Row) -> Declared:
    """The declaration, with the last change that customs granted before this request was made."""
    granted = select(f).where(
        f.c.about == about["id"], f.c.purpose == "amend", f.c.outcome == "request_granted", f.c.id < row["id"]
    )
    last = conn.execute(granted.order_by(f.c.id.desc()).limit(1)).mappings().first() or about
    item = source.item_row(conn, last["item"])
    return Declared(
        lrn=about["lrn"],
        target=about["kind"],
        attempt=about["attempt"],
        written_at=written_at(about),
        record=gate.blobs.read(conn, item["record_blob"], item["record_offset"], item["record_length"]),
        roots=gate.roots(last["ruleset"]),
        filer=filer_of(gate, last),
    )
