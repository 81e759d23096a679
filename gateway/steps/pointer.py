"""From customs' error pointer to the sender's element: WCO ids → what we wrote → the record → the sender's line.

The traced writer is run on the stored record under the ruleset of the filing, never the table of today: a table that
was edited since, or raw bytes that were purged, change nothing (WCO Data Model 3.6 §pointer: class 375, tag 381,
sequence 006).
"""

from collections.abc import Iterable, Mapping
from datetime import UTC, datetime
from typing import Any

import msgspec
from sqlalchemy import Connection, select

from gateway.checks.lists import among
from gateway.findings.errors import MappingInvalid
from gateway.journal import schema
from gateway.journal.ids import timestamp
from gateway.mapping.plugins import authority_for
from gateway.mapping.protocols import Filing
from gateway.mapping.trace import Entry
from gateway.model import Consignment, Moment, Reason
from gateway.ruleset.archive import RulesetMissing
from gateway.steps import source
from gateway.steps.filer import Filer, completed, joined
from gateway.steps.gate import Gate
from gateway.steps.hub import owner_of
from gateway.steps.places import find

f = schema.filing


class Lead(msgspec.Struct, frozen=True):
    """Where one reason leads: the element we filed, the fact in the model, the sender's element, line and value."""

    reason: Reason
    written: Entry | None = None
    place: Entry | None = None
    value: str = ""


def leads(gate: Gate, conn: Connection, filing: str, reasons: Iterable[Reason]) -> tuple[Lead, ...]:
    """Every reason of a decision, followed as far as it goes."""
    said = tuple(reasons)
    if not said:
        return ()
    row = _under_its_lrn(conn, conn.execute(select(f).where(f.c.id == filing)).mappings().one())
    item = source.item_row(conn, row["item"])
    record = source.record_of(gate, conn, item)
    try:
        written = written_entries(gate, row, record) if record is not None else ()
    except (RulesetMissing, MappingInvalid):
        written = ()
    if record is None or not written:
        return tuple(Lead(reason) for reason in said)
    known = source.places(gate, conn, item)
    return tuple(_lead(reason, row["kind"], written, known, record) for reason in said)


def written_entries(gate: Gate, row: Mapping[Any, Any], record: Consignment) -> tuple[Entry, ...]:
    """What was filed, value by value, written again under the filing's own ruleset and settings."""
    day = _filer(gate, row).day(written_at(row))
    target = gate.registry(row["ruleset"]).format(row["kind"], day)
    return target.trace_write(declared(gate, row, record)).entries


def declared(gate: Gate, row: Mapping[Any, Any], record: Consignment) -> Consignment:
    """The record with what the authority's rules and the filer of that day added.

    Of several parcels in one declaration it is the one record that says this parcel alone.
    """
    at, filer = written_at(row), _filer(gate, row)
    written = Moment(iso=at.strftime("%Y-%m-%dT%H:%M:%SZ"))
    filing = Filing(row["lrn"], written, row["attempt"], row["kind"], row["purpose"])
    lists = among(gate.registry(row["ruleset"]).roots)
    said = completed(record, row["kind"], filing, filer, filer.day(at), lists)[0]
    return joined((said,), row["kind"], filing, filer) if row["lead"] else said


def _filer(gate: Gate, row: Mapping[Any, Any]) -> Filer:
    """Who filed it, as the configuration said then."""
    return gate.filers(row["ruleset"]).get(owner_of(row["connection"]), Filer())


def written_at(row: Mapping[Any, Any]) -> datetime:
    """When it was declared: a filing's id holds when it was made; one that waited for others has bytes that do."""
    return timestamp(row["payload_blob"] if row["lead"] else row["id"]).astimezone(UTC)


def _under_its_lrn(conn: Connection, row: Mapping[Any, Any]) -> Mapping[Any, Any]:
    """A parcel in the declaration of another goes by the LRN of that one."""
    if row["lead"] in {None, row["id"]}:
        return row
    return {**row, "lrn": conn.scalar(select(f.c.lrn).where(f.c.id == row["lead"]))}


def _lead(reason: Reason, kind: str, written: tuple[Entry, ...], known: tuple[Entry, ...], record: Consignment) -> Lead:
    authority = authority_for(kind)
    entry = authority.locate(reason.pointer, written) if authority is not None and reason.pointer else None
    if entry is None or authority is None:
        return Lead(reason, entry)
    model_path = authority.origin(entry.model_path)
    place = find(model_path, known)
    told = msgspec.structs.replace(
        reason, path=entry.message_path, model_path=model_path, sender_path=place.message_path if place else None
    )
    return Lead(told, entry, place, source.value_at(record, place.model_path if place else model_path))
