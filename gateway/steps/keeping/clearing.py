"""Personal data leaves the rows when its time is over: numbers become keyed hashes, quoted values go.

A file at a time, and of it a class at a time; what is done is written in `cleared`, in the transaction that does the
last of it. A file waits while any of its items does, and while it is under a legal hold. Ids, states, codes, hashes,
times, sizes and the references of customs stay: the journal balances, and late answers find their filing.
"""

from collections.abc import Callable, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, Connection, Select, bindparam, delete, exists, insert, or_, select, true, update

from gateway.journal import audit, schema
from gateway.journal.pseudonym import MARK, Names, names_of
from gateway.steps.ground.gate import Gate
from gateway.steps.ground.many import chunks
from gateway.steps.keeping.retention import UNREAD, Class, at_work, held_files, over
from gateway.steps.receiving import sighting

FILES = 16  # of each class and span a call
PIECE = 2000  # rows of one transaction
f, i, d, fl, n = schema.file, schema.item, schema.dossier, schema.filing, schema.finding
c, x, o = schema.cleared, schema.identifier, schema.interchange
b, da = schema.blob, schema.decision


def clear(gate: Gate, who: str) -> int:
    """Clear what is over its time, a bounded piece of it; returns how many files were done with a class."""
    return sum(_class(gate, kind, act, who) for kind, act in ACTS.items())


def due(gate: Gate, kind: Class) -> list[ColumnElement[bool]]:
    """Which files have a class of data in their rows that is over its time, one condition for each span."""
    done = exists().where(c.c.file == f.c.id, c.c.kind == kind)
    gone = exists().where(b.c.id == f.c.blob, b.c.purging_at.is_not(None))
    free = gone if kind == "raw" else true()  # its places are written down with the bytes around it
    ready = free & f.c.state.not_in(UNREAD) & ~done & f.c.id.not_in(at_work()) & f.c.id.not_in(held_files())
    return [ready & (f.c.received_at < before) & mine for before, mine in over(gate, kind, f.c.connection)]


def _class(gate: Gate, kind: Class, act: "Act", who: str) -> int:
    found = 0
    for wanted in due(gate, kind):
        with gate.journal.read() as conn:
            files = list(conn.scalars(select(f.c.id).where(wanted).order_by(f.c.id).limit(FILES)))
        for file in files:
            found += _file(gate, kind, act, select(f.c.id).where(wanted, f.c.id == file), file, who)
    return found


def _file(gate: Gate, kind: Class, act: "Act", still: Select[tuple[str]], file: str, who: str) -> bool:
    """False when a person has held it meanwhile, or another purge was first."""
    while True:
        with gate.journal.write("clear.rows") as conn:
            if conn.scalar(still) is None:
                return False
            if not act(conn, file, gate.now()):
                conn.execute(insert(c).values(file=file, kind=kind, at=gate.now()))
                audit.append(conn, "purge", file, None, kind, who)
                return True


def _findings(conn: Connection, file: str, _now: datetime) -> bool:
    """What findings quote: of the file, of its items, of what was filed for them and answered in it."""
    mine = select(i.c.id).where(i.c.file == file)
    parcels = select(i.c.dossier).where(i.c.file == file, i.c.dossier.is_not(None))
    quoted = or_(n.c.masked.is_not(None), n.c.path.is_not(None))
    for subjects in (
        select(f.c.id).where(f.c.id == file),
        mine,
        select(fl.c.id).where(fl.c.dossier.in_(parcels)),
        select(da.c.id).where(da.c.item.in_(mine)),
    ):
        conn.execute(update(n).where(n.c.subject.in_(subjects), quoted).values(masked=None, path=None))
    return False


def _filed(conn: Connection, file: str, _now: datetime) -> bool:
    """The words of a request."""
    parcels = select(i.c.dossier).where(i.c.file == file, i.c.dossier.is_not(None))
    conn.execute(update(fl).where(fl.c.dossier.in_(parcels), fl.c.note.is_not(None)).values(note=None))
    return False


def _heads(conn: Connection, file: str, _now: datetime) -> bool:
    """The bytes around the items: of no use without the file's."""
    conn.execute(update(o).where(o.c.file == file).values(head=b"", tail=b""))
    return False


def _name(conn: Connection, file: str, _now: datetime) -> bool:
    """What the sender called it; it may still lie at the partner, and is known there by its keyed hash."""
    name = bytes(conn.scalar(select(f.c.name).where(f.c.id == file)) or b"")
    conn.execute(update(f).where(f.c.id == file).values(name=names_of(conn).of_name(name)))
    sighting.hide(conn, file)
    return False


def _identifiers(conn: Connection, file: str, _now: datetime) -> bool:
    """Numbers of items; of a parcel once no younger file says it again."""
    plain = (i.c.file == file, i.c.kind != "decision", i.c.item_id.is_not(None), i.c.item_id.not_like(f"{MARK}%"))
    rows = conn.execute(select(i.c.id, i.c.item_id, i.c.dossier).where(*plain).order_by(i.c.seq).limit(PIECE)).all()
    name_items(conn, [(row.id, row.item_id) for row in rows])
    for some in chunks({row.dossier for row in rows if row.dossier}):
        name_parcels(conn, _alone(conn, some))
    return len(rows) == PIECE


def _alone(conn: Connection, dossiers: Sequence[str]) -> list[str]:
    """Those of which every item is named by its hash already."""
    others = select(i.c.dossier).where(
        i.c.dossier.in_(dossiers), i.c.item_id.is_not(None), i.c.item_id.not_like(f"{MARK}%")
    )
    younger = set(conn.scalars(others))
    return [one for one in dossiers if one not in younger]


def name_items(conn: Connection, items: Sequence[tuple[str, str]]) -> None:
    """Pseudonyms for items, given by id and number."""
    names = names_of(conn)
    _rename(conn, update(i).where(i.c.id == bindparam("one")).values(item_id=bindparam("new")), names, items)


def name_parcels(conn: Connection, dossiers: Sequence[str]) -> None:
    """Pseudonyms for parcels and for all that they are searched by."""
    names = names_of(conn)
    parcels = [tuple(row) for row in conn.execute(select(d.c.id, d.c.business_id).where(d.c.id.in_(dossiers)))]
    change = update(d).where(d.c.id == bindparam("one")).values(business_id=bindparam("new"))
    _rename(conn, change, names, parcels)
    _rename_identifiers(conn, names, dossiers)


def _rename_identifiers(conn: Connection, names: Names, dossiers: Sequence[str]) -> None:
    """One that came again after it was replaced stands there twice: it goes."""
    known = {(row.value, row.kind, row.dossier) for row in conn.execute(select(x).where(x.c.dossier.in_(dossiers)))}
    same = (x.c.value == bindparam("old"), x.c.kind == bindparam("of"), x.c.dossier == bindparam("one"))
    fresh: list[dict[str, str]] = []
    again: list[dict[str, str]] = []
    for value, kind, dossier in known:
        new = names.of(value)
        row = {"old": value, "of": kind, "one": dossier}
        if (new, kind, dossier) not in known:
            fresh.append(row | {"new": new})
        elif new != value:
            again.append(row)
    if fresh:
        conn.execute(update(x).where(*same).values(value=bindparam("new")), fresh)
    if again:
        conn.execute(delete(x).where(*same), again)


def _rename(conn: Connection, change: Any, names: Names, pairs: Sequence[tuple[Any, ...]]) -> None:
    rows = [{"one": one, "new": names.of(value)} for one, value in pairs]
    if rows:
        conn.execute(change, rows)


Act = Callable[[Connection, str, datetime], bool]
"""Clears a class in a file's rows, at most a piece of it; true when there is more."""

ACTS: dict[Class, Act] = {
    "raw": _heads,
    "record": _name,
    "filed": _filed,
    "findings": _findings,
    "identifiers": _identifiers,
}
