"""Sightings: what was seen in a partner's folder, and since when. A directory entry is its folder, name, size and time.

Many are written at once: a folder may hold a hundred thousand. What became ours is remembered for good, since it may
lie there for good; once its name is over its time, or erased, by the keyed hash of the name.
"""

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from typing import Any, NamedTuple

from sqlalchemy import Connection, bindparam, delete, select, update

from gateway.journal import bulk, schema
from gateway.journal.pseudonym import names_of
from gateway.settings.connection import Connection as Line
from gateway.settings.connection import Inbound
from gateway.steps.ground.gate import Gate
from gateway.steps.ground.many import among
from gateway.steps.receiving.looks import Look
from gateway.transport.line import Entry

s, f = schema.sighting, schema.file
Known = Mapping[Any, Any]


class Sighted(NamedTuple):
    """An entry at the partner and what the journal knows of it."""

    entry: Entry
    first_seen: datetime
    polls: int
    file: str | None
    tidied: bool


def sight(gate: Gate, line: Line, rule: Inbound, entries: Sequence[Entry], at: Look) -> list[Sighted]:
    """Note what is there; returns it with what was known. A file that came back after we tidied it is new."""
    if not entries:
        return []
    now = at.now()
    with gate.journal.write("pickup.sight") as conn:
        known = _known(conn, line, rule, entries)
        pairs = [(entry, known.get(entry)) for entry in entries]
        fresh = [entry for entry, row in pairs if row is None]
        again = [entry for entry, row in pairs if row is not None and _came_again(rule, row)]
        waiting = [(entry, row) for entry, row in pairs if row is not None and not _is_ours(row)]
        bulk.insert(conn, s, [_row(line, rule, entry, now) for entry in fresh])
        beginning = {"first_seen": now, "last_seen": now, "polls": 1, "file_id": None, "tidied_at": None}
        note(conn, line, rule, ((entry, beginning) for entry in again))
        note(conn, line, rule, ((entry, _again(row, at, now)) for entry, row in waiting))
    return [_sighted(rule, entry, row, at, now) for entry, row in pairs]


def note(conn: Connection, line: Line, rule: Inbound, changes: Iterable[tuple[Entry, Mapping[str, Any]]]) -> None:
    """Set values (the same columns for all) of sightings."""
    hidden = names_of(conn).known_name
    rows = [
        {
            "of_name": entry.name, "of_hidden": hidden(entry.name), "of_size": entry.size, "of_time": entry.mtime,
            **values,
        }
        for entry, values in changes
    ]  # fmt: skip
    if not rows:
        return
    same = (
        s.c.connection == line.name, s.c.directory == rule.directory,
        s.c.name.in_((bindparam("of_name"), bindparam("of_hidden"))),
        s.c.size == bindparam("of_size"), s.c.mtime == bindparam("of_time"),
    )  # fmt: skip
    columns: dict[str, Any] = {name: bindparam(name) for name in rows[0] if not name.startswith("of_")}
    conn.execute(update(s).where(*same).values(columns), rows)


def hide(conn: Connection, file: str) -> None:
    """Put keyed hashes in the place of the names under which a file was seen; it is known by them as before."""
    hidden = names_of(conn).of_name
    for row in conn.execute(select(s).where(s.c.file_id == file)).mappings().all():
        there = [s.c[name] == row[name] for name in ("connection", "directory", "size", "mtime")]
        new = hidden(row["name"])
        if new == row["name"]:
            continue
        if conn.scalar(select(s.c.name).where(*there, s.c.name == new)) is None:
            conn.execute(update(s).where(*there, s.c.name == row["name"]).values(name=new))
        else:
            conn.execute(delete(s).where(*there, s.c.name == row["name"]))


def _known(conn: Connection, line: Line, rule: Inbound, entries: Iterable[Entry]) -> dict[Entry, Known]:
    """What is known of entries, by their names or by what stands for these."""
    found = _rows(conn, line, rule, {one.name: one for one in entries})
    hidden = names_of(conn).known_name
    return found | _rows(conn, line, rule, {hidden(one.name): one for one in entries if one not in found})


def _rows(conn: Connection, line: Line, rule: Inbound, entries: Mapping[bytes, Entry]) -> dict[Entry, Known]:
    seen = (
        select(s, f.c.state.label("state"))
        .outerjoin(f, f.c.id == s.c.file_id)
        .where(s.c.connection == line.name, s.c.directory == rule.directory)
    )
    rows = ((entries[row.name], row) for row in among(conn, seen, s.c.name, entries))
    return {one: row._mapping for one, row in rows if (one.size, one.mtime) == (row.size, row.mtime)}  # noqa: SLF001


def _is_ours(row: Known) -> bool:
    return row["file_id"] is not None and row["state"] not in ("sighted", "fetching")


def _came_again(rule: Inbound, row: Known) -> bool:
    return _is_ours(row) and row["tidied_at"] is not None and rule.after.kind != "none"


def _row(line: Line, rule: Inbound, entry: Entry, now: datetime) -> dict[str, Any]:
    return {
        "connection": line.name, "directory": rule.directory, "name": entry.name, "size": entry.size,
        "mtime": entry.mtime, "first_seen": now, "last_seen": now, "polls": 1,
    }  # fmt: skip


def _again(row: Known, at: Look, now: datetime) -> Mapping[str, Any]:
    return {"first_seen": _since(row, at, now), "last_seen": now, "polls": row["polls"] + 1}


def _since(row: Known, at: Look, now: datetime) -> datetime:
    """Since when it is seen, by the clock of today; what would begin in the future begins now."""
    since: datetime = row["first_seen"] + at.step
    return min(since, now)


def _sighted(rule: Inbound, entry: Entry, row: Known | None, at: Look, now: datetime) -> Sighted:
    if row is None or _came_again(rule, row):
        return Sighted(entry, now, 1, None, tidied=False)
    file = row["file_id"] if _is_ours(row) else None
    return Sighted(entry, _since(row, at, now), row["polls"] + 1, file, row["tidied_at"] is not None)
