"""How long what is kept, and what must stay beyond its time: work that waits, files under a legal hold.

Times are the gateway's, or those of the partner whose connection the bytes came by or left by.
"""

from collections import defaultdict
from collections.abc import Iterator
from datetime import datetime, timedelta
from typing import Any, Literal

from sqlalchemy import ColumnElement, CompoundSelect, Select, select, union

from gateway.journal import schema
from gateway.steps.ground.gate import Gate

Class = Literal["raw", "record", "filed", "findings", "identifiers"]
CLASSES: tuple[Class, ...] = ("raw", "record", "filed", "findings", "identifiers")
UNREAD = ("sighted", "fetching", "received")
UNFILED = ("waiting", "held", "written", "joined", "assembled")
UNSENT = ("drafting", "queued", "sending", "publishing", "unconfirmed", "in_doubt", "clash")
UNDECIDED = ("held", "quarantined")  # items that a person may still let go on
UNSAID = ("parked", "unclaimed", "matched")  # decisions that are still to be told
f, i, fl, d, a = schema.file, schema.item, schema.filing, schema.decision, schema.answer
dl, part = schema.delivery, schema.delivery_part


def spans(gate: Gate, kind: Class) -> dict[timedelta, list[str]]:
    """The times of a class that differ from the gateway's, each with the connections it holds for."""
    common = gate.hub.settings.retention
    found = defaultdict(list)
    for name, line in gate.hub.connections.items():
        own = gate.hub.settings.partners[line.owner].retention.over(common)
        if own.span(kind) != common.span(kind):
            found[own.span(kind)].append(name)
    return dict(found)


def over(gate: Gate, kind: Class, connection: ColumnElement[str]) -> Iterator[tuple[datetime, ColumnElement[bool]]]:
    """Before which moment the time of a class is over, for which rows by their connection."""
    now, own = gate.now(), spans(gate, kind)
    for span, names in own.items():
        yield now - span, connection.in_(names)
    others = [name for names in own.values() for name in names]
    yield now - gate.hub.settings.retention.span(kind), connection.not_in(others)


def span_of(gate: Gate, kind: Class, connection: str) -> timedelta:
    """How long a class is kept that came or left by a connection."""
    found = (span for span, names in spans(gate, kind).items() if connection in names)
    return next(found, gate.hub.settings.retention.span(kind))


def held_files() -> CompoundSelect[Any]:
    """Files under a legal hold, and those in which customs has answered about their parcels."""
    held = select(f.c.id).where(f.c.legal_hold)
    kept = f.alias("kept")
    mine = select(i.c.dossier).join(kept, kept.c.id == i.c.file).where(kept.c.legal_hold, i.c.dossier.is_not(None))
    said = i.alias("said")
    answers = select(said.c.file).join(d, d.c.item == said.c.id).join(fl, fl.c.id == d.c.filing)
    return union(held, answers.where(fl.c.dossier.in_(mine)))


def at_work() -> CompoundSelect[Any]:
    """Files of which an item waits for a person, or a declaration is not out."""
    undecided = select(i.c.file).where(i.c.state.in_(UNDECIDED))
    return union(undecided, select(i.c.file).join(fl, fl.c.dossier == i.c.dossier).where(fl.c.state.in_(UNFILED)))


def needed_records() -> tuple[Select[Any], ...]:
    """Records of filings still to be written, of decisions still to be told, of files under a hold."""
    waiting = select(i.c.record_blob).join(fl, fl.c.item == i.c.id).where(fl.c.state.in_(UNFILED))
    unsaid = select(d.c.record_blob).where(d.c.state.in_(UNSAID))
    held = (select(column).where(i.c.file.in_(held_files()), column.is_not(None)) for column in PLACES)
    return waiting.where(i.c.record_blob.is_not(None)), unsaid.where(d.c.record_blob.is_not(None)), *held


PLACES = (i.c.record_blob, i.c.places_blob)


def needed_payloads() -> tuple[Select[Any], ...]:
    """Declarations and answers that are not out yet, alone or in an envelope, and those of files under a hold."""
    filings = select(fl.c.payload_blob).where(fl.c.state.in_(UNFILED), fl.c.payload_blob.is_not(None))
    parts = select(part.c.blob).join(dl, dl.c.id == part.c.delivery).where(dl.c.state.in_(UNSENT))
    answers = select(a.c.payload_blob).outerjoin(dl, dl.c.id == a.c.delivery).where(a.c.payload_blob.is_not(None))
    unsent = answers.where(a.c.delivery.is_(None) | dl.c.state.in_(UNSENT))
    return filings, parts, unsent, *_held_payloads()


def _held_payloads() -> tuple[Select[Any], ...]:
    mine = select(i.c.id).where(i.c.file.in_(select(f.c.id).where(f.c.legal_hold)))
    filed = (fl.c.item.in_(mine), fl.c.payload_blob.is_not(None))
    told = (a.c.item.in_(mine), a.c.payload_blob.is_not(None))
    envelopes = (
        select(part.c.blob).join(t, t.c.delivery == part.c.delivery).where(t.c.item.in_(mine)) for t in (fl, a)
    )
    return select(fl.c.payload_blob).where(*filed), select(a.c.payload_blob).where(*told), *envelopes
