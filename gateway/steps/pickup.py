"""Pickup: files at a partner become files of ours, once in effect.

1 sightings → 2 intent (`fetching`, our id fixed) → 3 bytes in the spool, durable → 4 `received` → 5 tidy at the partner →
6 said so. The key is the sighting (connection, folder, name, size, time). Killed after 2, the start-up removes the part
and fetches again; after 3 it hashes what is there and does not fetch again, which a read-once server demands; after 4
only the tidying is repeated. Rounds of many files share their transactions.
"""

import logging
from collections.abc import Iterator, Mapping, Sequence
from concurrent.futures import Executor
from datetime import datetime
from itertools import islice
from typing import Any, NamedTuple

from sqlalchemy import Connection, insert, select, update

from gateway.findings import Finding
from gateway.findings.errors import GatewayError, PartnerUnreachable, RemoteChanged
from gateway.findings.failpoint import failpoint
from gateway.journal import schema
from gateway.journal.blobs import Blob
from gateway.journal.ids import new_id
from gateway.settings.connection import Connection as Line
from gateway.settings.connection import Inbound
from gateway.steps import moves, notes
from gateway.steps.gate import Gate
from gateway.transport import names, stable
from gateway.transport.line import Entry
from gateway.transport.line import Line as Wire
from gateway.transport.tidy import tidy

ROUND = 64  # files a round: one transaction for all of them at each step
LISTED = 20_000  # entries of one folder that one poll looks at
TROUBLE: Mapping[str, str] = {"gone": "DLV626", "oversize": "DLV623"}
s, f = schema.sighting, schema.file
log = logging.getLogger("gateway.pickup")


class Sighted(NamedTuple):
    """An entry at the partner and what the journal knows of it."""

    entry: Entry
    first_seen: datetime
    polls: int
    file: str | None
    tidied: bool


class Fetched(NamedTuple):
    """What became of one fetch: the blob, and how the remote file looked afterwards."""

    file: str
    blob: Blob | None
    after: str


class Pickup:
    """The inbound side of one connection. Its mover's thread alone calls it; `crew` carries files side by side."""

    def __init__(self, gate: Gate, line: Line, crew: Executor) -> None:
        self.gate, self.line, self.crew = gate, line, crew

    def poll(self, wire: Wire) -> int:
        """Look into every folder once; returns how many files came in."""
        return sum(self._folder(wire, rule) for rule in self.line.inbound)

    def _folder(self, wire: Wire, rule: Inbound) -> int:
        with wire.deadline(60):
            listed = list(islice(wire.scan(rule.directory), LISTED))
        files = [e for e in listed if e.kind == "file" and names.matches(e.name, rule.pattern)]
        sighted = self._sight(rule.directory, files)
        failpoint("pickup.sighted")
        self._tidy(wire, rule, [one for one in sighted if one.file and not one.tidied])
        whole = {e.name for e in listed}
        ready = [one.entry for one in sighted if one.file is None and self._is_whole(rule, one, whole)]
        rounds = (ready[at : at + ROUND] for at in range(0, len(ready), ROUND))
        return sum(self._round(wire, rule, some) for some in rounds)

    def _is_whole(self, rule: Inbound, one: Sighted, listed: set[bytes]) -> bool:
        age = self.gate.now() - one.first_seen
        return stable.is_complete(rule.complete, one.entry.name, one.polls, age, listed)

    def _sight(self, directory: str, entries: Sequence[Entry]) -> list[Sighted]:
        """Note what is there; returns it with what was known. A file that came back after we tidied it is new."""
        if not entries:
            return []
        now = self.gate.now()
        with self.gate.journal.write() as conn:
            known = {(row["name"], row["size"], row["mtime"]): row for row in self._known(conn, directory)}
            result = [self._one(conn, directory, e, known.get((e.name, e.size, e.mtime)), now) for e in entries]
        return result

    def _known(self, conn: Connection, directory: str) -> Iterator[Mapping[Any, Any]]:
        seen = select(s, f.c.state.label("state")).outerjoin(f, f.c.id == s.c.file_id)
        where = (s.c.connection == self.line.name, s.c.directory == directory)
        yield from conn.execute(seen.where(*where)).mappings()

    def _one(
        self, conn: Connection, directory: str, entry: Entry, row: Mapping[Any, Any] | None, now: datetime
    ) -> Sighted:
        if row is None:
            values = {
                "connection": self.line.name, "directory": directory, "name": entry.name, "size": entry.size,
                "mtime": entry.mtime, "first_seen": now, "last_seen": now, "polls": 1,
            }  # fmt: skip
            conn.execute(insert(s).values(**values))
            return Sighted(entry, now, 1, None, tidied=False)
        ours = row["file_id"] is not None and row["state"] not in ("sighted", "fetching")
        rule = next(r for r in self.line.inbound if r.directory == directory)
        if ours and row["tidied_at"] is not None and rule.after.kind != "none":
            self._set(conn, directory, entry, first_seen=now, last_seen=now, polls=1, file_id=None, tidied_at=None)
            return Sighted(entry, now, 1, None, tidied=False)
        if not ours:
            self._set(conn, directory, entry, last_seen=now, polls=row["polls"] + 1)
        file = row["file_id"] if ours else None
        return Sighted(entry, row["first_seen"], row["polls"] + 1, file, row["tidied_at"] is not None)

    def _round(self, wire: Wire, rule: Inbound, entries: Sequence[Entry]) -> int:
        ids = self._intend(rule, entries)
        failpoint("pickup.intent")
        fetched = list(self.crew.map(lambda pair: self._fetch(wire, rule, *pair), zip(ids, entries, strict=True)))
        failpoint("pickup.raw")
        whole = [one for one in fetched if one.blob is not None]
        receive(self.gate, self.line, whole)
        failpoint("pickup.received")
        give_up(self.gate, [one.file for one in fetched if one.blob is None])
        taken = {one.file for one in whole}
        pairs = [(e, i) for i, e in zip(ids, entries, strict=True) if i in taken]
        self._tidy(wire, rule, [Sighted(e, self.gate.now(), 1, i, tidied=False) for e, i in pairs])
        if len(whole) < len(fetched) and all(one.after == "lost" for one in fetched if one.blob is None):
            raise PartnerUnreachable
        return len(whole)

    def _intend(self, rule: Inbound, entries: Sequence[Entry]) -> list[str]:
        """Every file that will ever lie in the spool has a row first. A file that was in motion keeps its row."""
        with self.gate.journal.write() as conn:
            again = self._in_motion(conn, rule.directory)
            ids = [again.get(entry.name) or new_id() for entry in entries]
            fresh = [
                {"id": one, "connection": self.line.name, "environment": self.line.environment, "name": entry.name,
                 "directory": rule.directory, "format": rule.format, "state": "sighted"}
                for one, entry in zip(ids, entries, strict=True) if one not in again.values()
            ]  # fmt: skip
            moves.enter(conn, "file", fresh, "P", "sight")
            moves.move(conn, "file", ids, "sighted", "fetching", "P", "fetch")
            for one, entry in zip(ids, entries, strict=True):
                self._set(conn, rule.directory, entry, file_id=one)
        return ids

    def _in_motion(self, conn: Connection, directory: str) -> dict[bytes, str]:
        where = (f.c.connection == self.line.name, f.c.directory == directory, f.c.state == "sighted")
        return {row.name: row.id for row in conn.execute(select(f.c.name, f.c.id).where(*where))}

    def _fetch(self, wire: Wire, rule: Inbound, file: str, entry: Entry) -> Fetched:
        """Exactly the listed size, then the entry must be the same. One that is gone was on a read-once server, or taken back."""
        path = names.join(rule.directory, entry.name)
        try:
            if entry.size > self.gate.limits.file_bytes:
                return Fetched(file, self._empty(file), "oversize")
            with self.gate.blobs.draft("raw", self.line.name, file) as draft:
                for block in wire.fetch(path, entry.size):
                    draft.write(block)
                failpoint("pickup.part")
                after = stable.since(entry, wire.lstat(path))
                return Fetched(file, None if after == "changed" else draft.keep(), after)
        except RemoteChanged:
            return Fetched(file, None, "changed")
        except GatewayError:
            return Fetched(file, None, "lost")

    def _empty(self, file: str) -> Blob:
        """An oversize file is not fetched; it is refused with an empty body and its remote facts."""
        return self.gate.blobs.write("raw", self.line.name, (), file)

    def _tidy(self, wire: Wire, rule: Inbound, sighted: Sequence[Sighted]) -> None:
        """Delete or move what is ours; "not there" is done. What the partner forbids is tried again at the next poll."""
        if not sighted:
            return
        done = [
            one
            for one, ok in zip(sighted, self.crew.map(lambda o: self._put_away(wire, rule, o), sighted), strict=True)
            if ok
        ]
        failpoint("pickup.tidied_remote")
        with self.gate.journal.write() as conn:
            for one in done:
                self._set(conn, rule.directory, one.entry, tidied_at=self.gate.now())
        failpoint("pickup.tidied")

    def _put_away(self, wire: Wire, rule: Inbound, one: Sighted) -> bool:
        try:
            tidy(wire, rule.after, rule.directory, one.entry.name)
            if rule.after.kind != "none":
                for done in stable.done_names(rule.complete, one.entry.name):
                    tidy(wire, rule.after, rule.directory, done)
        except PartnerUnreachable:
            return False
        except GatewayError:
            log.warning("pickup.not_tidied", extra={"file_id": one.file})
            return False
        return True

    def _set(self, conn: Connection, directory: str, entry: Entry, **values: Any) -> None:
        same = (
            s.c.connection == self.line.name, s.c.directory == directory, s.c.name == entry.name,
            s.c.size == entry.size, s.c.mtime == entry.mtime,
        )  # fmt: skip
        conn.execute(update(s).where(*same).values(**values))


def recover(gate: Gate, line: Line) -> None:
    """After a crash: what is whole in the spool is received, what is not is fetched again."""
    with gate.journal.read() as conn:
        ids = list(conn.scalars(select(f.c.id).where(f.c.connection == line.name, f.c.state == "fetching")))
    found = [Fetched(one, gate.blobs.find("raw", line.name, one), "same") for one in ids]
    receive(gate, line, [one for one in found if one.blob is not None])
    give_up(gate, [one.file for one in found if one.blob is None])


def receive(gate: Gate, line: Line, fetched: Sequence[Fetched]) -> None:
    """From here the bytes are ours. A file that vanished while it was read waits for a person."""
    if not fetched:
        return
    with gate.journal.write() as conn:
        gate.blobs.add(conn, *[one.blob for one in fetched if one.blob is not None])
        for one in fetched:
            assert one.blob is not None
            values = {"blob": one.blob.id, "sha256": one.blob.sha256, "received_at": gate.now()}
            to = "suspect" if one.after == "gone" else "received"
            moves.move(conn, "file", [one.file], "fetching", to, "P", "receive", **values)
            if one.after in TROUBLE:
                facts = {"name": one.file, "limit": str(gate.limits.file_bytes)}
                notes.note(conn, "file", one.file, line.name, [Finding(TROUBLE[one.after], values=facts)])


def give_up(gate: Gate, files: Sequence[str]) -> None:
    """Not fetched this time: the sighting is free again."""
    if files:
        with gate.journal.write() as conn:
            moves.move(conn, "file", files, "fetching", "sighted", "P", "not fetched")
            conn.execute(update(s).where(s.c.file_id.in_(files)).values(file_id=None, polls=0))
