"""Adopt: a journal that is older than its spool learns from the logbook what came and went since.

Files that lie in the spool and that no row speaks of are received: under their id, name and time of then, so that they
are read as they were, and give the same LRNs. What was published is noted, so that it is not sent a second time
(`gateway.steps.sending.recognise`), and counters go on behind the numbers that partners have seen. Done again, it
changes nothing.
"""

from collections.abc import Iterable
from pathlib import Path
from typing import Any, NamedTuple

from sqlalchemy import Connection, insert, select
from sqlalchemy.dialects import postgresql, sqlite

from gateway.journal import logbook, schema
from gateway.journal.blobs import Blob
from gateway.journal.counter import void_until
from gateway.journal.ids import timestamp
from gateway.journal.logbook import Coming, Going, Sent
from gateway.steps.ground import moves, notes, standstill
from gateway.steps.ground.alarm import raise_alarm
from gateway.steps.ground.gate import Gate
from gateway.steps.ground.many import among, chunks
from gateway.steps.receiving.received import end_of, told_of
from gateway.transport import names

RAW = "raw"
b, f, s, dl, p = schema.blob, schema.file, schema.sighting, schema.delivery, schema.published
FOUND = "the logbook knows more than the journal"
WHY = "the journal was restored; partners may have seen them"


class Adopted(NamedTuple):
    """What a restored journal has learned."""

    files: int = 0
    published: int = 0
    numbers: int = 0
    nobody: tuple[str, ...] = ()


def behind(gate: Gate, only: str = "") -> bool:
    """Whether the logbook (of one connection `only`) knows what the journal does not: it is an older one, restored."""
    root = gate.blobs.root
    for connection in _connections(gate, only):
        lines = logbook.newest(root, connection)
        coming = [one for one in lines if isinstance(one, Coming)]
        going = [one for one in lines if isinstance(one, Going)]
        with gate.journal.read() as conn:
            files, deliveries = _unknown_files(conn, coming), _unknown_deliveries(conn, going)
        if deliveries or any(gate.blobs.lying(RAW, connection, one) is not None for one in files):
            return True
    return False


def adopt(gate: Gate, only: str = "") -> Adopted:
    """Learn all of it. Nothing else may work on this state folder's lines, or on the `only` one, meanwhile."""
    files, nobody = 0, []
    for connection, some in _orphans(gate, only).items():
        facts = _facts(gate, connection, {one.name.partition(".")[0] for one in some})
        nobody += [str(one.relative_to(gate.blobs.root)) for one in some if one.name.partition(".")[0] not in facts]
        for few in chunks(list(facts.values())):
            files += _receive(gate, connection, few)
    root, published, numbers = gate.blobs.root, 0, 0
    for connection in _connections(gate, only):
        going = {one.delivery: one for one in logbook.read(root, connection) if isinstance(one, Going)}
        sent = {one.delivery for one in logbook.read(root, connection) if isinstance(one, Sent)}
        for lines in chunks(list(going.values())):
            with gate.journal.write("adopt.published") as conn:
                unknown = _unknown_deliveries(conn, lines)
                published += _note(conn, connection, unknown, sent)
                numbers += _skip(gate, conn, connection, unknown)
    return Adopted(files, published, numbers, tuple(nobody))


def start(gate: Gate, only: str = "") -> None:
    """Before lines are worked: a journal that was put in place of a newer one, by whatever means, is found out."""
    if behind(gate, only):
        with gate.journal.write("adopt.standstill") as conn:
            standstill.begin(gate, conn, FOUND)
        adopt(gate, only)


def _connections(gate: Gate, only: str) -> list[str]:
    return [name for name in logbook.connections(gate.blobs.root) if only in ("", name)]


def _unknown_files(conn: Connection, lines: Iterable[Coming]) -> list[str]:
    """Those of which no file is known; nothing was lost where their bytes do not lie in the spool."""
    ids = list(dict.fromkeys(one.file for one in lines))
    known = {row.id for row in among(conn, select(f.c.id), f.c.id, ids)}
    return [one for one in ids if one not in known]


def _unknown_deliveries(conn: Connection, lines: Iterable[Going]) -> list[Going]:
    """Those of which the journal knows no attempt so late."""
    by_id = {one.delivery: one for one in lines}
    tries = {row.id: row.attempt for row in among(conn, select(dl.c.id, dl.c.attempt), dl.c.id, by_id)}
    noted = {row.delivery for row in among(conn, select(p.c.delivery), p.c.delivery, by_id)}
    return [one for ulid, one in by_id.items() if tries.get(ulid, -1) < one.attempt and ulid not in noted]


def _orphans(gate: Gate, only: str) -> dict[str, list[Path]]:
    """Received bytes without a row, by connection."""
    found: dict[str, list[Path]] = {}
    with gate.journal.read() as conn:
        known = set(conn.scalars(select(b.c.path).where(b.c.kind == RAW)))
    for path in gate.blobs.received():
        if only in ("", path.parent.name) and str(path.relative_to(gate.blobs.root)) not in known:
            found.setdefault(path.parent.name, []).append(path)
    return found


def _facts(gate: Gate, connection: str, ids: set[str]) -> dict[str, Coming]:
    """What the logbook says of files; of one that it does not name what the configuration tells of its connection."""
    facts = {
        one.file: one
        for one in logbook.read(gate.blobs.root, connection)
        if isinstance(one, Coming) and one.file in ids
    }
    line = gate.hub.connections.get(connection)
    if line is None or not line.inbound:
        return facts
    rule, unnamed = line.inbound[0], ids - facts.keys()
    place = (line.environment, rule.directory)
    return facts | {one: Coming(one, timestamp(one), *place, one.encode(), -1, 0, rule.format) for one in unnamed}


def _receive(gate: Gate, connection: str, lines: list[Coming]) -> int:
    """The rows that a pickup would have written; a file that was known as sighted or under way goes on from there."""
    blobs = {one.file: found for one in lines if (found := gate.blobs.find(RAW, connection, one.file)) is not None}
    with gate.journal.write("adopt.receive") as conn:
        states = {row.id: row.state for row in among(conn, select(f.c.id, f.c.state), f.c.id, blobs)}
        fresh = [one for one in lines if one.file in blobs and one.file not in states]
        moves.enter(conn, "file", [_row(connection, one) for one in fresh], "P", "adopt")
        ours = [
            one for one in lines if one.file in blobs and states.get(one.file, "sighted") in {"sighted", "fetching"}
        ]
        moves.move(conn, "file", [one.file for one in ours], "sighted", "fetching", "P", "adopt")
        gate.blobs.add(conn, *[blobs[one.file] for one in ours])
        for one in ours:
            _take(conn, connection, one, blobs[one.file])
    return len(ours)


def _take(conn: Connection, connection: str, one: Coming, blob: Blob) -> None:
    values = {"blob": blob.id, "sha256": blob.sha256, "received_at": one.at}
    after = end_of(blob, one.size)
    to = "suspect" if after == "gone" else "received"
    moves.move(conn, "file", [one.file], "fetching", to, "P", "adopt", **values)
    for found in told_of(after, names.shown(one.name), blob):
        notes.note(conn, "file", one.file, connection, [found])
    upsert = postgresql.insert if conn.dialect.name == "postgresql" else sqlite.insert
    seen = {
        "connection": connection, "directory": one.directory, "name": one.name, "size": one.size, "mtime": one.mtime,
        "first_seen": one.at, "last_seen": one.at, "polls": 1, "file_id": one.file,
    }  # fmt: skip
    conn.execute(upsert(s).values(**seen).on_conflict_do_update(
        index_elements=list(s.primary_key), set_={"file_id": one.file, "tidied_at": None}
    ))  # fmt: skip


def _row(connection: str, one: Coming) -> dict[str, Any]:
    return {
        "id": one.file, "connection": connection, "name": one.name, "directory": one.directory, "state": "sighted",
        "environment": one.environment, "format": one.format,
    }  # fmt: skip


def _note(conn: Connection, connection: str, lines: Iterable[Going], sent: set[str]) -> int:
    rows = [
        {
            "delivery": one.delivery, "lrn": lrn, "connection": connection, "environment": one.environment,
            "kind": one.kind, "directory": one.directory, "final_name": one.final_name, "temp_name": one.temp_name,
            "size": one.size, "sha256": one.sha256, "sent": one.delivery in sent,
            "recognised": False,
        }
        for one in lines
        for lrn in one.lrns or ("",)
    ]  # fmt: skip
    if rows:
        conn.execute(insert(p), rows)
    return len({row["delivery"] for row in rows})


def _skip(gate: Gate, conn: Connection, connection: str, lines: Iterable[Going]) -> int:
    """Numbers that partners have seen are used for nothing else."""
    prefix, seen = gate.hub.settings.gateway.id, dict[tuple[str, str], int]()
    known = {row.id for row in among(conn, select(dl.c.id), dl.c.id, [one.delivery for one in lines])}
    for one in lines:
        number = (one.control_reference or "").removeprefix(prefix)
        if number.isdecimal() and one.delivery not in known:
            place = (one.environment, one.kind)
            seen[place] = max(seen.get(place, 0), int(number))
    return sum(leave_out(gate, conn, connection, *place, last) for place, last in sorted(seen.items()))


def leave_out(gate: Gate, conn: Connection, connection: str, environment: str, kind: str, last: int) -> int:
    """Use no number up to `last`, and say so; returns how many are left out."""
    count = void_until(conn, connection, environment, kind, last, why=WHY, at=gate.now())
    if count:
        values = {"first": str(last - count + 1), "last": str(last), "connection": connection, "kind": kind}
        raise_alarm(conn, "INT952", f"{connection} {kind}", values)
    return count
