"""Replies: what a sender is told, in its own format and element names, or why nothing is said; writes nothing."""

import logging
from collections.abc import Collection, Iterator, Mapping
from typing import Any

import msgspec
from sqlalchemy import Connection, select

from gateway.findings import Finding
from gateway.findings.catalogue import text
from gateway.findings.errors import MappingInvalid
from gateway.journal import schema
from gateway.mapping.format import Written
from gateway.model import Consignment, Decision, Moment, Reason
from gateway.model.outcomes import outcome, outcomes
from gateway.ruleset.archive import RulesetMissing
from gateway.settings.route import Route
from gateway.steps.answering.pointer import Lead
from gateway.steps.answering.reasons import Cause, found_in, said_by_customs, worded
from gateway.steps.declaring.requests import CHANGE
from gateway.steps.ground import notes, source
from gateway.steps.ground.failure import raise_trouble
from gateway.steps.ground.gate import Gate

REASONS = 9  # CUSRSP reason-code: 0..9
REFUSED_CODE = "ERR"  # UPU EAD status of an item whose data must be repaired (module 09)
NOBODY = "RSP703"
UNWRITABLE = "RSP702"
DENIED = "request_denied"
WORDS: Mapping[str, str] = {one.name: one.told for one in outcomes() if one.told}
d, f = schema.decision, schema.filing
ABOUT = f.alias("about")
ANSWERED = (
    select(
        *d.c, f.c.route, f.c.kind.label("target"), f.c.item.label("parcel"), f.c.purpose,
        ABOUT.c.lrn.label("asked_about"),
    )
    .join(f, f.c.id == d.c.filing)
    .outerjoin(ABOUT, ABOUT.c.id == f.c.about)
)  # fmt: skip
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


class Replies:
    """The two causes of a reply, each looked at in a transaction that reads."""

    def __init__(self, gate: Gate) -> None:
        self.gate = gate

    def on_decision(self, conn: Connection, decision: str) -> Reply | Silence:
        """About what customs said of a filing."""
        row = conn.execute(ANSWERED.where(d.c.id == decision)).mappings().one()
        parcel = source.item_row(conn, row["parcel"])
        route = self.gate.hub.routes.get(row["route"]) or self._like(parcel, row["target"])
        if route is None:
            why = f"route {row['route']} is not in routes.yaml any more"
            return Silence("decision", decision, row["connection"], (notes.made(NOBODY, why=why),))
        if route.answer is None or _word(row) not in route.answer.on:
            return Silence("decision", decision, row["connection"])
        said = self._said(conn, row)
        asked = row["asked_about"] is not None
        stage, code = "final" if said.final and not asked else "advance", said.short_code or said.code
        told = msgspec.structs.replace(said, stage=stage, code=code)
        record = source.record_of(self.gate, conn, parcel)
        causes = (*(_refused(row) if asked else ()), *self._causes(conn, row["filing"], said))
        return self._reply("decision", decision, route, parcel, addressed(told, parcel, record), causes, row["ruleset"])

    def on_item(self, conn: Connection, item: str) -> Reply | Silence:
        """About an item that was refused before filing."""
        row = source.item_row(conn, item)
        record = source.record_of(self.gate, conn, row)
        route = self._telling(row)
        if route is None or route.answer is None or "refused" not in route.answer.on or not row["item_id"]:
            why = "no route tells the sender of refusals" if row["item_id"] else "the item shows no identifier"
            return Silence("item", item, row["connection"], (notes.made(NOBODY, why=why),))
        told = Decision(
            code=REFUSED_CODE, outcome="rejected", stage="advance", final=True,
            issued_at=Moment(iso=self.gate.now().strftime("%Y-%m-%dT%H:%M:%SZ")),
        )  # fmt: skip
        causes = tuple(found_in(self.gate, conn, row, record, _stopping(conn, item)))
        return self._reply("item", item, route, row, addressed(told, row, record), causes, row["ruleset"])

    def _said(self, conn: Connection, row: Mapping[Any, Any]) -> Decision:
        """What customs said; of one whose bytes are gone, what the journal holds."""
        try:
            return source.said_in(self.gate, conn, row)
        except source.GONE:
            issued = Moment(iso=row["issued_at"]) if row["issued_at"] else None
            said = {name: row[name] for name in ("outcome", "lrn", "mrn")}
            return Decision(code=row["original"], issued_at=issued, **said)

    def _causes(self, conn: Connection, filing: str, said: Decision) -> Collection[Cause]:
        """Each reason with the sender's own element; what cannot be followed is told as customs said it."""
        try:
            return tuple(said_by_customs(self.gate, conn, filing, said))
        except Exception as error:  # the sender must hear of it all the same
            raise_trouble(error)
            log.exception("step.failed", extra={"subjects": f"filing {filing}"})
            return tuple(Cause(Lead(reason)) for reason in said.reasons)

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

    def _reply(
        self,
        kind: str,
        cause: str,
        route: Route,
        row: Mapping[Any, Any],
        told: Decision,
        causes: Collection[Cause],
        ruleset: str | None,
    ) -> Reply | Silence:
        way = self.gate.hub.answer_to(route, row["connection"], row["sender"], row["environment"])
        if way is None:
            why = f"there is no connection to them in environment {row['environment']}"
            return Silence(kind, cause, row["connection"], (notes.made(NOBODY, why=why),))
        line, rule = way
        language = self.gate.hub.language(self.gate.hub.told(route.name, row["connection"], row["sender"]))
        written = self._write(told, causes, language, rule.format, ruleset)
        if written.text is None:
            why = "; ".join(text(one) for one in written.findings)
            return Silence(kind, cause, line.name, (Finding(UNWRITABLE, values={"format": rule.format, "why": why}),))
        content = written.text.encode()
        return Reply(kind, cause, route.name, row["id"], line.name, rule.format, row["environment"], content)

    def _write(
        self, told: Decision, causes: Collection[Cause], language: str, format_name: str, ruleset: str | None
    ) -> Written:
        """By the ruleset under which its cause was read; by today's where that one cannot: it may have been mended."""
        for known in dict.fromkeys((ruleset or self.gate.ruleset, self.gate.ruleset)):
            try:
                target = self.gate.registry(known).format(format_name, self.gate.now().date())
            except (RulesetMissing, MappingInvalid):
                if known == self.gate.ruleset:
                    raise
                continue
            reasons = tuple(worded(one, target.plan, language) for one in causes)[:REASONS]
            written = target.write(msgspec.structs.replace(told, reasons=reasons))
            if written.text is not None or known == self.gate.ruleset:
                return written
        raise AssertionError  # the ruleset in force always answers


def _word(row: Mapping[Any, Any]) -> str | None:
    """What a sender hears; of answers to requests only that its change was refused, and the declaration stands."""
    if row["asked_about"] is None:
        return WORDS.get(row["outcome"])
    refused = DENIED in {row["outcome"], outcome(row["outcome"]).of_request}
    return "rejected" if refused and row["purpose"] == CHANGE else None


def _refused(row: Mapping[Any, Any]) -> tuple[Cause, ...]:
    """Said first: it is the change that is refused."""
    found = notes.made("RSP740", purpose=row["purpose"], lrn=row["asked_about"])
    return (Cause(Lead(Reason()), found),)


def _stopping(conn: Connection, item: str) -> Iterator[Finding]:
    """What was found on an item, and on its last declaration when that was given up."""
    yield from notes.findings_of(conn, item)
    last = select(f.c.id).where(f.c.item == item, f.c.state == "withdrawn").order_by(f.c.attempt.desc()).limit(1)
    if filing := conn.scalar(last):
        yield from notes.findings_of(conn, filing)


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
