"""Reading, checking, routing and writing the items of a slice: pure, the same for the daemon's workers and the command line.

bytes + ruleset + settings + date → outcomes. No journal, no network, no clock.
"""

from collections.abc import Iterator
from datetime import UTC, date, datetime
from functools import lru_cache
from pathlib import Path

import msgspec

from gateway import checks
from gateway.checks.lists import among
from gateway.findings import Finding
from gateway.findings.failpoint import ARMED, failpoint
from gateway.mapping.format import Format
from gateway.mapping.plugins import authority_for
from gateway.mapping.protocols import Authority, Bad, Filing, Item, Opening, Slice
from gateway.mapping.registry import Registry
from gateway.model import Consignment, Decision, Message, Moment
from gateway.steps.content import content_hash
from gateway.steps.lrn import DossierKey, derive
from gateway.steps.outcome import (
    BatchDone,
    BatchJob,
    Bundle,
    BundleDone,
    Done,
    Draft,
    ItemOutcome,
    Job,
    Rewrite,
    RoutePlan,
    Setup,
    WriteDone,
)
from gateway.steps.routing import choose
from gateway.steps.verdict import state_of, weigh

RECORD = msgspec.json.Encoder(decimal_format="string")
CONSIGNMENTS = msgspec.json.Decoder(Consignment)


def perform(job: Job) -> Done:
    """What a worker does with a job."""
    if isinstance(job, Bundle):
        return BundleDone(tuple(_batch(one) for one in job.jobs))
    if isinstance(job, BatchJob):
        return _batch(job)
    translator = translator_for(job.setup)
    return WriteDone(tuple((order.filing, translator.rewrite(order, job.now)) for order in job.filings))


def _batch(job: BatchJob) -> BatchDone:
    return BatchDone(tuple(translator_for(job.setup).batch(job.opening, job.at, job.data, job.now)))


@lru_cache(maxsize=4)
def registry_for(roots: tuple[str, ...]) -> Registry:
    """One registry a ruleset: archived tables never change."""
    return Registry([Path(root) for root in roots])


@lru_cache(maxsize=4)
def _translator(key: bytes) -> "Translator":
    return Translator(msgspec.msgpack.decode(key, type=Setup))


def translator_for(setup: Setup) -> "Translator":
    """The translator of a set-up, compiled once a process."""
    return _translator(msgspec.msgpack.encode(setup))


class Translator:
    """One source format under one ruleset, with the routes its items may take."""

    def __init__(self, setup: Setup, registry: Registry | None = None) -> None:
        self.setup = setup
        self.registry = registry or registry_for(setup.roots)
        self.source = self.registry.format(setup.format, setup.received_on)
        self.routes = {route.name: route for route in setup.routes}
        self.lists = among(self.registry.roots)
        self._targets: dict[tuple[str, date], tuple[Format, Authority | None]] = {}

    def batch(self, opening: Opening, at: Slice, data: bytes, now: datetime) -> Iterator[ItemOutcome]:
        """Every item of a slice, in the order of the file."""
        message = self.source.read_outer(opening).record
        prepared = message.prepared_at if isinstance(message, Message) else None
        context = checks.Context(received_on=self.setup.received_on, prepared_at=prepared)
        for item in self.source.syntax.items(opening, at, data, self.source.plan, self.setup.limits):
            if isinstance(item, Bad):
                yield _unreadable(item)
            else:
                start = item.span.offset - at.offset
                yield self._item(item, data[start : start + item.span.length], context, now)

    def rewrite(self, order: Rewrite, now: datetime) -> Draft:
        """A further attempt for a record that was accepted before."""
        record = CONSIGNMENTS.decode(order.record)
        return self._draft(record, self.routes[order.route], order.key, order.attempt, now, order.waived)

    def _item(self, item: Item, raw: bytes, context: checks.Context, now: datetime) -> ItemOutcome:
        reading = self.source.read(item)
        if ARMED and isinstance(reading.record, Consignment):
            failpoint(f"worker.item.{reading.record.item_id}")
        if isinstance(reading.record, Consignment):
            return self._consignment(item, raw, reading.record, reading.findings, context, now)
        if isinstance(reading.record, Decision):
            return self._decision(item, raw, reading.record, reading.findings)
        return _outcome(item, state_of(reading.findings), findings=reading.findings, item_id=self._hint(raw))

    def _consignment(
        self,
        item: Item,
        raw: bytes,
        record: Consignment,
        structure: tuple[Finding, ...],
        context: checks.Context,
        now: datetime,
    ) -> ItemOutcome:
        route = choose(self.setup.routes, record)
        found = structure + checks.run(record, context, self.source.plan.checks)
        findings = weigh(_named(found, record.item_id or ""), route.findings if route else {})
        if state_of(findings) == "accepted":
            findings = (*findings, *self._astray(record, route))
        state = state_of(findings)
        encoded = RECORD.encode(record)
        key = self._key(record)
        return _outcome(
            item,
            state,
            findings=findings,
            item_id=record.item_id or "",
            key=key,
            record=encoded,
            content=content_hash(raw, encoded),
            kept=route is not None and route.keep,
            draft=self._draft(record, route, key, 1, now) if route and not route.keep and state == "accepted" else None,
        )

    def _astray(self, record: Consignment, route: RoutePlan | None) -> tuple[Finding, ...]:
        """An item that no route takes, or whose route has no line in this environment, waits for a person."""
        if route is None:
            return (Finding("RTE101", item_id=record.item_id or "", values={"format": self.setup.format}),)
        if route.keep or route.connection:
            return ()
        values = {"route": route.name, "partner": route.partner, "environment": self.setup.environment}
        return (Finding("RTE126", item_id=record.item_id or "", values=values),)

    def _decision(self, item: Item, raw: bytes, record: Decision, findings: tuple[Finding, ...]) -> ItemOutcome:
        encoded = RECORD.encode(record)
        return _outcome(
            item,
            state_of(findings),
            kind="decision",
            findings=findings,
            item_id=record.notification_id or "",
            record=encoded,
            content=content_hash(raw, encoded),
        )

    def _draft(
        self,
        record: Consignment,
        route: RoutePlan,
        key: DossierKey,
        attempt: int,
        now: datetime,
        waived: tuple[str, ...] = (),
    ) -> Draft:
        target, authority = self._target(route.target, now.date())
        lrn = derive(
            route.settings.get("lrn-prefix", ""),
            self.setup.environment,
            route.settings.get("declarant-id", ""),
            key,
            route.name,
            attempt=attempt,
        )
        filing = Filing(lrn, Moment(iso=now.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")), attempt)
        findings: tuple[Finding, ...] = ()
        if authority is not None:
            record, findings = authority.complete(record, filing, route.settings, now.date(), self.lists)
        written = target.write(record)
        findings = weigh(_named(findings + written.findings, record.item_id or ""), route.findings, waived)
        held = written.text is None or state_of(findings) != "accepted"
        return Draft(
            route.name,
            route.target,
            route.partner,
            route.connection,
            route.settings.get("declarant-id", ""),
            lrn,
            attempt,
            "held" if held else "written",
            (written.text or "").encode(),
            findings,
        )

    def _target(self, name: str, on: date) -> tuple[Format, Authority | None]:
        known = self._targets.get((name, on))
        if known is None:
            known = self._targets[name, on] = (self.registry.format(name, on), authority_for(name))
        return known

    def _key(self, record: Consignment) -> DossierKey:
        posted = record.posted_at.iso[:10] if record.posted_at else self.setup.received_on.isoformat()
        return DossierKey(self.setup.environment, "consignment", record.item_id or "", posted)

    def _hint(self, raw: bytes) -> str:
        return self.source.syntax.id_hint(raw, self.source.plan)


def _outcome(item: Item, state: str, **facts: object) -> ItemOutcome:
    span = item.span
    return ItemOutcome(item.ordinal, span.offset, span.length, span.line, state, **facts)  # type: ignore[arg-type]


def _unreadable(bad: Bad) -> ItemOutcome:
    span = bad.span
    return ItemOutcome(
        bad.ordinal or 0,
        span.offset,
        span.length,
        span.line,
        "quarantined",
        item_id=bad.id_hint,
        findings=_named(bad.findings, bad.id_hint),
    )


def _named(findings: tuple[Finding, ...], item_id: str) -> tuple[Finding, ...]:
    return tuple(f if f.item_id else msgspec.structs.replace(f, item_id=item_id) for f in findings)
