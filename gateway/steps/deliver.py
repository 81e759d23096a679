"""Deliver: queued files reach the partner whole, under their final name, once in effect.

claim `sending` with a temporary name → write it, durable → `publishing` → one rename → `sent`. Killed before
`publishing`, nothing is out: another temporary name, the old one to the janitor. Killed in `publishing`, what lies at the
partner is the evidence. Nothing is ever sent under a new name, reference or LRN. Rounds of many files share their
transactions.
"""

import secrets
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from concurrent.futures import Executor
from datetime import timedelta
from typing import Any

from sqlalchemy import Connection, bindparam, func, select, update

from gateway.findings import Finding
from gateway.findings.errors import GatewayError, PartnerUnreachable
from gateway.findings.failpoint import failpoint
from gateway.journal import schema
from gateway.journal.claims import Claim
from gateway.settings.connection import Connection as Line
from gateway.steps import moves, notes
from gateway.steps.gate import Gate
from gateway.transport import names
from gateway.transport.faults import finding
from gateway.transport.line import Line as Wire
from gateway.transport.publish import settle

ROUND = 64
LEASE = timedelta(minutes=15)
BLOCK = 32_768
dl, part, f = schema.delivery, schema.delivery_part, schema.filing

TROUBLE: Mapping[str, str] = {"unconfirmed": "DLV631", "in_doubt": "DLV632", "clash": "DLV613"}


class Deliver:
    """The outbound side of one connection. Its mover's thread alone calls it."""

    def __init__(self, gate: Gate, line: Line, crew: Executor) -> None:
        self.gate, self.line, self.crew = gate, line, crew

    @property
    def due(self) -> bool:
        """Is there anything to send or to settle?"""
        mine = (dl.c.connection == self.line.name, dl.c.state.in_(("queued", "publishing")))
        with self.gate.journal.read() as conn:
            return conn.scalar(select(dl.c.id).where(*mine).limit(1)) is not None

    def deliver(self, wire: Wire) -> int:
        """Settle what was left open, then send what is queued; returns how many files are out."""
        self.settle(wire)
        out = 0
        while sent := self._round(wire):
            out += sent
        return out

    def settle(self, wire: Wire) -> None:
        """Deliveries of which we do not know whether the rename happened: look, then decide."""
        mine = (dl.c.connection == self.line.name, dl.c.state == "publishing")
        with self.gate.journal.read() as conn:
            open_ = conn.execute(select(dl).where(*mine).order_by(dl.c.id)).mappings().all()
        for row in open_:
            self._settle(wire, row)

    def _round(self, wire: Wire) -> int:
        rows = self._claim()
        if not rows:
            return 0
        failpoint("deliver.claimed")
        written = self._each(rows, lambda row: self._write(wire, row))
        failpoint("deliver.temp")
        self._step([row for row, error in written if error is None], "sending", "publishing", "publish")
        self._back([(row, error) for row, error in written if error is not None])
        failpoint("deliver.publishing")
        published = self._each([row for row, error in written if error is None], lambda row: self._publish(wire, row))
        failpoint("deliver.published")
        self._sent([row for row, error in published if error is None])
        failpoint("deliver.sent")
        self._lost([error for _, error in (*written, *published)])
        for row, error in published:
            if error is not None:
                self._settle(wire, row)
        return sum(error is None for _, error in published)

    def _claim(self) -> list[dict[str, Any]]:
        """Take what is queued. The temporary name is in the row before a byte is written."""
        with self.gate.journal.write() as conn:
            mine = dl.c.connection == self.line.name
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
        return names.temp_name(final, self.gate.hub.settings.gateway.id, secrets.token_hex(4))

    def _each(
        self, rows: Sequence[dict[str, Any]], act: Callable[[dict[str, Any]], None]
    ) -> list[tuple[dict[str, Any], GatewayError | None]]:
        """Do it for all, side by side; an error belongs to its own file."""

        def one(row: dict[str, Any]) -> tuple[dict[str, Any], GatewayError | None]:
            try:
                act(row)
            except GatewayError as error:
                return row, error
            return row, None

        return list(self.crew.map(one, rows))

    def _write(self, wire: Wire, row: Mapping[Any, Any]) -> None:
        temp = names.join(row["directory"], row["temp_name"])
        wire.write_new(temp, self._bytes(row["id"]))

    def _bytes(self, delivery: str) -> Iterator[bytes]:
        """The payload in blocks, from wherever it lies in the spool."""
        with self.gate.journal.read() as conn:
            parts = conn.execute(select(part).where(part.c.delivery == delivery).order_by(part.c.seq)).all()
            places = [(self.gate.blobs.path_of(conn, p.blob), p.offset, p.length) for p in parts]
        for path, offset, length in places:
            with path.open("rb") as stream:
                stream.seek(offset)
                left = length
                while left and (block := stream.read(min(BLOCK, left))):
                    left -= len(block)
                    yield block

    def _publish(self, wire: Wire, row: Mapping[Any, Any]) -> None:
        wire.publish(names.join(row["directory"], row["temp_name"]), names.join(row["directory"], row["final_name"]))

    def _sent(self, rows: Sequence[Mapping[Any, Any]]) -> None:
        if rows:
            with self.gate.journal.write() as conn:
                self._say_sent(conn, rows)

    def _say_sent(self, conn: Connection, rows: Sequence[Mapping[Any, Any]]) -> None:
        """Out, and the filings in it lodged. One that customs has answered already is lodged since then."""
        ids = [row["id"] for row in rows]
        moves.move(conn, "delivery", ids, "publishing", "sent", "D", "publish", sent_at=self.gate.now())
        for kind in {row["kind"] for row in rows}:
            lodged = [row["id"] for row in rows if row["kind"] == kind]
            within = self._answer_within(kind)
            due = self.gate.now() + within if within else None
            filings = list(conn.scalars(select(f.c.id).where(f.c.delivery.in_(lodged))))
            moves.move(conn, "filing", filings, "assembled", "lodged", "D", "publish", answer_due_at=due)

    def _answer_within(self, kind: str) -> timedelta | None:
        rule = next((o for o in self.line.outbound if o.format == kind), None)
        return rule.answer_within if rule else None

    def _settle(self, wire: Wire, row: Mapping[Any, Any]) -> None:
        """Conclude one; what the server refuses is noted and looked at again, the others go on."""
        try:
            self._conclude(wire, row)
        except PartnerUnreachable:
            raise
        except GatewayError as error:
            with self.gate.journal.write() as conn:
                self._note(conn, row, error)

    def _conclude(self, wire: Wire, row: Mapping[Any, Any]) -> None:
        """The evidence table decides (exchange reference §4)."""
        temp = names.join(row["directory"], row["temp_name"])
        final = names.join(row["directory"], row["final_name"])
        to = settle(wire, temp, final, row["size"], row["sha256"]).value
        with self.gate.journal.write() as conn:
            if to == "sent":
                self._say_sent(conn, [row])
                return
            moves.move(conn, "delivery", [row["id"]], "publishing", to, "D", "evidence", owner=None)
            if to in TROUBLE:
                values = {"name": row["final_name"]}
                notes.note(conn, "delivery", row["id"], self.line.name, [Finding(TROUBLE[to], values=values)])

    def _step(self, rows: Sequence[Mapping[Any, Any]], frm: str, to: str, action: str) -> None:
        """Fenced: only what this claim still holds moves on."""
        if rows:
            with self.gate.journal.write() as conn:
                for row in rows:
                    held = Claim(row["id"], row["owner"], row["attempt"])
                    moves.finish(conn, "delivery", held, frm, to, "D", action)

    def _back(self, failed: Sequence[tuple[Mapping[Any, Any], GatewayError]]) -> None:
        """Nothing of these is out: they wait and are sent again."""
        if not failed:
            return
        with self.gate.journal.write() as conn:
            for row, error in failed:
                wait = self.gate.now() + backoff(row["attempt"])
                values = {"owner": None, "next_try_at": wait, "reason": type(error).__name__}
                moves.move(conn, "delivery", [row["id"]], "sending", "queued", "D", "not sent", **values)
                if not isinstance(error, PartnerUnreachable):
                    self._note(conn, row, error)

    def _note(self, conn: Connection, row: Mapping[Any, Any], error: GatewayError) -> None:
        values = {"name": row["final_name"], "connection": self.line.name, "path": row["directory"]}
        notes.replace(conn, "delivery", row["id"], self.line.name, [finding(error, **values)])

    def _lost(self, errors: Iterable[GatewayError | None]) -> None:
        """A line that is gone ends the round; the mover opens another."""
        gone = next((e for e in errors if isinstance(e, PartnerUnreachable)), None)
        if gone is not None:
            raise gone


def recover(gate: Gate, line: Line) -> None:
    """At start: nothing that was being sent is out; it is sent again under another temporary name."""
    with gate.journal.write() as conn:
        mine = (dl.c.connection == line.name, dl.c.state == "sending")
        ids = list(conn.scalars(select(dl.c.id).where(*mine)))
        moves.move(conn, "delivery", ids, "sending", "queued", "D", "lease void", owner=None)


def backoff(attempt: int, base: float = 5, top: float = 900) -> timedelta:
    """Full jitter between nothing and 5 s doubling to 15 minutes."""
    ceiling = min(top, base * 2 ** min(attempt, 10))
    return timedelta(seconds=ceiling * secrets.randbelow(1000) / 1000)


def resend_doubtful(gate: Gate) -> int:
    """What may or may not have arrived is sent again, same bytes, name and reference, where the partner wants that."""
    doubtful = select(dl).where(dl.c.state.in_(("unconfirmed", "in_doubt"))).order_by(dl.c.id)
    with gate.journal.read() as conn:
        rows = conn.execute(doubtful).mappings().all()
    due = [row for row in rows if _overdue(gate, row)]
    with gate.journal.write() as conn:
        for row in due:
            moves.move(conn, "delivery", [row["id"]], row["state"], "queued", "D", "resend", owner=None)
    return len(due)


def _overdue(gate: Gate, row: Mapping[Any, Any]) -> bool:
    line = gate.hub.connections.get(row["connection"])
    rule = next((o for o in line.outbound if o.format == row["kind"]), None) if line else None
    if rule is None or rule.in_doubt != "resend" or row["lease_until"] is None:
        return False
    return bool(gate.now() > row["lease_until"] + (rule.answer_within or timedelta(hours=1)))


def unsent(gate: Gate) -> int:
    """Deliveries on their way."""
    moving = dl.c.state.in_(("drafting", "queued", "sending", "publishing"))
    with gate.journal.read() as conn:
        return conn.scalar(select(func.count()).where(moving)) or 0
