"""Answer: the sender is told what became of its items, in its own format, in its own element names.

Two causes: a decision of customs on a filing, and an item that never became one (refused before filing). Each is
answered once a route: the unique key (cause, route) makes a repetition harmless. A later correction by customs never
rewrites an answer; another one follows. Where nobody is to be told, a finding says so; an answer that cannot be
written is set aside and shows in `status`.
"""

from collections.abc import Callable, Iterator, Sequence

from sqlalchemy import ColumnElement, Connection, func, insert, select

from gateway.journal import schema
from gateway.journal.blobs import Blob
from gateway.journal.ids import new_id
from gateway.steps.answering.replies import NOBODY, UNWRITABLE, Replies, Reply, Silence
from gateway.steps.ground import aside, moves, notes
from gateway.steps.ground.failure import raise_trouble
from gateway.steps.ground.gate import Gate
from gateway.steps.ground.many import together
from gateway.steps.ground.parts import Place, keep, store_parts

ROUND = 200
REFUSED = ("quarantined", "returned")
d, i, a, n = schema.decision, schema.item, schema.answer, schema.finding
Look = Callable[[Connection, str], Reply | Silence]


class Answering:
    """Answers what is due. It remembers up to which item it has looked: a turn of the loop sees new ones only."""

    def __init__(self, gate: Gate) -> None:
        self.gate, self._replies = gate, Replies(gate)
        self._newest = ""

    def run(self) -> int:
        """Decisions, then items refused before filing; returns how many were looked at."""
        return self.decisions() + self.refused(everything=True)

    def decisions(self) -> int:
        """Tell the senders what customs said."""
        due = select(d.c.id).where(d.c.state == "matched", d.c.id.not_in(aside.marked())).order_by(d.c.id).limit(ROUND)
        with self.gate.journal.read() as conn:
            ids = list(conn.scalars(due))
        self._tell("decision", ids, self._replies.on_decision)
        return len(ids)

    def refused(self, *, everything: bool = False) -> int:
        """Tell the senders of items that were never filed: of those that came since, or of all."""
        after, now = "" if everything else self._newest, new_id()
        state = i.c.state if everything else func.coalesce(i.c.state, "")  # new ones: by their key, not by state
        open_ = (state.in_(REFUSED), i.c.kind == "consignment", ~_told(), ~_mute())
        due = select(i.c.id).where(*open_, i.c.id > after).order_by(i.c.id).limit(ROUND)
        with self.gate.journal.read() as conn:
            ids = list(conn.scalars(due))
        self._newest = max(self._newest, ids[-1] if len(ids) == ROUND else now)
        self._tell("item", ids, self._replies.on_item)
        return len(ids)

    def _tell(self, kind: str, ids: Sequence[str], look: Look) -> None:
        found = list(self._each(kind, ids, look))
        replies = [one for one in found if isinstance(one, Reply)]
        if replies:
            blob, places = store_parts(self.gate, "answer", replies[0].connection, [one.text for one in replies])
            pairs = list(zip(replies, places, strict=True))
            together(pairs, lambda some: self._keep(kind, blob, some), lambda one, error: self._stop(one[0], error))
        silent = [one for one in found if isinstance(one, Silence)]
        together(silent, lambda some: self._note(kind, some), self._stop)

    def _each(self, kind: str, ids: Sequence[str], look: Look) -> Iterator[Reply | Silence]:
        """One after the other: what fails for one is set aside."""
        for one in ids:
            try:
                with self.gate.journal.read() as conn:
                    reply = look(conn, one)
            except Exception as error:  # noqa: BLE001  # of one answer
                raise_trouble(error)
                aside.put(self.gate, kind, one, "", error)
            else:
                yield reply

    def _stop(self, one: Reply | Silence, error: Exception) -> None:
        aside.put(self.gate, one.kind, one.cause, one.connection, error)

    def _keep(self, kind: str, blob: Blob | None, replies: Sequence[tuple[Reply, Place]]) -> None:
        """One row each, for what is still as it was looked at; a decision is answered in the same transaction."""
        with self.gate.journal.write("answer.queue") as conn:
            keep(self.gate, conn, blob)
            due = _still_due(conn, kind, [reply.cause for reply, _ in replies])
            for reply, place in replies:
                if reply.cause in due:
                    self._insert(conn, reply, place)
            if kind == "decision":
                moves.move(conn, "decision", sorted(due), "matched", "answered", "N", "answer")

    def _insert(self, conn: Connection, reply: Reply, place: Place) -> None:
        same = (a.c.cause_kind == reply.kind, a.c.cause == reply.cause, a.c.route == reply.route)
        if conn.scalar(select(a.c.id).where(*same)) is not None:
            return
        row = {
            "id": new_id(), "cause_kind": reply.kind, "cause": reply.cause, "route": reply.route, "item": reply.item,
            "connection": reply.connection, "kind": reply.format, "environment": reply.environment,
            "made_at": self.gate.now(), **place.columns("payload"),
        }  # fmt: skip
        conn.execute(insert(a).values(**row))

    def _note(self, kind: str, silent: Sequence[Silence]) -> None:
        """Why nobody is told; a decision that cannot be told stays open, set aside, any other one is done with."""
        with self.gate.journal.write("answer.note") as conn:
            due = _still_due(conn, kind, [one.cause for one in silent])
            for one in silent:
                if one.cause in due:
                    notes.note(conn, kind, one.cause, one.connection, one.findings)
            if kind == "decision":
                done = [one.cause for one in silent if not any(found.code == UNWRITABLE for found in one.findings)]
                moves.move(conn, "decision", done, "matched", "noted", "N", "note")


def _told() -> ColumnElement[bool]:
    return select(a.c.id).where(a.c.cause_kind == "item", a.c.cause == i.c.id).exists()


def _mute() -> ColumnElement[bool]:
    """Nobody is to be told of it, or it is set aside."""
    return select(n.c.subject).where(n.c.subject == i.c.id, n.c.code.in_((NOBODY, *aside.CODES))).exists()


def _still_due(conn: Connection, kind: str, causes: Sequence[str]) -> set[str]:
    """A person may have retried an item, or taken a decision up, while its answer was made."""
    table, states = (d, ("matched",)) if kind == "decision" else (i, REFUSED)
    return set(conn.scalars(select(table.c.id).where(table.c.id.in_(causes), table.c.state.in_(states))))
