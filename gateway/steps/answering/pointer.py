"""From customs' error pointer to the sender's element: WCO ids → what we wrote → the record → the sender's line.

The traced writer is run on the stored record under the ruleset of the filing, never the table of today: a table that
was edited since, or raw bytes that were purged, change nothing (WCO Data Model 3.6 §pointer: class 375, tag 381,
sequence 006).
"""

from collections.abc import Mapping
from typing import Any, NamedTuple

import msgspec
from sqlalchemy import Connection, select

from gateway.checks.lists import among
from gateway.checks.lists import rows as shipped
from gateway.findings.errors import MappingInvalid
from gateway.journal import schema
from gateway.mapping.carriers import BRACKETS, Carriers, spellings
from gateway.mapping.format import Format
from gateway.mapping.plugins import authority_for
from gateway.mapping.protocols import Filing, Lists
from gateway.mapping.trace import Entry
from gateway.model import Consignment, Moment, Reason
from gateway.model.dictionary import at
from gateway.ruleset.archive import RulesetMissing
from gateway.steps.answering.telling import Where
from gateway.steps.declaring.declared import asked as asked_of
from gateway.steps.declaring.declared import filer_of, written_at
from gateway.steps.ground import source
from gateway.steps.ground.gate import Gate
from gateway.steps.ground.places import find
from gateway.steps.working import asking
from gateway.steps.working.filer import completed, joined
from gateway.steps.working.translation import registry_for

f = schema.filing


class Lead(msgspec.Struct, frozen=True):
    """Where one reason leads: the element we filed, the fact in the model, the sender's element, line and value.

    `place` is what the sender said there or, of what is missing, nearest to it; `value` is what it said of this fact,
    or what we filed where that is no fact of the sender's.
    """

    reason: Reason
    written: Entry | None = None
    place: Entry | None = None
    value: str = ""
    line: int | None = None

    @property
    def where(self) -> Where:
        """As a sender is told."""
        return Where(self.reason.model_path or "", self.reason.sender_path or "", self.line, self.value)


class Trail(NamedTuple):
    """All that leads from one declaration back to its sender's message: `declared` is what we filed of `record`.

    `lists` are today's: the names in a pointer are those of the answer, not of what was filed.
    """

    kind: str
    record: Consignment
    declared: Consignment
    written: tuple[Entry, ...]
    known: tuple[Entry, ...]
    carriers: Carriers
    lists: Lists = shipped

    def lead(self, reason: Reason) -> Lead:
        """A reason of customs, followed as far as it goes."""
        authority = authority_for(self.kind)
        if authority is None or not reason.pointer:
            return Lead(reason)
        entry = authority.locate(reason.pointer, self.written, self.lists)
        if entry is None:
            return Lead(reason)
        lead = self.fact(entry.model_path, reason, entry.text)
        told = msgspec.structs.replace(lead.reason, path=entry.message_path)
        return msgspec.structs.replace(lead, reason=told, written=entry)

    def fact(self, declared: str, reason: Reason, filed: str = "") -> Lead:
        """A fact that was declared, back at the sender: `filed` is the text that we wrote of it."""
        path = self._origin(declared)
        place = find(path, self.known)
        element = self.carriers.element(path, self.known)
        told = msgspec.structs.replace(reason, model_path=path, sender_path=element or None)
        line = place.span.line if place and place.span else None
        return Lead(told, None, place, self._said(path, place, filed), line)

    def _origin(self, declared: str) -> str:
        """The fact that a declared one is made of; where the sender says not that but the declared one, that."""
        authority = authority_for(self.kind)
        path = authority.origin(declared) if authority is not None else declared
        said = {entry.model_path for entry in self.known}
        return declared if path not in said and declared in said else path

    def _said(self, path: str, place: Entry | None, filed: str) -> str:
        if not self.carriers.carrier(path):
            return filed
        field = at(Consignment, BRACKETS.sub("", path))
        if field is None or field.kind == "record":
            return ""
        of_piece = place is not None and place.model_path in set(spellings(path))
        return source.value_at(self.record, place.model_path if place and of_piece else path)


def trail_of(gate: Gate, conn: Connection, filing: str) -> Trail | None:
    """The trail of a filing, under the ruleset of that day; None when its record or its tables are gone."""
    row = _under_its_lrn(conn, conn.execute(select(f).where(f.c.id == filing)).mappings().one())
    item = source.item_row(conn, row["item"])
    record = source.record_of(gate, conn, item)
    if record is None:
        return None
    try:
        filed = asked_for(gate, conn, row, record) if row["about"] else declared(gate, row, record)
        written = _format(gate, row).trace_write(filed).entries
        table = source.table_of(gate, item)
    except (RulesetMissing, MappingInvalid):
        return None
    lists = among(gate.registry(gate.ruleset).roots)
    return Trail(row["kind"], record, filed, written, source.places(gate, conn, item), table.carriers, lists)


def _format(gate: Gate, row: Mapping[Any, Any]) -> Format:
    """The format of a declaration, of the day it was written."""
    return gate.registry(row["ruleset"]).format(row["kind"], filer_of(gate, row).day(written_at(row)))


def declared(gate: Gate, row: Mapping[Any, Any], record: Consignment) -> Consignment:
    """The record with what the authority's rules and the filer of that day added.

    Of several parcels in one declaration it is the one record that says this parcel alone.
    """
    at, filer = written_at(row), filer_of(gate, row)
    written = Moment(iso=at.strftime("%Y-%m-%dT%H:%M:%SZ"))
    filing = Filing(row["lrn"], written, row["attempt"], row["kind"], row["purpose"])
    lists = among(gate.registry(row["ruleset"]).roots)
    said = completed(record, row["kind"], filing, filer, filer.day(at), lists)[0]
    return joined((said,), row["kind"], filing, filer) if row["lead"] else said


def asked_for(gate: Gate, conn: Connection, row: Mapping[Any, Any], record: Consignment) -> Consignment:
    """The record of a request, made again under its own ruleset of what customs had by then."""
    at, filer = written_at(row), filer_of(gate, row)
    asked = asked_of(gate, conn, row["id"], filer)
    named = Filing(row["lrn"], Moment(iso=at.strftime("%Y-%m-%dT%H:%M:%SZ")), row["attempt"], row["kind"])
    today, earlier = gate.registry(row["ruleset"]), registry_for(asked.declared.roots, whole=True)
    return asking.requested(asked, record, asking.filing(named, asked), filer, today, earlier)[0] or record


def _under_its_lrn(conn: Connection, row: Mapping[Any, Any]) -> Mapping[Any, Any]:
    """A parcel in the declaration of another goes by the LRN of that one."""
    if row["lead"] in {None, row["id"]}:
        return row
    return {**row, "lrn": conn.scalar(select(f.c.lrn).where(f.c.id == row["lead"]))}
