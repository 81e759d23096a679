"""Answer: the sender is told what became of its items, in its own format, in its own element names.

Two causes: a decision of customs on a filing, and an item that never became one (refused before filing). Each is
answered once a route: the unique key (cause, route) makes a repetition harmless. A later correction by customs never
rewrites an answer; another one follows. Where nobody is to be told, a finding says so; an answer that cannot be
written is set aside and shows in `status`.
"""

import logging
from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from typing import Any

import msgspec
from sqlalchemy import ColumnElement, Connection, func, insert, select

from gateway.findings import Finding
from gateway.findings.catalogue import text
from gateway.findings.failpoint import failpoint
from gateway.journal import schema
from gateway.journal.blobs import Blob
from gateway.journal.ids import new_id
from gateway.model import Consignment, Decision, Moment, Reason
from gateway.settings.route import Route
from gateway.steps import aside, moves, notes, source
from gateway.steps.failure import raise_trouble
from gateway.steps.gate import Gate
from gateway.steps.many import together
from gateway.steps.parts import Place, keep, store_parts
from gateway.steps.pointer import leads

ROUND = 200
REASONS = 9  # CUSRSP reason-code: 0..9
REFUSED_CODE = "ERR"  # UPU EAD status of an item whose data must be repaired (module 09)
REFUSED = ("quarantined", "returned")
NOBODY = "RSP703"
WORDS: Mapping[str, str] = {
    "accepted": "accepted", "assessment_complete": "accepted", "rejected": "rejected", "cancelled": "rejected",
    "held": "held", "information_requested": "held", "screening_requested": "held", "detained": "held",
    "do_not_load": "held", "duty_assessed": "held", "payment_requested": "held", "partly_released": "released",
    "released": "released", "cleared": "released",
}  # fmt: skip
DECISIONS = msgspec.json.Decoder(Decision)
d, i, f, a, n = schema.decision, schema.item, schema.filing, schema.answer, schema.finding
log = logging.getLogger("gateway.steps")


class Reply(msgspec.Struct, frozen=True):
    """One answer ready to be kept."""

    kind: str
    cause: str
    route: str
    item: str
    connection: str
    format: str
    environment: str
    text: bytes


class Silence(msgspec.Struct, frozen=True):
    """Why nothing is said; without findings because the route does not want it said."""

    kind: str
    cause: str
    connection: str
    findings: tuple[Finding, ...] = ()


class Answering:
    """Answers what is due. It remembers up to which item it has looked: a turn of the loop sees new ones only."""

    def __init__(self, gate: Gate) -> None:
        self.gate = gate
        self._newest = ""

    def run(self) -> int:
        """Decisions, then items refused before filing; returns how many were looked at."""
        return self.decisions() + self.refused(everything=True)

    def decisions(self) -> int:
        """Tell the senders what customs said."""
        due = select(d.c.id).where(d.c.state == "matched", d.c.id.not_in(aside.marked())).order_by(d.c.id).limit(ROUND)
        with self.gate.journal.read() as conn:
            ids = list(conn.scalars(due))
        self._tell("decision", ids, self._on_decision)
        return len(ids)

    def refused(self, *, everything: bool = False) -> int:
        """Tell the senders of items that were never filed: of those that came since, or of all."""
        after, now = "" if everything else self._newest, new_id()
        state = (
            i.c.state if everything else func.coalesce(i.c.state, "")
        )  # new ones are found by their key, not by state
        open_ = (state.in_(REFUSED), i.c.kind == "consignment", ~_told(), ~_mute())
        due = select(i.c.id).where(*open_, i.c.id > after).order_by(i.c.id).limit(ROUND)
        with self.gate.journal.read() as conn:
            ids = list(conn.scalars(due))
        self._newest = max(self._newest, ids[-1] if len(ids) == ROUND else now)
        self._tell("item", ids, self._on_item)
        return len(ids)

    def _tell(self, kind: str, ids: Sequence[str], look: Callable[[Connection, str], Reply | Silence]) -> None:
        found = list(self._each(kind, ids, look))
        replies = [one for one in found if isinstance(one, Reply)]
        if replies:
            blob, places = store_parts(self.gate, "answer", replies[0].connection, [one.text for one in replies])
            failpoint("answer.blob")
            pairs = list(zip(replies, places, strict=True))
            together(pairs, lambda some: self._keep(kind, blob, some), lambda one, error: self._stop(one[0], error))
            failpoint("answer.queued")
        silent = [one for one in found if isinstance(one, Silence)]
        together(silent, lambda some: self._note(kind, some), self._stop)

    def _each(
        self, kind: str, ids: Sequence[str], look: Callable[[Connection, str], Reply | Silence]
    ) -> Iterator[Reply | Silence]:
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

    def _on_decision(self, conn: Connection, decision: str) -> Reply | Silence:
        columns = (*d.c, f.c.route, f.c.kind.label("target"), f.c.item.label("parcel"))
        about = select(*columns).join(f, f.c.id == d.c.filing).where(d.c.id == decision)
        row = conn.execute(about).mappings().one()
        parcel = source.item_row(conn, row["parcel"])
        route = self.gate.hub.routes.get(row["route"]) or self._like(parcel, row["target"])
        if route is None:
            why = f"route {row['route']} is not in routes.yaml any more"
            return Silence("decision", decision, row["connection"], (notes.made(NOBODY, why=why),))
        if route.answer is None or WORDS.get(row["outcome"]) not in route.answer.on:
            return Silence("decision", decision, row["connection"])
        said = self._said(conn, row)
        reasons = tuple(self._reasons(conn, row["filing"], said))[:REASONS]
        told = msgspec.structs.replace(said, reasons=reasons, stage="final" if said.final else "advance")
        record = source.record_of(self.gate, conn, parcel)
        return self._reply("decision", decision, route, parcel, addressed(told, parcel, record))

    def _said(self, conn: Connection, row: Mapping[Any, Any]) -> Decision:
        """What customs said; of one whose bytes are gone, what the journal holds."""
        try:
            stored = self.gate.blobs.read(conn, row["record_blob"], row["record_offset"], row["record_length"])
        except source.GONE:
            issued = Moment(iso=row["issued_at"]) if row["issued_at"] else None
            said = {name: row[name] for name in ("outcome", "lrn", "mrn")}
            return Decision(code=row["original"], issued_at=issued, **said)
        return DECISIONS.decode(stored)

    def _reasons(self, conn: Connection, filing: str, said: Decision) -> Collection[Reason]:
        """Each reason with the sender's own element; what cannot be followed is told as customs said it."""
        try:
            return [lead.reason for lead in leads(self.gate, conn, filing, said.reasons)]
        except Exception as error:  # the sender must hear of it all the same
            raise_trouble(error)
            log.exception("step.failed", extra={"subjects": f"filing {filing}"})
            return said.reasons

    def _on_item(self, conn: Connection, item: str) -> Reply | Silence:
        row = source.item_row(conn, item)
        record = source.record_of(self.gate, conn, row)
        route = self._telling(row)
        if route is None or route.answer is None or "refused" not in route.answer.on or not row["item_id"]:
            why = "no route tells the sender of refusals" if row["item_id"] else "the item shows no identifier"
            return Silence("item", item, row["connection"], (notes.made(NOBODY, why=why),))
        known = source.places(self.gate, conn, row) if record is not None else ()
        found = [source.placed(one, known, row) for one in _stopping(conn, item)]
        reasons = tuple(_reason(one) for one in found if one.severity == "error")[:REASONS]
        told = Decision(
            code=REFUSED_CODE, outcome="rejected", stage="advance", final=True, reasons=reasons,
            issued_at=Moment(iso=self.gate.now().strftime("%Y-%m-%dT%H:%M:%SZ")),
        )  # fmt: skip
        return self._reply("item", item, route, row, addressed(told, row, record))

    def _telling(self, row: Mapping[Any, Any]) -> Route | None:
        """The first route of the sender that tells of refusals: an item that could not be read has no better one."""
        return next((route for route in self._routes(row) if route.answer is not None), None)

    def _like(self, row: Mapping[Any, Any], target: str) -> Route | None:
        """In place of a route that was renamed: the sender's first one that files in the same format."""
        return next((route for route in self._routes(row) if route.file and route.file.format == target), None)

    def _routes(self, row: Mapping[Any, Any]) -> Iterator[Route]:
        hub = self.gate.hub
        sender = hub.sender(row["connection"], row["sender"])
        plans = hub.plans(sender, row["format"], row["environment"]) if sender else ()
        return (hub.routes[plan.name] for plan in plans)

    def _reply(self, kind: str, cause: str, route: Route, row: Mapping[Any, Any], told: Decision) -> Reply | Silence:
        way = self.gate.hub.answer_to(route, row["connection"], row["sender"], row["environment"])
        if way is None:
            why = f"there is no connection to them in environment {row['environment']}"
            return Silence(kind, cause, row["connection"], (notes.made(NOBODY, why=why),))
        line, rule = way
        target = self.gate.registry(self.gate.ruleset).format(rule.format, self.gate.now().date())
        written = target.write(told)
        if written.text is None:
            why = "; ".join(text(one) for one in written.findings)
            return Silence(kind, cause, line.name, (Finding("RSP702", values={"format": rule.format, "why": why}),))
        content = written.text.encode()
        return Reply(kind, cause, route.name, row["id"], line.name, rule.format, row["environment"], content)

    def _keep(self, kind: str, blob: Blob | None, replies: Sequence[tuple[Reply, Place]]) -> None:
        """One row each, for what is still as it was looked at; a decision is answered in the same transaction."""
        with self.gate.journal.write() as conn:
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
        with self.gate.journal.write() as conn:
            due = _still_due(conn, kind, [one.cause for one in silent])
            for one in silent:
                if one.cause in due:
                    notes.note(conn, kind, one.cause, one.connection, one.findings)
            if kind == "decision":
                done = [one.cause for one in silent if not any(found.code == "RSP702" for found in one.findings)]
                moves.move(conn, "decision", done, "matched", "noted", "N", "note")


def _stopping(conn: Connection, item: str) -> Iterator[Finding]:
    """What was found on an item, and on its last declaration when that was given up."""
    yield from notes.findings_of(conn, item)
    last = select(f.c.id).where(f.c.item == item, f.c.state == "withdrawn").order_by(f.c.attempt.desc()).limit(1)
    if filing := conn.scalar(last):
        yield from notes.findings_of(conn, filing)


def _told() -> ColumnElement[bool]:
    return select(a.c.id).where(a.c.cause_kind == "item", a.c.cause == i.c.id).exists()


def _mute() -> ColumnElement[bool]:
    """Nobody is to be told of it, or it is set aside."""
    return select(n.c.subject).where(n.c.subject == i.c.id, n.c.code.in_((NOBODY, *aside.CODES))).exists()


def _still_due(conn: Connection, kind: str, causes: Sequence[str]) -> set[str]:
    """A person may have retried an item, or taken a decision up, while its answer was made."""
    table, states = (d, ("matched",)) if kind == "decision" else (i, REFUSED)
    return set(conn.scalars(select(table.c.id).where(table.c.id.in_(causes), table.c.state.in_(states))))


def addressed(told: Decision, row: Mapping[Any, Any], record: Consignment | None) -> Decision:
    """A decision with what the sender needs to find its item: id, posting date, operators."""
    if record is None:
        return msgspec.structs.replace(told, item_id=row["item_id"])
    return msgspec.structs.replace(
        told,
        item_id=record.item_id,
        item_id_type=record.item_id_type,
        posted_at=record.posted_at,
        origin_operator=record.origin_operator,
        destination_operator=record.destination_operator,
        mail_class=record.mail_class,
    )


def _reason(found: Finding) -> Reason:
    path = found.source.path if found.source else ""
    return Reason(code=found.code, text=text(found), model_path=found.model_path or None, sender_path=path or None)
