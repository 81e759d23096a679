"""Erasure: all that leads to the persons of a parcel goes, at their request, before its time is over.

1. the bytes are written anew without it, durable, and names of files in the logbook are written over; 2. one
transaction: the journal names the new files, the old ones are being purged, rows lose their numbers and quoted values,
items are marked as erased; 3. the old files are unlinked and SQLite's own journal emptied. Killed after 1, new files
lie about that no row speaks of; after 2, the purge goes on with 3; begun again, the same comes out. Ids, states,
hashes, sizes, times and customs' references stay: the journal balances, a late answer finds its filing, and the same
parcel sent again is a repeat.
"""

import re
from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from typing import Any

from sqlalchemy import ColumnElement, Connection, Table, select, update

from gateway.findings.errors import GatewayFault, Retryable
from gateway.journal import audit, logbook, schema
from gateway.journal.pseudonym import names_of
from gateway.steps.ground import source
from gateway.steps.ground.gate import Gate
from gateway.steps.ground.many import among, chunks
from gateway.steps.ground.refusal import NotPossible
from gateway.steps.keeping import personal
from gateway.steps.keeping.blanking import BLANK, Rewritten, Span, put, rewrite
from gateway.steps.keeping.clearing import name_items, name_parcels
from gateway.steps.keeping.erasure import Traces, traces
from gateway.steps.keeping.purge import finish, keep_all_places
from gateway.steps.receiving import sighting

ARCHIVE = b"PK\x03\x04"  # a local file header of ZIP (APPNOTE 4.3.7), as spreadsheets begin
i, f, fl, d, n = schema.item, schema.file, schema.filing, schema.decision, schema.finding
x = schema.interchange

FORCED = ("law",)
"""Obstacles that a person may overrule; a hold is lifted first, work is brought to its end first."""


class ChangedMeanwhile(GatewayFault, Retryable):
    """The gateway has changed what was to be erased; nothing was erased: say it again."""


def barred(found: Traces, *, force: bool) -> list[Any]:
    """What stands in the way."""
    return [one for one in found.obstacles if not (force and one.why in FORCED)]


def erase(gate: Gate, items: Collection[str], who: str, *, force: bool = False) -> Traces:
    """Erase the parcels that these items are about; gives what there was of them. Raises: NotPossible."""
    with gate.journal.read() as conn:
        found = traces(gate, conn, items)
    if barred(found, force=force):
        raise NotPossible("something stands in the way: look at it without --yes")
    packed = _packed(gate, found)
    if packed:  # the places that were just written down are of this parcel, too
        with gate.journal.read() as conn:
            found = traces(gate, conn, items)
    done = _written_anew(gate, found, packed)
    quoting = _quoting(gate, found)
    for connection, files in quoting.items():
        logbook.hide(gate.blobs.root, connection, files)
    with gate.journal.write("erase.rows") as conn:
        if traces(gate, conn, items) != found or not put(gate, conn, done):
            raise ChangedMeanwhile
        gate.blobs.mark(conn, packed)
        _rows(gate, conn, found, {one.row["id"]: one.old for one in done})
        _file_names(conn, [one for files in quoting.values() for one in files])
        audit.append_many(conn, [audit.Entry("erase", one, None, "erased", who) for one in found.items])
    finish(gate)
    gate.journal.scrub()
    return found


def _packed(gate: Gate, found: Traces) -> list[str]:
    """Raw bytes of an archive (a spreadsheet) cannot be blanked: they go whole, once the places in them are kept."""
    packed = []
    with gate.journal.read() as conn:
        raw = list(among(conn, select(f.c.id, f.c.blob, f.c.connection), f.c.id, found.files))
    for row in raw:
        if row.blob and _head(gate, row.blob) == ARCHIVE:
            keep_all_places(gate, row.id, row.connection)
            packed.append(row.blob)
    return packed


def _head(gate: Gate, blob: str) -> bytes:
    try:
        with gate.opened(blob) as stream:
            return stream.read(len(ARCHIVE))
    except source.GONE:
        return b""


def _written_anew(gate: Gate, found: Traces, packed: Collection[str]) -> list[Rewritten]:
    whole: dict[str, list[Span]] = defaultdict(list)
    parts: dict[str, dict[Span, re.Pattern[bytes]]] = defaultdict(dict)
    words = _pattern(found.values)
    for place in found.places:
        if not place.shared:
            whole[place.blob].append(place.span)
        elif words is not None:
            parts[place.blob][place.span] = words
    blobs = sorted({*whole, *parts} - {*packed})
    made = (rewrite(gate, blob, whole[blob], parts[blob]) for blob in blobs)
    return [one for one in made if one is not None]


def _pattern(values: Iterable[str]) -> re.Pattern[bytes] | None:
    """The longest first: a name within a longer one goes with it."""
    found = [re.escape(one) for one in personal.spellings(values)]
    return re.compile(b"|".join(found), re.IGNORECASE) if found else None


def _rows(gate: Gate, conn: Connection, found: Traces, old: Mapping[str, str]) -> None:
    """Records lead to what is being purged, so that who asks for them is told that they are gone."""
    numbers = [(row.id, row.item_id) for row in among(conn, select(i.c.id, i.c.item_id), i.c.id, found.items)]
    name_items(conn, [(one, number) for one, number in numbers if number])
    name_parcels(conn, found.dossiers)
    said = [row.item for row in among(conn, select(d.c.item), d.c.id, found.own_decisions) if row.item]
    gone = {"erased_at": gate.now()}
    _set(conn, i, i.c.id, [*found.items, *said], **gone)
    for table, ids in ((i, [*found.items, *said]), (d, found.own_decisions)):
        _lead_away(conn, table, ids, old)
    _set(conn, fl, fl.c.id, found.filings, note=None)
    for ids in (found.items, said, found.filings, found.decisions):
        _set(conn, n, n.c.subject, ids, masked=None, path=None)
    _heads(conn, found)


def _set(conn: Connection, table: Table, column: ColumnElement[str], ids: Sequence[str], **values: Any) -> None:
    for some in chunks(ids):
        conn.execute(update(table).where(column.in_(some)).values(**values))


def _lead_away(conn: Connection, table: Table, ids: Sequence[str], old: Mapping[str, str]) -> None:
    for name in ("record_blob", "places_blob"):
        if name not in table.c:
            continue
        for some in chunks(ids):
            rows = conn.execute(select(table.c.id, table.c[name]).where(table.c.id.in_(some))).all()
            for one, blob in rows:
                if blob in old:
                    conn.execute(update(table).where(table.c.id == one).values({name: old[blob]}))


def _quoting(gate: Gate, found: Traces) -> dict[str, set[str]]:
    """Files whose names quote one of the values, by connection."""
    words = _pattern(found.values)
    quoting = defaultdict(set)
    with gate.journal.read() as conn:
        for row in among(conn, select(f.c.id, f.c.name, f.c.connection), f.c.id, found.files):
            if words is not None and words.search(row.name):
                quoting[row.connection].add(row.id)
    return quoting


def _file_names(conn: Connection, files: Collection[str]) -> None:
    """Of the files, as they were seen at the partner, where they may still lie, and as findings quote them."""
    for row in among(conn, select(f.c.id, f.c.name), f.c.id, files):
        conn.execute(update(f).where(f.c.id == row.id).values(name=names_of(conn).of_name(row.name)))
        sighting.hide(conn, row.id)
    _set(conn, n, n.c.subject, [*files], masked=None, path=None)


def _heads(conn: Connection, found: Traces) -> None:
    """What the envelopes around the items quote."""
    words = _pattern(found.values)
    if words is None:
        return
    for row in among(conn, select(x.c.id, x.c.head, x.c.tail), x.c.file, found.files):
        clean = {name: words.sub(_blank, getattr(row, name) or b"") for name in ("head", "tail")}
        if (clean["head"], clean["tail"]) != (row.head or b"", row.tail or b""):
            conn.execute(update(x).where(x.c.id == row.id).values(**clean))


def _blank(found: re.Match[bytes]) -> bytes:
    return found[0].translate(BLANK)
