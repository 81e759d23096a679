"""Deliver: queued files reach the partner whole, under their final name, once in effect.

claim `sending` with a temporary name → write it, durable → `publishing` → one rename → `sent`. Killed before
`publishing`, nothing is out: another temporary name, the old one to the janitor. Killed in `publishing`, what lies at
the partner is the evidence. Nothing is ever sent under a new name, reference or LRN. Rounds of many files share their
transactions, and their requests are under way side by side. A round that breaks off leaves what a crash leaves: the
next one begins as the start-up does.
"""

import secrets
from collections.abc import Awaitable, Callable, Iterable, Mapping, Sequence
from concurrent.futures import Executor
from datetime import timedelta
from typing import Any

from sqlalchemy import Connection, bindparam, or_, select, update

from gateway.findings import Finding
from gateway.findings.errors import GatewayError, NameNotAllowed, NoRoom, PartnerUnreachable
from gateway.findings.failpoint import effect
from gateway.journal import schema
from gateway.journal.claims import LONGEST_WAIT, Claim, LeaseLost, is_due
from gateway.settings.connection import Connection as Line
from gateway.steps.ground import aside, moves, notes, standstill
from gateway.steps.ground.failure import is_trouble, raise_trouble
from gateway.steps.ground.gate import Gate
from gateway.steps.ground.many import among
from gateway.steps.hearing import learn
from gateway.steps.lines import logged
from gateway.steps.lines.capabilities import prepare, publish_mode
from gateway.steps.lines.sidebyside import of_each
from gateway.steps.sending import recognise
from gateway.steps.sending.payload import Stretch, blocks, stretches
from gateway.transport import faults, names
from gateway.transport.line import Line as Wire
from gateway.transport.line import PublishMode, Talks
from gateway.transport.publish import MARKS, mode_of, settle

ROUND = 64
SPARE = 1_000_000  # bytes that we leave free on the partner's disk
LEASE = timedelta(minutes=15)
dl, f = schema.delivery, schema.filing

TROUBLE: Mapping[str, str] = {"unconfirmed": "DLV631", "in_doubt": "DLV632", "clash": "DLV613"}


class Deliver:
    """The outbound side of one connection. One thread at a time calls it."""

    def __init__(self, gate: Gate, line: Line, crew: Executor) -> None:
        self.gate, self.line, self.crew = gate, line, crew
        self._mode: PublishMode = "rename"
        self._room: dict[str, int | None] = {}

    @property
    def due(self) -> bool:
        """True when there is something to send or to settle now."""
        with self.gate.journal.read() as conn:
            return not standstill.stands(conn) and _waits(self.gate, conn, self.line.name)

    def deliver(self, wire: Wire, enough: Callable[[], bool] = lambda: False) -> int:
        """Settle what was left open, then send what is queued until it is `enough`; returns how many files are out."""
        recover(self.gate, self.line.name)
        if recognise.is_due(self.gate, self.line.name):
            with self.gate.journal.write("deliver.recognise") as conn:
                self._say_sent(conn, recognise.publish_again(conn, self.line.name))
        self.settle(wire)
        prepare(self.gate, self.line, wire)
        self._mode = publish_mode(self.gate, self.line, wire)
        self._room.clear()
        out = 0
        while sent := self._round(wire):
            out += sent
            if enough():
                break
        return out

    def settle(self, wire: Wire) -> None:
        """Deliveries of which we do not know whether the rename happened: look, then decide."""
        mine = (dl.c.connection == self.line.name, dl.c.state == "publishing", dl.c.id.not_in(aside.marked()))
        with self.gate.journal.read() as conn:
            open_ = conn.execute(select(dl).where(*mine).order_by(dl.c.id)).mappings().all()
            of_then = recognise.evidence(conn, self.line.name) if open_ else {}
        for row in open_:
            self._settle(wire, {**row, **of_then.get(row["id"], {})})

    def _round(self, wire: Wire) -> int:
        rows = self._claim()
        if not rows:
            return 0
        self._ask_room(wire, rows)
        payloads = stretches(self.gate, [row["id"] for row in rows])
        written = self._each(wire, rows, lambda talks, row: self._write(talks, row, payloads[row["id"]]))
        self._back([(row, error) for row, error in written if error is not None])
        ready = self._to_publish([row for row, error in written if error is None])
        logged.going(self.gate, self.line.name, ready)
        published = self._each(wire, ready, self._publish)
        out = [row for row, error in published if error is None]
        logged.sent(self.gate, self.line.name, out)
        self._sent(out)
        self._lost([error for _, error in (*written, *published)])
        for row, error in published:
            if error is not None:
                self._settle(wire, row)
        return sum(error is None for _, error in published)

    def _claim(self) -> list[dict[str, Any]]:
        """Take what is queued. The temporary name is in the row before a byte is written."""
        with self.gate.journal.write("deliver.claim") as conn:
            self._say_sent(conn, recognise.publish_again(conn, self.line.name))
            mine = (dl.c.connection == self.line.name) & dl.c.id.not_in(aside.marked())
            claims = moves.claim(
                conn, "delivery", "queued", "sending", "D", owner=self.gate.owner, lease=LEASE, limit=ROUND, where=mine
            )
            if not claims:
                return []
            rows = conn.execute(select(dl).where(dl.c.id.in_([c.id for c in claims])).order_by(dl.c.id)).mappings()
            taken = [{**row, "temp_name": self._temp(row["final_name"])} for row in rows]
            naming = update(dl).where(dl.c.id == bindparam("one")).values(temp_name=bindparam("temp"))
            conn.execute(naming, [{"one": row["id"], "temp": row["temp_name"]} for row in taken])
        return taken

    def _temp(self, final: str) -> str:
        """A name for this attempt alone; none for a final name that we do not create, refused when it is used."""
        try:
            return names.temp_name(final, self.gate.hub.settings.gateway.id, names.token(MARKS[self._mode]))
        except NameNotAllowed:
            return ""

    def _each(
        self, wire: Wire, rows: Sequence[dict[str, Any]], act: Callable[[Talks, dict[str, Any]], Awaitable[None]]
    ) -> list[tuple[dict[str, Any], Exception | None]]:
        """Do it for all, side by side; an error belongs to its own file, the others of the round go on."""

        async def one(talks: Talks, row: dict[str, Any]) -> tuple[dict[str, Any], Exception | None]:
            try:
                await act(talks, row)
            except Exception as error:  # noqa: BLE001  # judged by whoever asked
                return row, error
            return row, None

        return of_each(wire, self.crew, one, rows)

    def _ask_room(self, wire: Wire, rows: Sequence[Mapping[Any, Any]]) -> None:
        """What is free on the partner's disk, asked once a turn for each folder; most servers say it."""
        for directory in {row["directory"] for row in rows} - self._room.keys():
            try:
                self._room[directory] = wire.free_bytes(directory)
            except PartnerUnreachable:
                raise
            except GatewayError:
                self._room[directory] = None

    def _take_room(self, row: Mapping[Any, Any]) -> None:
        """Raises: NoRoom."""
        free = self._room[row["directory"]]
        if free is not None:
            if row["size"] and row["size"] > free - SPARE:
                raise NoRoom
            self._room[row["directory"]] = free - (row["size"] or 0)

    async def _write(self, wire: Talks, row: Mapping[Any, Any], payload: Sequence[Stretch]) -> None:
        self._take_room(row)
        with effect("deliver.write"):
            await wire.write_new(names.join(row["directory"], row["temp_name"]), blocks(self.gate, payload))

    async def _publish(self, wire: Talks, row: Mapping[Any, Any]) -> None:
        temp, final = (names.join(row["directory"], row[name]) for name in ("temp_name", "final_name"))
        with effect("deliver.publish"):
            await wire.publish(temp, final, self._mode)

    def _sent(self, rows: Sequence[Mapping[Any, Any]]) -> None:
        if rows:
            with self.gate.journal.write("deliver.sent") as conn:
                self._say_sent(conn, rows)

    def _say_sent(self, conn: Connection, rows: Sequence[Mapping[Any, Any]]) -> None:
        """Out, and the filings in it lodged. One that customs has answered already is lodged since then."""
        now = self.gate.now()
        ids, facts = [row["id"] for row in rows], {"sent_at": now, "reason": None}
        sent = moves.move(conn, "delivery", ids, "publishing", "sent", "D", "publish", **facts)
        carried = list(among(conn, select(f.c.id, f.c.outcome, f.c.kind, f.c.delivery, f.c.about), f.c.delivery, sent))
        by_wait: dict[timedelta | None, list[str]] = {}
        folders = {row["id"]: row["directory"] for row in rows}
        for one in carried:
            rule = self.gate.hub.rule(self.line.name, one.kind, folders[one.delivery])
            by_wait.setdefault(rule.answer_within if rule else None, []).append(one.id)
        for within, filings in by_wait.items():
            due = now + within if within else None
            for state in ("assembled", "joined"):
                moves.move(conn, "filing", filings, state, "lodged", "D", "publish", answer_due_at=due)
        for one in carried:
            if one.outcome is not None or one.about:  # answered before it was sent, or while that was in doubt
                learn.refold(conn, one.id)

    def _settle(self, wire: Wire, row: Mapping[Any, Any]) -> None:
        """Conclude one; what the server refuses is noted and looked at again, the others go on."""
        try:
            self._conclude(wire, row)
        except PartnerUnreachable:
            raise
        except Exception as error:  # noqa: BLE001  # of one delivery
            raise_trouble(error)
            with self.gate.journal.write("deliver.doubt") as conn:
                self._note(conn, row, error)

    def _conclude(self, wire: Wire, row: Mapping[Any, Any]) -> None:
        """The evidence table decides (exchange reference §4), and an answer of customs before all evidence."""
        temp = names.join(row["directory"], row["temp_name"])
        final = names.join(row["directory"], row["final_name"])
        with effect("deliver.evidence"):
            to = settle(wire, temp, final, row["size"], row["sha256"], mode_of(temp)).value
        with self.gate.journal.write("deliver.conclude") as conn:
            if to == "sent" or learn.answered(conn, [row["id"]]):
                self._say_sent(conn, [row])
                return
            values = {"owner": None, "sent_at": self.gate.now() if to in TROUBLE else None}
            moves.move(conn, "delivery", [row["id"]], "publishing", to, "D", "evidence", **values)
            if to in TROUBLE:
                found = Finding(TROUBLE[to], values={"name": row["final_name"], "connection": self.line.name})
                notes.note(conn, "delivery", row["id"], self.line.name, [found])

    def _to_publish(self, rows: Sequence[dict[str, Any]]) -> list[dict[str, Any]]:
        """Fenced: only what this claim still holds moves on; what customs has answered meanwhile is out already."""
        if not rows:
            return []
        with self.gate.journal.write("deliver.publishing") as conn:
            out = learn.answered(conn, [row["id"] for row in rows])
            moves.move(conn, "delivery", out, "sending", "queued", "D", "answered", owner=None)
            moves.move(conn, "delivery", out, "queued", "sent", "C", "answered")
            left = [row for row in rows if row["id"] not in out]
            self._still_hold(conn, left)
            moves.move(conn, "delivery", [row["id"] for row in left], "sending", "publishing", "D", "publish")
        return left

    def _still_hold(self, conn: Connection, rows: Sequence[Mapping[Any, Any]]) -> None:
        """The fence: nobody has taken over what this round has claimed. Raises: LeaseLost."""
        mine = {Claim(row["id"], row["owner"], row["attempt"]) for row in rows}
        held = select(dl.c.id, dl.c.owner, dl.c.attempt).where(dl.c.state == "sending")
        if mine != {Claim(*row) for row in among(conn, held, dl.c.id, [one.id for one in mine])}:
            raise LeaseLost

    def _back(self, failed: Sequence[tuple[Mapping[Any, Any], Exception]]) -> None:
        """Nothing of these is out: they wait and are sent again."""
        if not failed:
            return
        with self.gate.journal.write("deliver.back") as conn:
            for row, error in failed:
                wait = self.gate.now() + backoff(row["attempt"])
                values = {"owner": None, "next_try_at": wait, "reason": type(error).__name__}
                moves.move(conn, "delivery", [row["id"]], "sending", "queued", "D", "not sent", **values)
                if not isinstance(error, PartnerUnreachable) and not is_trouble(error):
                    self._note(conn, row, error)

    def _note(self, conn: Connection, row: Mapping[Any, Any], error: Exception) -> None:
        """What the partner's server refuses is tried again; on an error of ours this one is set aside."""
        if isinstance(error, GatewayError) and type(error) in faults.CODES:
            values = {"name": row["final_name"], "connection": self.line.name, "path": row["directory"]}
            values |= {"size": str(row["size"]), "free": str(self._room.get(row["directory"]))}
            found = faults.finding(error, **values)
        else:
            found = aside.failed("delivery", row["id"], error)
        notes.replace(conn, "delivery", row["id"], self.line.name, [found])

    def _lost(self, errors: Iterable[Exception | None]) -> None:
        """A line that is gone ends the round; the mover opens another."""
        gone = next((e for e in errors if isinstance(e, PartnerUnreachable)), None)
        if gone is not None:
            raise gone


def waiting(gate: Gate) -> frozenset[str]:
    """Connections on which there is something to send or to settle now."""
    with gate.journal.read() as conn:
        if standstill.stands(conn):
            return frozenset()
        return frozenset(name for name in gate.hub.connections if _waits(gate, conn, name))


def _waits(gate: Gate, conn: Connection, connection: str) -> bool:
    """One is enough: a backlog may be long, and this is asked for every few files."""
    open_here = (dl.c.connection == connection, dl.c.state.in_(("queued", "sending", "publishing")))
    now = or_(dl.c.state != "queued", is_due(dl, gate.now()))
    mine = select(dl.c.id).where(*open_here, now, dl.c.id.not_in(aside.marked()))
    return conn.scalar(mine.limit(1)) is not None


def recover(gate: Gate, connection: str = "") -> None:
    """After a crash, or a round that broke off: nothing that was being sent is out; it is sent again, newly named."""
    left = select(dl.c.id).where(dl.c.state == "sending", *([dl.c.connection == connection] if connection else []))
    with gate.journal.read() as conn:
        ids = list(conn.scalars(left))
    if ids:
        with gate.journal.write("deliver.recover") as conn:
            moves.move(conn, "delivery", ids, "sending", "queued", "D", "lease void", owner=None)


def backoff(attempt: int, base: float = 5, top: float = LONGEST_WAIT.total_seconds()) -> timedelta:
    """Full jitter between nothing and 5 s doubling to 15 minutes."""
    ceiling = min(top, base * 2 ** min(attempt, 10))
    return timedelta(seconds=ceiling * secrets.randbelow(1000) / 1000)
