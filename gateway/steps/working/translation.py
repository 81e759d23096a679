"""Reading, checking, routing and writing the items of a slice: pure, the same for workers and for the command line.

bytes + ruleset + settings + date → outcomes. No journal, no network, no clock.
"""

from collections.abc import Iterator, Sequence
from datetime import UTC, date, datetime
from functools import cached_property, lru_cache
from pathlib import Path
from typing import Any, NamedTuple

import msgspec

from gateway import checks
from gateway.checks.lists import among
from gateway.findings import Finding
from gateway.findings.errors import MappingInvalid
from gateway.findings.failpoint import passing_item
from gateway.mapping.format import Format, Written
from gateway.mapping.protocols import DECLARE, Bad, Filing, Item, Opening, Purpose, Slice
from gateway.mapping.registry import Registry
from gateway.model import Consignment, Decision, Message, Moment
from gateway.steps.working import asking
from gateway.steps.working.causes import once
from gateway.steps.working.content import content_hash
from gateway.steps.working.filer import completed, joined
from gateway.steps.working.groupwriting import declare, draft, in_company
from gateway.steps.working.lrn import DossierKey, derive
from gateway.steps.working.named import names
from gateway.steps.working.outcome import (
    Asked,
    BatchDone,
    BatchJob,
    Bundle,
    BundleDone,
    Done,
    Draft,
    GroupJob,
    ItemOutcome,
    Job,
    Rewrite,
    RoutePlan,
    Setup,
    WriteDone,
)
from gateway.steps.working.routing import taken
from gateway.steps.working.verdict import heard, quarantines, state_of, weigh

RECORD = msgspec.json.Encoder(decimal_format="string")
CONSIGNMENTS = msgspec.json.Decoder(Consignment)
STATES = ("accepted", "held", "quarantined")  # what is best comes first


class Fate(NamedTuple):
    """What becomes of an item on one route."""

    route: RoutePlan | None
    state: str
    findings: tuple[Finding, ...]
    draft: Draft | None = None


def perform(job: Job) -> Done:
    """What a worker does with a job."""
    if isinstance(job, Bundle):
        return BundleDone(tuple(_batch(one) for one in job.jobs))
    if isinstance(job, BatchJob):
        return _batch(job)
    if isinstance(job, GroupJob):
        return declare(translator_for(job.setup), job)
    translator = translator_for(job.setup)
    drafts = tuple((order.filing, translator.rewrite(order, job.now)) for order in job.filings)
    return WriteDone(drafts, job.setup.ruleset)


def _batch(job: BatchJob) -> BatchDone:
    return BatchDone(tuple(translator_for(job.setup).batch(job.opening, job.at, job.data, job.now)))


@lru_cache(maxsize=4)
def registry_for(roots: tuple[str, ...], *, whole: bool = False) -> Registry:
    """One registry a ruleset: archived tables never change, and are the whole."""
    return Registry([Path(root) for root in roots], whole=whole)


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
        self.registry = registry or registry_for(setup.roots, whole=bool(setup.ruleset))
        self.routes = {route.name: route for route in setup.routes}
        self.lists = among(self.registry.roots)

    @cached_property
    def source(self) -> Format:
        """The format that is read; who only writes a record again needs none."""
        return self.registry.format(self.setup.format, self.setup.received_on)

    @cached_property
    def kind(self) -> str:
        """What the items of the format are."""
        return self.source.plan.unit_record.lower()

    def batch(self, opening: Opening, at: Slice, data: bytes, now: datetime) -> Iterator[ItemOutcome]:
        """Every item of a slice, in the order of the file."""
        message = self.source.read_outer(opening).record
        prepared = message.prepared_at if isinstance(message, Message) else None
        context = checks.Context(received_on=self.setup.received_on, prepared_at=prepared)
        for item in self.source.items(opening, at, data, self.setup.limits):
            if isinstance(item, Bad):
                yield self._unreadable(item)
            else:
                start = item.span.offset - at.offset
                yield self._item(item, item.raw or data[start : start + item.span.length], opening, context, now)

    def rewrite(self, order: Rewrite, now: datetime) -> Draft:
        """A further attempt for a record that was accepted before."""
        record, route = CONSIGNMENTS.decode(order.record), self.routes[order.route]
        if order.asked is not None:
            return self._request(record, route, order, order.asked, now)
        return self._draft(record, route, order.key, order.attempt, now, order.waived)

    def _request(self, record: Consignment, route: RoutePlan, order: Rewrite, asked: Asked, now: datetime) -> Draft:
        """A request about a declaration, under an LRN of its own."""
        here = msgspec.structs.replace(route, target=asked.target, group=None)
        filing = asking.filing(self.filing(here, order.key, order.attempt, now, asked.purpose), asked)
        earlier = registry_for(asked.declared.roots, whole=True)
        try:
            said, found = asking.requested(asked, record, filing, route.filer, self.registry, earlier)
        except MappingInvalid:
            return draft(here, filing, Written(None), (Finding("INT902", values={"format": asked.declared.target}),))
        if said is None:
            return msgspec.structs.replace(draft(here, filing, Written(None), found), state="withdrawn")
        written = self.written((said,), here, filing, here.filer.day(now))
        findings = weigh(_named(found + written.findings, record.item_id or ""), route.findings, order.waived)
        return draft(here, filing, written, findings)

    def _item(self, item: Item, raw: bytes, opening: Opening, context: checks.Context, now: datetime) -> ItemOutcome:
        reading = self.source.read(item)
        if isinstance(reading.record, Consignment):
            passing_item(reading.record.item_id or "")
            return self._consignment(item, raw, reading.record, reading.findings, context, now)
        if isinstance(reading.record, Decision):
            return self._decision(item, raw, reading.record, reading.findings + self._official(raw, opening))
        found = reading.findings
        if state_of(found) == "accepted":  # a kind of record that no route takes
            found = (*found, Finding("RTE101", values={"format": self.setup.format}))
        hint = self.source.syntax.id_hint(raw, self.source.plan)
        return _outcome(item, state_of(found), kind=self.kind, findings=found, item_id=hint)

    def _unreadable(self, bad: Bad) -> ItemOutcome:
        item = Item(bad.ordinal or 0, bad.span, None)
        found = _named(bad.findings, bad.id_hint)
        return _outcome(item, "quarantined", kind=self.kind, item_id=bad.id_hint, findings=found)

    def _consignment(
        self,
        item: Item,
        raw: bytes,
        record: Consignment,
        structure: tuple[Finding, ...],
        context: checks.Context,
        now: datetime,
    ) -> ItemOutcome:
        key = self._key(record)
        found = _named(once(structure, checks.run(record, context, self.source.plan.checks)), record.item_id or "")
        routes = tuple(taken(self.setup.routes, record)) or (None,)
        fates = [self._fate(record, route, found, key, now) for route in routes]
        best, encoded = min(fates, key=lambda fate: STATES.index(fate.state)), RECORD.encode(record)
        return _outcome(
            item,
            best.state,
            findings=best.findings,
            item_id=record.item_id or "",
            key=key,
            record=encoded,
            content=content_hash(raw, encoded),
            departs=record.transport.departed_at if record.transport else None,
            kept=all(fate.route is not None and fate.route.keep for fate in fates),
            drafts=tuple(self._drafts(fates, key, now)) if best.state == "accepted" else (),
            names=tuple(names(record)),
        )

    def _fate(
        self,
        record: Consignment,
        route: RoutePlan | None,
        found: tuple[Finding, ...],
        key: DossierKey | None,
        now: datetime,
    ) -> Fate:
        """What becomes of an item on one of its routes, by that route's words."""
        words = route.findings if route else {}
        findings = weigh(found, words)
        findings += self._astray(record, route, state_of(findings, words))
        state = state_of(findings, words)
        if state != "accepted" or route is None or key is None or route.keep:
            return Fate(route, state, findings)
        draft = self._draft(record, route, key, 1, now)
        if quarantines(draft.findings, words):  # refused before filing: the sender is told at once
            return Fate(route, "quarantined", findings + draft.findings)
        return Fate(route, state, findings, draft)

    def _drafts(self, fates: Sequence[Fate], key: DossierKey | None, now: datetime) -> Iterator[Draft]:
        """Of an item that one of its routes lets go on: where another one does not, the filing there is held."""
        for fate in fates:
            if fate.draft is not None:
                yield fate.draft
            elif fate.route is not None and key is not None and fate.state != "accepted":
                yield draft(fate.route, self.filing(fate.route, key, 1, now), Written(None), fate.findings)

    def _astray(self, record: Consignment, route: RoutePlan | None, state: str) -> tuple[Finding, ...]:
        """An item that nothing tells from others, that no route takes, or whose route has no line here."""
        name = record.item_id or ""
        if not name and state != "quarantined":
            return (Finding("RTE130"),)
        if state != "accepted" or (route is not None and (route.keep or route.connection)):
            return ()
        if route is None:
            return (Finding("RTE101", item_id=name, values={"format": self.setup.format}),)
        values = {"route": route.name, "partner": route.partner, "environment": self.setup.environment}
        return (Finding("RTE126", item_id=name, values=values),)

    def _official(self, raw: bytes, opening: Opening) -> tuple[Finding, ...]:
        """What the official schema says of an answer, where one is installed."""
        official = self.source.official
        return official.read(opening.head + raw + opening.tail) if official is not None else ()

    def _decision(self, item: Item, raw: bytes, record: Decision, findings: tuple[Finding, ...]) -> ItemOutcome:
        encoded, findings = RECORD.encode(record), heard(record, findings)
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
        """One declaration under its LRN; held when something stands in its way, with the text if there is one."""
        filing, on = self.filing(route, key, attempt, now), route.filer.day(now)
        said, found = self.completed(record, route, filing, on)
        written = self.written((said,), route, filing, on)
        name = record.item_id or ""
        law, text = (weigh(_named(some, name), route.findings, waived) for some in (found, written.findings))
        findings = once(law, text)
        made = draft(route, filing, written, findings)
        return in_company(made, said, route.group) if route.group else made

    def filing(
        self, route: RoutePlan, key: DossierKey, attempt: int, now: datetime, purpose: Purpose = DECLARE
    ) -> Filing:
        """What is known of a filing before it is written."""
        filer = route.filer
        lrn = derive(filer.prefix, self.setup.environment, filer.declarant, key, route.name, purpose, attempt)
        return Filing(lrn, Moment(iso=now.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")), attempt, route.target)

    def completed(
        self, record: Consignment, route: RoutePlan, filing: Filing, on: date
    ) -> tuple[Consignment, tuple[Finding, ...]]:
        """The record with what the filer and the authority's rules add, and what stands in its way."""
        return completed(record, route.target, filing, route.filer, on, self.lists)

    def written(self, said: Sequence[Consignment], route: RoutePlan, filing: Filing, on: date) -> Written:
        """The text of a declaration for completed records: one, or on a route that groups several."""
        try:
            target = self.registry.format(route.target, on)
        except MappingInvalid:
            return Written(None, (Finding("INT902", values={"format": route.target}),))
        return target.write(joined(said, route.target, filing, route.filer) if route.group else said[0])

    def _key(self, record: Consignment) -> DossierKey | None:
        """What makes a parcel one parcel; nothing without an identifier."""
        if not record.item_id:
            return None
        posted = record.posted_at.iso[:10] if record.posted_at else self.setup.received_on.isoformat()
        return DossierKey(self.setup.environment, "consignment", record.item_id, posted)


def _outcome(item: Item, state: str, **facts: Any) -> ItemOutcome:
    span = item.span
    return ItemOutcome(item.ordinal, span.offset, span.length, span.line, state, **facts)


def _named(findings: tuple[Finding, ...], item_id: str) -> tuple[Finding, ...]:
    return tuple(f if f.item_id else msgspec.structs.replace(f, item_id=item_id) for f in findings)
