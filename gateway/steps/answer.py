"""Answer: the sender is told what became of its items, in its own format, in its own element names.

Two causes: a decision of customs on a filing, and an item that never became one (refused before filing). Each is answered
once a route: the unique key (cause, route) makes a repetition harmless. A later correction by customs never rewrites an
answer; another one follows.
"""

from collections.abc import Mapping
from typing import Any

import msgspec
from sqlalchemy import Connection, and_, func, insert, select

from gateway.findings import Finding
from gateway.findings.catalogue import text
from gateway.findings.failpoint import failpoint
from gateway.journal import schema
from gateway.journal.ids import new_id
from gateway.model import Consignment, Decision, Moment, Reason
from gateway.settings.route import Route
from gateway.steps import moves, notes, source
from gateway.steps.gate import Gate
from gateway.steps.pointer import leads
from gateway.steps.settle import Place as Stretch
from gateway.steps.settle import store_parts

ROUND = 200
REASONS = 9  # CUSRSP reason-code: 0..9
REFUSED_CODE = "ERR"  # UPU EAD status of an item whose data must be repaired (module 09)
WORDS: Mapping[str, str] = {
    "accepted": "accepted", "assessment_complete": "accepted", "rejected": "rejected", "cancelled": "rejected",
    "held": "held", "information_requested": "held", "screening_requested": "held", "detained": "held",
    "do_not_load": "held", "duty_assessed": "held", "payment_requested": "held", "partly_released": "released",
    "released": "released", "cleared": "released",
}  # fmt: skip
DECISIONS = msgspec.json.Decoder(Decision)
d, i, f, a = schema.decision, schema.item, schema.filing, schema.answer


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


class Answering:
    """Answers what is due. `mute` remembers items that no route wants answered, for this life of the process."""

    def __init__(self, gate: Gate) -> None:
        self.gate = gate
        self.mute: set[str] = set()

    def run(self, *, refused: bool = True) -> int:
        """Decisions first, then (when asked) items refused before filing; returns how many were looked at."""
        return self._decisions() + (self._refused() if refused else 0)

    def _decisions(self) -> int:
        columns = (*d.c, f.c.route, f.c.item.label("parcel"))
        due = select(*columns).join(f, f.c.id == d.c.filing).where(d.c.state == "matched").order_by(d.c.id).limit(ROUND)
        with self.gate.journal.read() as conn:
            rows = conn.execute(due).mappings().all()
            replies = {row["id"]: self._on_decision(conn, row) for row in rows}
        self._keep([reply for reply in replies.values() if reply is not None], "decision")
        quiet = [one for one, reply in replies.items() if reply is None]
        if quiet:
            with self.gate.journal.write() as conn:
                moves.move(conn, "decision", quiet, "matched", "noted", "N", "note")
        return len(rows)

    def _on_decision(self, conn: Connection, row: Mapping[Any, Any]) -> Reply | None:
        route = self.gate.hub.routes.get(row["route"])
        if route is None or route.answer is None or WORDS.get(row["outcome"]) not in route.answer.on:
            return None
        parcel = source.item_row(conn, row["parcel"])
        record = source.record_of(self.gate, conn, parcel)
        stored = self.gate.blobs.read(conn, row["record_blob"], row["record_offset"], row["record_length"])
        said = DECISIONS.decode(stored)
        followed = leads(self.gate, conn, row["filing"], said.reasons)
        reasons = tuple(lead.reason for lead in followed)[:REASONS]
        told = msgspec.structs.replace(said, reasons=reasons, stage=_stage(said))
        return self._reply("decision", row["id"], route, parcel, addressed(told, parcel, record))

    def _refused(self) -> int:
        answered = and_(a.c.cause_kind == "item", a.c.cause == i.c.id)
        due = (
            select(i.c.id)
            .outerjoin(a, answered)
            .where(i.c.state.in_(("quarantined", "returned")), i.c.kind == "consignment", a.c.id.is_(None))
            .order_by(i.c.id)
            .limit(ROUND + len(self.mute))
        )
        with self.gate.journal.read() as conn:
            ids = [one for one in conn.scalars(due) if one not in self.mute]
            replies = {one: self._on_item(conn, one) for one in ids}
        self.mute.update(one for one, reply in replies.items() if reply is None)
        self._keep([reply for reply in replies.values() if reply is not None], "item")
        return len(ids)

    def _on_item(self, conn: Connection, item: str) -> Reply | None:
        row = source.item_row(conn, item)
        record = source.record_of(self.gate, conn, row)
        route = self._route(row)
        if route is None or route.answer is None or "refused" not in route.answer.on or not row["item_id"]:
            return None
        known = source.places(self.gate, conn, row) if record is not None else ()
        found = [source.placed(one, known, row) for one in notes.findings_of(conn, item)]
        reasons = tuple(_reason(one) for one in found if one.severity == "error")[:REASONS]
        told = Decision(
            code=REFUSED_CODE, outcome="rejected", stage="advance", final=True, reasons=reasons,
            issued_at=Moment(iso=self.gate.now().strftime("%Y-%m-%dT%H:%M:%SZ")),
        )  # fmt: skip
        return self._reply("item", item, route, row, addressed(told, row, record))

    def _route(self, row: Mapping[Any, Any]) -> Route | None:
        """The first route of the sender that tells of refusals: an item that could not be read has no better one."""
        sender = self.gate.hub.sender(row["connection"], row["sender"])
        if sender is None:
            return None
        plans = self.gate.hub.plans(sender, row["format"], row["environment"])
        return next((r for p in plans if (r := self.gate.hub.routes[p.name]).answer is not None), None)

    def _reply(self, kind: str, cause: str, route: Route, row: Mapping[Any, Any], told: Decision) -> Reply | None:
        sender = self.gate.hub.sender(row["connection"], row["sender"])
        way = self.gate.hub.answer_to(route, sender.partner, row["environment"]) if sender else None
        if way is None:
            return None
        line, rule = way
        target = self.gate.registry(self.gate.ruleset).format(rule.format, self.gate.now().date())
        written = target.write(told)
        if written.text is None:
            return None
        return Reply(
            kind, cause, route.name, row["id"], line.name, rule.format, row["environment"], written.text.encode()
        )

    def _keep(self, replies: list[Reply], kind: str) -> None:
        """Texts into the spool, then one row each; a decision is answered in the same transaction."""
        if not replies:
            return
        blob, places = store_parts(self.gate, "answer", replies[0].connection, [reply.text for reply in replies])
        failpoint("answer.blob")
        with self.gate.journal.write() as conn:
            if blob is not None:
                self.gate.blobs.add(conn, blob)
            for reply, place in zip(replies, places, strict=True):
                self._insert(conn, reply, place)
            if kind == "decision":
                moves.move(conn, "decision", [r.cause for r in replies], "matched", "answered", "N", "answer")
        failpoint("answer.queued")

    def _insert(self, conn: Connection, reply: Reply, place: Stretch) -> None:
        same = (a.c.cause_kind == reply.kind, a.c.cause == reply.cause, a.c.route == reply.route)
        if conn.scalar(select(a.c.id).where(*same)) is not None:
            return
        row = {
            "id": new_id(), "cause_kind": reply.kind, "cause": reply.cause, "route": reply.route, "item": reply.item,
            "connection": reply.connection, "kind": reply.format, "environment": reply.environment,
            "made_at": self.gate.now(), **place.columns("payload"),
        }  # fmt: skip
        conn.execute(insert(a).values(**row))


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


def _stage(said: Decision) -> str:
    return "final" if said.final else "advance"


def _reason(found: Finding) -> Reason:
    path = found.source.path if found.source else ""
    return Reason(code=found.code, text=text(found), model_path=found.model_path or None, sender_path=path or None)


def close(gate: Gate) -> int:
    """Items of which all is settled and said: accepted with final filings, returned and told."""
    open_filing = select(f.c.id).where(f.c.item == i.c.id, f.c.state.not_in(("settled", "withdrawn"))).exists()
    any_filing = select(f.c.id).where(f.c.item == i.c.id).exists()
    unsaid = select(d.c.id).join(f, f.c.id == d.c.filing).where(f.c.item == i.c.id, d.c.state == "matched").exists()
    carried = select(a.c.id).where(a.c.item == i.c.id, a.c.delivery.is_(None)).exists()
    done = select(i.c.id).where(
        i.c.state == "accepted", i.c.kind == "consignment", any_filing, ~open_filing, ~unsaid, ~carried
    )
    told = select(i.c.id).where(i.c.state == "returned", select(a.c.id).where(a.c.item == i.c.id).exists(), ~carried)
    with gate.journal.read() as conn:
        settled, returned = list(conn.scalars(done.limit(1000))), list(conn.scalars(told.limit(1000)))
    if settled or returned:
        with gate.journal.write() as conn:
            moves.move(conn, "item", settled, "accepted", "closed", "N", "close")
            moves.move(conn, "item", returned, "returned", "closed", "N", "close")
    return len(settled) + len(returned)


def unanswered(gate: Gate) -> int:
    """Decisions that were matched and not yet looked at for an answer."""
    with gate.journal.read() as conn:
        return conn.scalar(select(func.count()).where(d.c.state == "matched")) or 0
