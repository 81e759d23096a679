"""Pickup: files at a partner become files of ours, once in effect.

1 sightings → 2 intent (`fetching`, our id fixed) → 3 bytes in the spool, durable → 4 `received` → 5 tidy at the
partner → 6 said so. The key is the sighting (connection, folder, name, size, time). Killed after 2, the start-up
removes the part and fetches again; after 3 it hashes what is there and does not fetch again, which a read-once server
demands; after 4 only the tidying is repeated. Rounds of many files share their transactions. A round that breaks off
(our disk is full) leaves what a crash leaves: the next poll begins as the start-up does.
"""

import logging
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from concurrent.futures import Executor
from datetime import datetime
from itertools import islice
from typing import Any, NamedTuple

from sqlalchemy import Connection, insert, select, update

from gateway.findings import Finding
from gateway.findings.errors import GatewayError, GatewayFault, PartnerUnreachable, RemoteChanged, Retryable
from gateway.findings.failpoint import effect
from gateway.journal import schema
from gateway.journal.blobs import Blob
from gateway.journal.ids import new_id
from gateway.settings.connection import Connection as Line
from gateway.settings.connection import Inbound
from gateway.steps import aside, moves, notes
from gateway.steps.gate import Gate
from gateway.steps.many import among, chunks
from gateway.steps.putaway import put_away, tell
from gateway.steps.received import Fetched, give_up, receive, recover
from gateway.transport import faults, names, stable
from gateway.transport.line import Entry
from gateway.transport.line import Line as Wire

ROUND = 64  # files a round: one transaction for all of them at each step
LISTED = 20_000  # entries of one folder that one poll looks at
s, f, n = schema.sighting, schema.file, schema.finding
log = logging.getLogger("gateway.pickup")


class SpoolUnwritable(GatewayFault, Retryable):
    """Our own disk does not take what the partner has for us."""


class Sighted(NamedTuple):
    """An entry at the partner and what the journal knows of it."""

    entry: Entry
    first_seen: datetime
    polls: int
    file: str | None
    tidied: bool


class Pickup:
    """The inbound side of one connection. Its mover's thread alone calls it; `crew` carries files side by side."""

    def __init__(self, gate: Gate, line: Line, crew: Executor) -> None:
        self.gate, self.line, self.crew = gate, line, crew
        self._limit = gate.limits(line.name).file_bytes

    def poll(self, wire: Wire, enough: Callable[[], bool] = lambda: False) -> int:
        """Look into every folder once; returns how many files came in. A folder at fault stops no other.

        Between two rounds of files it may be `enough`: the others are found again by the next poll.
        """
        recover(self.gate, self.line.name)
        came, fault = 0, None
        for rule in self.line.inbound:
            try:
                came += self._folder(wire, rule, enough)
            except PartnerUnreachable:
                raise
            except GatewayError as error:
                fault = error
        if fault is not None:
            raise fault
        return came

    def _folder(self, wire: Wire, rule: Inbound, enough: Callable[[], bool]) -> int:
        with effect("pickup.list"), wire.deadline(60):
            listed = list(islice(wire.scan(rule.directory), LISTED))
        if len(listed) == LISTED:
            log.warning("pickup.folder_full", extra={"connection": self.line.name, "count": LISTED})
        files = [e for e in listed if e.kind == "file" and names.matches(e.name, rule.pattern)]
        sighted = self._sight(rule, files)
        self._tidy(wire, rule, [one for one in sighted if one.file and not one.tidied])
        whole = {e.name for e in listed}
        ready = [one.entry for one in sighted if one.file is None and self._is_whole(rule, one, whole)]
        ready.sort(key=lambda entry: (entry.mtime, entry.name))  # ids rise in the order in which they were left for us
        limit = self._limit
        if len(listed) < LISTED:
            self._forget(rule, whole)
        self._leave(rule, [entry for entry in ready if entry.size > limit])
        small = [entry for entry in ready if entry.size <= limit]
        came = 0
        for some in chunks(small, ROUND):
            came += self._round(wire, rule, some)
            if enough():
                break
        return came

    def _is_whole(self, rule: Inbound, one: Sighted, listed: set[bytes]) -> bool:
        age = self.gate.now() - one.first_seen
        return stable.is_complete(rule.complete, one.entry.name, one.polls, age, listed)

    def _sight(self, rule: Inbound, entries: Sequence[Entry]) -> list[Sighted]:
        """Note what is there; returns it with what was known. A file that came back after we tidied it is new."""
        if not entries:
            return []
        now = self.gate.now()
        with self.gate.journal.write("pickup.sight") as conn:
            known = {(row["name"], row["size"], row["mtime"]): row for row in self._known(conn, rule, entries)}
            return [self._one(conn, rule, e, known.get((e.name, e.size, e.mtime)), now) for e in entries]

    def _known(self, conn: Connection, rule: Inbound, entries: Iterable[Entry]) -> Iterator[Mapping[Any, Any]]:
        seen = (
            select(s, f.c.state.label("state"))
            .outerjoin(f, f.c.id == s.c.file_id)
            .where(s.c.connection == self.line.name, s.c.directory == rule.directory)
        )
        return (row._mapping for row in among(conn, seen, s.c.name, (entry.name for entry in entries)))  # noqa: SLF001

    def _one(
        self, conn: Connection, rule: Inbound, entry: Entry, row: Mapping[Any, Any] | None, now: datetime
    ) -> Sighted:
        if row is None:
            values = {
                "connection": self.line.name, "directory": rule.directory, "name": entry.name, "size": entry.size,
                "mtime": entry.mtime, "first_seen": now, "last_seen": now, "polls": 1,
            }  # fmt: skip
            conn.execute(insert(s).values(**values))
            return Sighted(entry, now, 1, None, tidied=False)
        ours = row["file_id"] is not None and row["state"] not in ("sighted", "fetching")
        if ours and row["tidied_at"] is not None and rule.after.kind != "none":
            fresh = {"first_seen": now, "last_seen": now, "polls": 1, "file_id": None, "tidied_at": None}
            self._set(conn, rule, entry, **fresh)
            return Sighted(entry, now, 1, None, tidied=False)
        if not ours:
            self._set(conn, rule, entry, last_seen=now, polls=row["polls"] + 1)
        file = row["file_id"] if ours else None
        return Sighted(entry, row["first_seen"], row["polls"] + 1, file, row["tidied_at"] is not None)

    def _forget(self, rule: Inbound, listed: set[bytes]) -> None:
        """What could not be read and is not there any more waits for nobody."""
        with self.gate.journal.read() as conn:
            gone = [one for name, one in self._in_motion(conn, rule.directory).items() if name not in listed]
            told = list(among(conn, select(n.c.subject), n.c.subject, gone))
        if told:
            with self.gate.journal.write("pickup.forget") as conn:
                for one in told:
                    notes.clear(conn, one.subject)

    def _leave(self, rule: Inbound, large: Sequence[Entry]) -> None:
        """Files over the limit stay where they are, with a finding; they are fetched when the limit is raised."""
        if not large:
            return
        with self.gate.journal.write("pickup.leave") as conn:
            known = self._in_motion(conn, rule.directory)
            fresh = {new_id(): entry for entry in large if entry.name not in known}
            moves.enter(conn, "file", [self._row(rule, one, entry) for one, entry in fresh.items()], "P", "sight")
            for one, entry in fresh.items():
                sizes = {"size": str(entry.size), "limit": str(self._limit)}
                found = Finding("DLV623", values={"name": names.shown(entry.name), **sizes})
                notes.note(conn, "file", one, self.line.name, [found])

    def _row(self, rule: Inbound, one: str, entry: Entry) -> dict[str, Any]:
        return {
            "id": one, "connection": self.line.name, "name": entry.name, "directory": rule.directory,
            "state": "sighted", "environment": self.line.environment, "format": rule.format,
        }  # fmt: skip

    def _round(self, wire: Wire, rule: Inbound, entries: Sequence[Entry]) -> int:
        ids = self._intend(rule, entries)
        fetched = list(self.crew.map(lambda pair: self._fetch(wire, rule, *pair), zip(ids, entries, strict=True)))
        whole = [one for one in fetched if one.blob is not None]
        receive(self.gate, self.line.name, whole)
        give_up(self.gate, [one.file for one in fetched if one.blob is None])
        self._say([one for one in fetched if one.fault is not None])
        taken = {one.file for one in whole}
        pairs = [(e, i) for i, e in zip(ids, entries, strict=True) if i in taken]
        self._tidy(wire, rule, [Sighted(e, self.gate.now(), 1, i, tidied=False) for e, i in pairs])
        for after, error in (("lost", PartnerUnreachable), ("full", SpoolUnwritable)):
            if any(one.after == after for one in fetched):
                raise error
        return len(whole)

    def _intend(self, rule: Inbound, entries: Sequence[Entry]) -> list[str]:
        """Every file that will ever lie in the spool has a row first. A file that was in motion keeps its row."""
        facts = {"environment": self.line.environment, "format": rule.format}
        with self.gate.journal.write("pickup.intend") as conn:
            known = self._in_motion(conn, rule.directory)
            again = {entry.name: known[entry.name] for entry in entries if entry.name in known}
            ids = [again.get(entry.name) or new_id() for entry in entries]
            pairs = list(zip(ids, entries, strict=True))
            fresh = [self._row(rule, one, entry) for one, entry in pairs if entry.name not in again]
            moves.enter(conn, "file", fresh, "P", "sight")
            moves.move(conn, "file", ids, "sighted", "fetching", "P", "fetch", **facts)
            for one in again.values():
                notes.clear(conn, one)
            for one, entry in pairs:
                self._set(conn, rule, entry, file_id=one)
        return ids

    def _in_motion(self, conn: Connection, directory: str) -> dict[bytes, str]:
        where = (f.c.connection == self.line.name, f.c.directory == directory, f.c.state == "sighted")
        return {row.name: row.id for row in conn.execute(select(f.c.name, f.c.id).where(*where))}

    def _fetch(self, wire: Wire, rule: Inbound, file: str, entry: Entry) -> Fetched:
        """One file; never raises, so that no other one of its round is left half done."""
        name = names.shown(entry.name)
        try:
            return Fetched(file, *self._take(wire, rule, file, entry), name)
        except PartnerUnreachable:
            return Fetched(file, None, "lost", name)
        except RemoteChanged:
            return Fetched(file, None, "changed", name)
        except OSError:
            return Fetched(file, None, "full", name)
        except Exception as error:  # noqa: BLE001  # of one file
            return Fetched(file, None, "refused", name, self._fault(file, entry, error))

    def _fault(self, file: str, entry: Entry, error: Exception) -> Finding:
        if not isinstance(error, GatewayError):
            return aside.failed("file", file, error)
        log.warning("pickup.not_fetched", extra={"connection": self.line.name, "file_id": file})
        name = names.shown(entry.name)
        return faults.finding(error, connection=self.line.name, path=name, name=name)

    def _take(self, wire: Wire, rule: Inbound, file: str, entry: Entry) -> tuple[Blob | None, str]:
        """Exactly the listed size, and the entry is the same after. One that is gone was read once, or taken back."""
        path = names.join(rule.directory, entry.name)
        with self.gate.blobs.draft("raw", self.line.name, file) as draft:
            with effect("pickup.fetch"):
                for block in wire.fetch(path, entry.size):
                    draft.write(block)
            with effect("pickup.look"):
                after = stable.since(entry, wire.lstat(path))
            if after == "changed":
                return None, after
            with effect("pickup.keep"):
                return draft.keep(), after

    def _say(self, refused: Sequence[Fetched]) -> None:
        """What the partner does not let us read is told on its file, which is tried again."""
        if refused:
            with self.gate.journal.write("pickup.say") as conn:
                for one in refused:
                    notes.replace(conn, "file", one.file, self.line.name, [one.fault] if one.fault else ())

    def _tidy(self, wire: Wire, rule: Inbound, sighted: Sequence[Sighted]) -> None:
        """Delete or move what is ours; "not there" is done. What the partner forbids is tried at the next poll."""
        if not sighted:
            return
        ours = [(one.entry, one.file) for one in sighted if one.file is not None]
        tried = list(self.crew.map(lambda pair: put_away(wire, rule, *pair), ours))
        with self.gate.journal.write("pickup.tidied") as conn:
            for one in tried:
                if one.result == "done":
                    self._set(conn, rule, one.entry, tidied_at=self.gate.now())
            tell(conn, self.line.name, rule, tried)

    def _set(self, conn: Connection, rule: Inbound, entry: Entry, **values: Any) -> None:
        same = (
            s.c.connection == self.line.name, s.c.directory == rule.directory, s.c.name == entry.name,
            s.c.size == entry.size, s.c.mtime == entry.mtime,
        )  # fmt: skip
        conn.execute(update(s).where(*same).values(**values))
