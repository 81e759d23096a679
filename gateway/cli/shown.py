"""One file gone through: what happens to its items, every finding shown with the place of its value."""

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from functools import partial

import msgspec

from gateway.cli.report import Report, counted
from gateway.cli.sources import Source
from gateway.cli.translate import Batch, Event, translated
from gateway.findings import Finding, Position
from gateway.mapping.protocols import Bad, Opening, Slice, Span
from gateway.mapping.trace import Trace
from gateway.model import Message
from gateway.steps.ground.places import place
from gateway.steps.working.outcome import ItemOutcome, Setup
from gateway.steps.working.translation import translator_for

NOWHERE = Trace(None, ())


class Shown:
    """Reports what happens to one file, counts it, and hands on the items. Without set-up, it was refused."""

    def __init__(
        self, report: Report, source: Source, setup: Setup | None, jobs: int = 1, refused: Finding | None = None
    ) -> None:
        self.report = report
        self.source = source
        self.setup = setup
        self.jobs = jobs
        self.states: Counter[str] = Counter()
        self.opening: Opening | None = None
        self.trace = NOWHERE  # of the item in hand, where something was found in it
        if refused is not None:
            self._show(refused)

    @property
    def format(self) -> str:
        return self.setup.format if self.setup else ""

    @property
    def counts(self) -> dict[str, int]:
        return {"records": self.states.total(), **{state: self.states[state] for state in ("held", "quarantined")}}

    def items(self) -> Iterator[ItemOutcome]:
        """Every item of the file, after its findings were shown."""
        if self.setup is not None:
            for event in translated(self.source, self.setup, self.jobs):
                for outcome in self._told(event, self.setup):
                    self.states[fate(outcome)] += 1
                    yield outcome

    def message(self) -> Message:
        """What stands around the items in hand."""
        if self.setup is None or self.opening is None:
            return Message()
        found = translator_for(self.setup).source.read_outer(self.opening).record
        return found if isinstance(found, Message) else Message()

    def also(self, item: ItemOutcome, findings: Sequence[Finding], trace: Trace = NOWHERE, state: str = "") -> None:
        """Show findings about an item in the order of its lines; `state` is what becomes of it in the end."""
        span = Span(item.offset, item.length, item.line)
        name = item.item_id or f"#{item.ordinal}"
        for finding in sorted((place(finding, trace, span) for finding in findings), key=_line):
            self._show(finding, f"item {name} {state or fate(item)}", span)

    def about(self, finding: Finding, first: ItemOutcome, effect: str) -> None:
        """Show a finding about what stands around an item."""
        self._show(place(finding, NOWHERE, Span(first.offset, first.length, first.line)), effect)

    def hold(self, number: int) -> None:
        """So many items that were accepted cannot be written."""
        self.states.update({"accepted": -number, "held": number})

    def _told(self, event: Event, setup: Setup) -> Iterator[ItemOutcome]:
        if isinstance(event, Finding):
            self._show(event)
        elif isinstance(event, Bad):
            yield from self._uncut(event)
        else:
            yield from self._batch(event, setup)

    def _uncut(self, bad: Bad) -> Iterator[ItemOutcome]:
        """An item that could not be cut out cleanly or, without ordinal, a file that is not what it should be."""
        span = bad.span
        for finding in bad.findings:
            self._show(place(finding, NOWHERE, span), item=span)
        if bad.ordinal is not None:
            yield ItemOutcome(bad.ordinal, span.offset, span.length, span.line, "quarantined", item_id=bad.id_hint)

    def _batch(self, batch: Batch, setup: Setup) -> Iterator[ItemOutcome]:
        self.opening = batch.opening
        for outcome in batch.outcomes:
            findings = outcome.findings + (outcome.draft.findings if outcome.draft else ())
            self.trace = NOWHERE
            if findings and not self.report.full:
                self.trace = trace_of(self.source, setup, batch, outcome) or NOWHERE
            if findings:
                self.also(outcome, findings, self.trace)
            yield outcome

    def _show(self, finding: Finding, effect: str = "", item: Span | None = None) -> None:
        here = msgspec.structs.replace(finding.source or Position(), file=self.source.name)
        line_at = partial(self.source.line_of, item=item)
        self.report.finding(msgspec.structs.replace(finding, source=here), line_at, effect)


def _line(finding: Finding) -> int:
    return finding.source.line or 0 if finding.source else 0


def told(counts: Mapping[str, int]) -> str:
    """Numbers of records, and of what became of them, in words."""
    records, *others = counts.items()
    return f"{counted(records[1], 'record')}: {', '.join(f'{count:,} {state}' for state, count in others)}"


def fate(outcome: ItemOutcome) -> str:
    """Of the item, or of its document where that is what stops it."""
    return "held" if outcome.draft and outcome.draft.state == "held" else outcome.state


def trace_of(source: Source, setup: Setup, batch: Batch, outcome: ItemOutcome) -> Trace | None:
    """The traced twin's view of an item; None where it cannot be read at all."""
    table = translator_for(setup).source
    data = source.cut(outcome.offset, outcome.length)
    alone = Slice(batch.opening.interchange, outcome.ordinal, outcome.offset, outcome.length, outcome.line, 1)
    found = next(table.syntax.items(batch.opening, alone, data, table.plan, setup.limits), None)
    return None if found is None or isinstance(found, Bad) else table.trace_read(found, data, batch.opening)
