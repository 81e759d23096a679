"""What there is of one parcel's persons, all over journal and spool; and what stands in the way of erasing it.

A parcel is all items of its dossier, with their declarations, customs' answers and ours. Bytes that are of this parcel
alone are blanked whole; where others share them (declarations for several parcels, envelopes of answers, one answer of
customs about many) the values are blanked wherever they stand.
"""

from collections.abc import Iterable, Iterator, Sequence
from datetime import datetime
from typing import Any, Literal

import msgspec
from sqlalchemy import Connection, Select, func, select

from gateway.journal import schema
from gateway.journal.ids import timestamp
from gateway.steps.ground import source
from gateway.steps.ground.gate import Gate
from gateway.steps.ground.many import among
from gateway.steps.keeping import personal
from gateway.steps.keeping.blanking import Span
from gateway.steps.keeping.retention import UNDECIDED, UNFILED, UNREAD, UNSAID, UNSENT, span_of

i, f, fl, d, a = schema.item, schema.file, schema.filing, schema.decision, schema.answer
dl, part, x, s = schema.delivery, schema.delivery_part, schema.identifier, schema.dossier
OURS = ("lrn", "mrn", "receptacle")  # identifiers that name no parcel alone, or are customs' own

Why = Literal["hold", "work", "law"]


class Obstacle(msgspec.Struct, frozen=True):
    """Why a subject is not erased: under a legal hold, still at work, or a customs record that the law keeps."""

    subject: str
    why: Why
    until: datetime | None = None
    state: str = ""


class Place(msgspec.Struct, frozen=True):
    """A stretch of a blob; one that is shared holds other parcels' data, too."""

    blob: str
    span: Span
    shared: bool = False


class Traces(msgspec.Struct, frozen=True):
    """Everything there is of some parcels: rows by id, stretches of bytes, the values that lead to the persons."""

    items: tuple[str, ...]
    dossiers: tuple[str, ...]
    filings: tuple[str, ...]
    decisions: tuple[str, ...]
    own_decisions: tuple[str, ...]
    files: tuple[str, ...]
    places: tuple[Place, ...]
    values: frozenset[str]
    obstacles: tuple[Obstacle, ...]


def traces(gate: Gate, conn: Connection, chosen: Iterable[str]) -> Traces:
    """What there is of the parcels that these items are about."""
    named = list(among(conn, select(i.c.id, i.c.dossier), i.c.id, chosen))
    dossiers = sorted({row.dossier for row in named if row.dossier})
    items = sorted({*(row.id for row in named), *_ids(conn, select(i.c.id), i.c.dossier, dossiers)})
    filings = _ids(conn, select(fl.c.id), fl.c.dossier, dossiers)
    said = list(among(conn, select(d), d.c.filing, filings))
    own, heard = _own(conn, said), {row.item for row in said if row.item}
    return Traces(
        items=tuple(items),
        dossiers=tuple(dossiers),
        filings=tuple(filings),
        decisions=tuple(row.id for row in said),
        own_decisions=tuple(own),
        files=tuple(sorted(set(_ids(conn, select(i.c.file), i.c.id, {*items, *heard})))),
        places=tuple(dict.fromkeys(_places(conn, items, filings, said, own))),
        values=_values(gate, conn, items, dossiers),
        obstacles=tuple(_obstacles(gate, conn, items, filings)),
    )


def _ids(conn: Connection, wanted: Select[Any], column: Any, values: Iterable[str]) -> list[str]:
    return [row[0] for row in among(conn, wanted, column, values)]


def _own(conn: Connection, said: Sequence[Any]) -> list[str]:
    """Answers of customs that are about no other parcel: their item has no decision on another filing."""
    many = select(d.c.item, func.count(d.c.filing.distinct())).group_by(d.c.item)
    shared = {row[0] for row in among(conn, many, d.c.item, {row.item for row in said if row.item}) if row[1] > 1}
    return [row.id for row in said if row.item not in shared]


def _places(
    conn: Connection, items: Sequence[str], filings: Sequence[str], said: Sequence[Any], own: Sequence[str]
) -> Iterator[Place]:
    yield from _of_items(conn, items, shared=False)
    for shared in (False, True):
        mine = [row for row in said if (row.id not in own) == shared]
        yield from _of_items(conn, [row.item for row in mine if row.item], shared=shared)
        yield from _stretches(mine, "record", shared=shared)
    alone = select(fl).where(fl.c.lead.is_(None))
    together = select(fl).where(fl.c.lead.is_not(None))
    yield from _stretches(among(conn, alone, fl.c.id, filings), "payload", shared=False)
    yield from _stretches(among(conn, together, fl.c.id, filings), "payload", shared=True)
    told = list(among(conn, select(a), a.c.item, items))
    yield from _stretches(told, "payload", shared=False)
    yield from _envelopes(conn, [*among(conn, select(fl), fl.c.id, filings), *told])


def _envelopes(conn: Connection, rows: Sequence[Any]) -> Iterator[Place]:
    """Files of many messages, each of which stands in them a second time; what stands alone is sent as it lies."""
    own = {row.payload_blob for row in rows}
    for one in among(conn, select(part), part.c.delivery, {row.delivery for row in rows if row.delivery}):
        if one.blob not in own:
            yield Place(one.blob, (one.offset, one.length), shared=True)


def _of_items(conn: Connection, items: Iterable[str], *, shared: bool) -> Iterator[Place]:
    """An item's bytes as they came, its record, the places of its values."""
    columns = (*i.c, f.c.blob)
    rows = list(among(conn, select(*columns).join(f, f.c.id == i.c.file), i.c.id, set(items)))
    yield from (Place(row.blob, (row.offset, row.length), shared) for row in rows if row.blob)
    yield from _stretches(rows, "record", shared=shared)
    yield from _stretches(rows, "places", shared=shared)


def _stretches(rows: Iterable[Any], name: str, *, shared: bool) -> Iterator[Place]:
    for row in rows:
        blob, at, length = (getattr(row, f"{name}_{each}") for each in ("blob", "offset", "length"))
        if blob is not None:
            yield Place(blob, (at, length), shared)


def _values(gate: Gate, conn: Connection, items: Sequence[str], dossiers: Sequence[str]) -> frozenset[str]:
    """What the records say of persons, and the numbers of the parcel."""
    found: set[str] = set()
    for item in items:
        row = source.item_row(conn, item)
        record = source.record_of(gate, conn, row) if row["kind"] != "decision" else None
        found |= personal.values(record) if record is not None else set()
        found |= {row["item_id"]} if row["item_id"] and row["kind"] != "decision" else set()
    numbers = select(x.c.value).where(x.c.kind.not_in(OURS))
    found |= set(_ids(conn, numbers, x.c.dossier, dossiers))
    found |= set(_ids(conn, select(s.c.business_id), s.c.id, dossiers))
    return frozenset(one for one in found if not one.startswith("#"))


def _obstacles(gate: Gate, conn: Connection, items: Sequence[str], filings: Sequence[str]) -> Iterator[Obstacle]:
    columns = (i.c.id, i.c.state, i.c.file, f.c.legal_hold, f.c.state.label("of_file"))
    for row in among(conn, select(*columns).join(f, f.c.id == i.c.file), i.c.id, items):
        if row.legal_hold:
            yield Obstacle(row.id, "hold")
        if row.state in UNDECIDED:
            yield Obstacle(row.id, "work", state=row.state)
        if row.of_file in UNREAD:  # its other items are still in bytes that may go whole
            yield Obstacle(row.file, "work", state=row.of_file)
    for row in among(conn, select(fl), fl.c.id, filings):
        if row.state in UNFILED:
            yield Obstacle(row.id, "work", state=row.state)
        kept = timestamp(row.id) + span_of(gate, "filed", row.connection)
        if row.state in {"lodged", "settled"} and kept > gate.now():
            yield Obstacle(row.id, "law", until=kept)
    for row in among(conn, select(d.c.id, d.c.state), d.c.filing, filings):
        if row.state in UNSAID:
            yield Obstacle(row.id, "work", state=row.state)
    yield from _unsent(conn, items, filings)


def _unsent(conn: Connection, items: Sequence[str], filings: Sequence[str]) -> Iterator[Obstacle]:
    """Files that are not out yet; answers that are in none."""
    told = list(among(conn, select(a.c.id, a.c.delivery), a.c.item, items))
    yield from (Obstacle(row.id, "work", state="unsent") for row in told if row.delivery is None)
    filed = _ids(conn, select(fl.c.delivery), fl.c.id, filings)
    deliveries = {one for one in (*filed, *(row.delivery for row in told)) if one}
    for row in among(conn, select(dl.c.id, dl.c.state), dl.c.id, deliveries):
        if row.state in UNSENT:
            yield Obstacle(row.id, "work", state=row.state)
