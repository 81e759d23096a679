"""Pickup: files at a partner become files of ours, once in effect.

1 sightings → 2 intent (`fetching`, our id fixed) → 3 bytes in the spool, durable → 4 `received` → 5 tidy at the
partner → 6 said so. The key is the sighting (connection, folder, name, size, time). Killed after 2, the start-up
removes the part and fetches again; after 3 it hashes what is there and does not fetch again, which a read-once server
demands; after 4 only the tidying is repeated. Rounds of many files share their transactions, and their requests are
under way side by side. A round that breaks off (our disk is full) leaves what a crash leaves: the next poll begins as
the start-up does.
"""

import logging
from collections.abc import Callable, Sequence
from concurrent.futures import Executor
from contextlib import aclosing
from functools import partial
from typing import Any

from sqlalchemy import Connection, select

from gateway.findings import Finding
from gateway.findings.errors import GatewayError, GatewayFault, PartnerUnreachable, RemoteChanged, Retryable
from gateway.findings.failpoint import effect
from gateway.journal import schema
from gateway.journal.blobs import Blob
from gateway.journal.ids import new_id
from gateway.settings.connection import Connection as Line
from gateway.settings.connection import Inbound
from gateway.steps.ground import aside, moves, notes
from gateway.steps.ground.alarm import clear_alarm, raise_alarm
from gateway.steps.ground.gate import Gate
from gateway.steps.ground.many import among, chunks
from gateway.steps.lines import logged
from gateway.steps.lines.capabilities import prepare, reads_once, rename_refuses
from gateway.steps.lines.sidebyside import of_each
from gateway.steps.receiving import sighting
from gateway.steps.receiving.listing import TOLD, Found, look
from gateway.steps.receiving.looks import Looks
from gateway.steps.receiving.putaway import put_away, tell
from gateway.steps.receiving.received import Fetched, give_up, receive, recover
from gateway.steps.receiving.sighting import Sighted
from gateway.transport import faults, names, stable
from gateway.transport.line import Entry, Talks
from gateway.transport.line import Line as Wire
from gateway.transport.talk import due

ROUND = 64  # files a round: one transaction for all of them at each step
STRANGE = {"DLV622": "no_files", "DLV624": "strange"}
f, n = schema.file, schema.finding
log = logging.getLogger("gateway.pickup")


class SpoolUnwritable(GatewayFault, Retryable):
    """Our own disk does not take what the partner has for us."""


class Pickup:
    """The inbound side of one connection. One thread at a time calls it; `crew` syncs our disk meanwhile."""

    def __init__(self, gate: Gate, line: Line, crew: Executor) -> None:
        self.gate, self.line, self.crew = gate, line, crew
        self._limit = gate.limits(line.name).file_bytes
        self._told: dict[str, list[str]] = {}
        self._reads_once = False
        self._refuses = False
        self._looks = Looks(gate.clock)

    def poll(self, wire: Wire, enough: Callable[[], bool] = lambda: False) -> int:
        """Look into every folder once; returns how many files came in. A folder at fault stops no other.

        Between two rounds of files it may be `enough`: the others are found again by the next poll.
        """
        recover(self.gate, self.line.name)
        prepare(self.gate, self.line, wire)
        self._reads_once = reads_once(self.gate, self.line, wire.banner)
        self._refuses = rename_refuses(self.gate, self.line, wire.banner)
        came, fault = 0, None
        strange: dict[str, list[str]] = {code: [] for code in STRANGE}
        for rule in self.line.inbound:
            try:
                came += self._folder(wire, rule, enough, strange)
            except PartnerUnreachable:
                raise
            except GatewayError as error:
                fault = error
        if fault is not None:
            raise fault
        self._tell(strange)
        return came

    def _folder(self, wire: Wire, rule: Inbound, enough: Callable[[], bool], strange: dict[str, list[str]]) -> int:
        with self.gate.journal.read() as conn:
            tried = self._in_motion(conn, rule.directory)
        at = self._looks.begin(f"{rule.directory}/{rule.pattern}")
        found = look(self.gate, self.line, wire, rule, tried, at)
        for code, kind in STRANGE.items():
            strange[code] += map(names.shown, getattr(found, kind))
        if found.whole:
            self._forget(tried[name] for name in found.missing)
        for kept in chunks(found.kept, ROUND):
            self._tidy(wire, rule, kept)
        return self._fetch_all(wire, rule, found, enough)

    def _fetch_all(self, wire: Wire, rule: Inbound, found: Found, enough: Callable[[], bool]) -> int:
        ready = found.to_fetch
        self._leave(rule, [entry for entry in ready if entry.size > self._limit])
        came = 0
        for some in chunks((entry for entry in ready if entry.size <= self._limit), ROUND):
            came += self._round(wire, rule, some)
            if enough():
                break
        return came

    def _tell(self, strange: dict[str, list[str]]) -> None:
        """What we leave alone is told while it lies there, once for each change."""
        if strange == self._told:
            return
        with self.gate.journal.write("pickup.tell") as conn:
            for code, seen in strange.items():
                if seen:
                    said = {"name": ", ".join(seen[:TOLD]), "connection": self.line.name}
                    raise_alarm(conn, code, self.line.name, said)
                else:
                    clear_alarm(conn, code, self.line.name)
        self._told = strange

    def _forget(self, gone: Any) -> None:
        """What could not be read and is not there any more waits for nobody."""
        with self.gate.journal.read() as conn:
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
        pairs = list(zip(self._intend(rule, entries), entries, strict=True))
        logged.coming(self.gate, self.line, rule, pairs)
        fetched = of_each(wire, self.crew, lambda talks, pair: self._fetch(talks, rule, *pair), pairs)
        whole = [one for one in fetched if one.blob is not None]
        receive(self.gate, self.line.name, whole)
        give_up(self.gate, [one.file for one in fetched if one.blob is None])
        self._say([one for one in fetched if one.fault is not None])
        taken = {one.file for one in whole}
        ours = [Sighted(entry, self.gate.now(), 1, one, tidied=False) for one, entry in pairs if one in taken]
        self._tidy(wire, rule, ours)
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
            sighting.note(conn, self.line, rule, ((entry, {"file_id": one}) for one, entry in pairs))
        return ids

    def _in_motion(self, conn: Connection, directory: str) -> dict[bytes, str]:
        """Names that were tried and could not be fetched, each with its row."""
        where = (f.c.connection == self.line.name, f.c.directory == directory, f.c.state == "sighted")
        return {row.name: row.id for row in conn.execute(select(f.c.name, f.c.id).where(*where))}

    async def _fetch(self, wire: Talks, rule: Inbound, file: str, entry: Entry) -> Fetched:
        """One file; never raises, so that no other one of its round is left half done."""
        name = names.shown(entry.name)
        try:
            return Fetched(file, *await self._take(wire, rule, file, entry), name)
        except PartnerUnreachable:
            return Fetched(file, None, "lost", name)
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

    async def _take(self, wire: Talks, rule: Inbound, file: str, entry: Entry) -> tuple[Blob | None, str]:
        """Exactly the listed size, and the entry is the same after. One that is gone was read once, or taken back."""
        path = names.join(rule.directory, entry.name)
        with await due(self.crew.submit(self.gate.blobs.draft, "raw", self.line.name, file)) as draft:
            cut_short = False
            with effect("pickup.fetch"):
                try:
                    async with aclosing(wire.fetch(path, entry.size)) as blocks:
                        async for block in blocks:
                            draft.write(block)
                except RemoteChanged:
                    cut_short = True
            with effect("pickup.look"):
                after = stable.since(entry, await wire.lstat(path))
            if after == "changed" or (cut_short and after != "gone"):
                return None, "changed"
            if after == "gone" and self._reads_once and not cut_short:
                after = "same"  # the probe has shown that a file goes as it is read; all of its bytes are here
            with effect("pickup.keep"):
                return await due(self.crew.submit(draft.keep)), after

    def _say(self, refused: Sequence[Fetched]) -> None:
        """What the partner does not let us read is told on its file, which is tried again."""
        if refused:
            with self.gate.journal.write("pickup.say") as conn:
                for one in refused:
                    notes.replace(conn, "file", one.file, self.line.name, [one.fault] if one.fault else ())

    def _tidy(self, wire: Wire, rule: Inbound, sighted: Sequence[Sighted]) -> None:
        """Delete or move what is ours; "not there" is done. What the partner forbids is tried at the next poll."""
        ours = [(one.entry, one.file) for one in sighted if one.file is not None]
        if not ours:
            return
        away = partial(put_away, refuses=self._refuses)
        tried = of_each(wire, self.crew, lambda talks, pair: away(talks, rule, *pair), ours)
        now = self.gate.now()
        with self.gate.journal.write("pickup.tidied") as conn:
            done = [(one.entry, {"tidied_at": now}) for one in tried if one.result == "done"]
            sighting.note(conn, self.line, rule, done)
            tell(conn, self.line.name, rule, tried)
