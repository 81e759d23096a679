"""What `gateway mapping diff` compares: files named, or those of the journal, each under both sides."""

from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from datetime import date, datetime
from os import SEEK_END
from pathlib import Path
from typing import BinaryIO

from gateway.cli.sources import OWN_FILES, Source, format_of, opened
from gateway.cli.translate import Addressed, Batch, translated
from gateway.findings import Finding
from gateway.findings.errors import BlobGone
from gateway.mapping.protocols import Bad
from gateway.steps.ground.hub import Hub
from gateway.steps.working.outcome import ItemOutcome, RoutePlan, Setup
from gateway.steps.working.translation import translator_for
from gateway.workbench.difference.item import Compared, Sided, compare
from gateway.workbench.difference.sides import Side


@dataclass(frozen=True)
class Given:
    """One file with what is known of it: how it came and when. Without a connection, it takes the way that is given.

    `bytes` is where it lies, or what opens it in the spool.
    """

    name: str
    bytes: Path | Callable[[], BinaryIO]
    on: date
    now: datetime
    format: str | None = None
    environment: str = "test"
    connection: str = ""

    @contextmanager
    def opened(self) -> Iterator[Source]:
        if isinstance(self.bytes, Path):
            with opened(self.bytes) as source:
                yield source
            return
        with self.bytes() as stream:
            yield Source(self.name, stream, stream.seek(0, SEEK_END))


@dataclass(frozen=True)
class Reached:
    """How far the comparison is, in bytes of all files, and what was compared there."""

    file: str
    bytes: int
    one: Compared | None = None


@dataclass(frozen=True)
class Comparison:
    """Two sides, and what both are asked: routes by the sender where the hub knows the line, else one way."""

    sides: tuple[Side, Side]
    way: RoutePlan
    hub: Hub | None = None

    def over(self, files: Iterator[Given]) -> Iterator[Reached]:
        """Every item of every file; one file and one slice of it is in hand at a time."""
        done = 0
        for given in files:
            with ExitStack() as stack:
                try:
                    sources = [stack.enter_context(given.opened()) for _ in range(2)]
                except BlobGone:  # purged meanwhile
                    continue
                old, new = (self._sided(side, source, given) for side, source in zip(self.sides, sources, strict=True))
                for one in compare(old, new):
                    yield Reached(given.name, done + one.end, one)
                done += sources[0].size
            yield Reached(given.name, done)

    def _sided(self, side: Side, source: Source, given: Given) -> Sided:
        found = format_of(source, given.format, side.registry, given.on)
        if isinstance(found, Finding):
            return side.sided((found,), given.on)
        setup = Setup(side.ruleset, side.roots, found, given.environment, given.on, side.own((self.way,)), OWN_FILES)
        addressed = side.over(self.hub, given.connection) if self.hub and given.connection else None
        return side.sided(_outcomes(source, setup, given.now, addressed), given.on, self.way.target)


def _outcomes(
    source: Source, setup: Setup, now: datetime, addressed: Addressed | None
) -> Iterator[ItemOutcome | Finding]:
    """What becomes of a file, as the daemon does it: one that does not look like its format is refused."""
    table = translator_for(setup).source
    if not table.syntax.recognise(source.head(), (table.plan,)):
        yield Finding("SRC205", values={"format": setup.format})
        return
    for event in translated(source, setup, now=now, addressed=addressed):
        if isinstance(event, Batch):
            yield from event.outcomes
        elif isinstance(event, Bad) and event.ordinal is not None:
            yield _unreadable(event, event.ordinal)
        else:
            yield from event.findings if isinstance(event, Bad) else (event,)


def _unreadable(bad: Bad, ordinal: int) -> ItemOutcome:
    at = bad.span
    return ItemOutcome(
        ordinal, at.offset, at.length, at.line, "quarantined", item_id=bad.id_hint, findings=bad.findings
    )
