"""Files through the daemon's own translation, without any state: what `read`, `check` and `map` share.

A file is cut at bytes and one batch of items is in hand at a time, so memory is flat whatever its size. The batches
are translated here or, a few ahead, by worker processes; they come back in the order of the file.
"""

from collections import deque
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, time
from itertools import count
from typing import TYPE_CHECKING, Any, Self

from gateway.cli.sources import Source
from gateway.findings import Finding
from gateway.findings.errors import GatewayFault, Permanent
from gateway.mapping.protocols import Bad, Closing, Opening, Slice
from gateway.steps.working.outcome import BatchDone, BatchJob, Done, ItemOutcome, Setup
from gateway.steps.working.translation import perform, translator_for

if TYPE_CHECKING:
    from gateway.runner.pool import Lost

BATCH = 500


class BatchLost(GatewayFault, Permanent):
    """A worker process died over a batch; run with one job to see at which item."""


@dataclass(frozen=True)
class Batch:
    """The outcomes of one slice, and the interchange around it: what is needed to look at an item again."""

    opening: Opening
    outcomes: tuple[ItemOutcome, ...]


Event = Batch | Finding | Bad
_Work = BatchJob | Finding | Bad
Addressed = Callable[[Setup, Any], Setup]
"""The set-up for what one envelope holds: its sender decides which routes are open."""


def translated(
    source: Source, setup: Setup, jobs: int = 1, *, now: datetime | None = None, addressed: Addressed | None = None
) -> Iterator[Event]:
    """Every item of a file in order; findings about the file or an envelope come as they are met."""
    refused = translator_for(setup).source.syntax.refuse(source.head(), source.size, setup.limits)
    if refused is not None:
        yield refused
    elif jobs == 1:
        pieces = _cut(source, setup, now or clock(setup.received_on), addressed)
        yield from (_here(piece) if isinstance(piece, BatchJob) else piece for piece in pieces)
    else:
        yield from _by_workers(_cut(source, setup, now or clock(setup.received_on), addressed), jobs)


def _cut(source: Source, setup: Setup, now: datetime, addressed: Addressed | None) -> Iterator[_Work]:
    """The file as jobs, each with the bytes of its slice."""
    table, here = translator_for(setup).source, setup
    opening: Opening | None = None
    source.stream.seek(0)
    for part in table.syntax.slices(source.stream, table.plan, BATCH, setup.limits):
        if isinstance(part, Opening):
            opening, around = part, table.read_outer(part)
            here = addressed(setup, around.record) if addressed else setup
            yield from around.findings
        elif isinstance(part, Slice):
            assert opening is not None  # a slice lies in an interchange
            yield BatchJob(here, now, opening, part, source.cut(part.offset, part.length))
        elif isinstance(part, Closing):
            yield from part.findings
        else:
            yield part


def _here(job: BatchJob) -> Batch:
    return _batch(job, perform(job))


def _by_workers(pieces: Iterator[_Work], jobs: int) -> Iterator[Event]:
    ahead: deque[str | Finding | Bad] = deque()
    with _Crew(jobs) as crew:
        for piece in pieces:
            ahead.append(crew.give(piece) if isinstance(piece, BatchJob) else piece)
            if len(ahead) > 2 * jobs:
                yield crew.fetch(ahead.popleft())
        for left in ahead:
            yield crew.fetch(left)


class _Crew:
    """Worker processes and the batches they have in hand, each under a token."""

    def __init__(self, jobs: int) -> None:
        from gateway.runner.pool import Pool

        self._pool = Pool(jobs)
        self._given: dict[str, BatchJob] = {}
        self._done: dict[str, Batch] = {}
        self._tokens = count()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self._pool.close()

    def give(self, job: BatchJob) -> str:
        while not self._pool.idle:
            self._collect()
        token = str(next(self._tokens))
        self._given[token] = job
        self._pool.submit(token, job)
        return token

    def fetch(self, wanted: str | Finding | Bad) -> Event:
        if not isinstance(wanted, str):
            return wanted
        while wanted not in self._done:
            self._collect()
        return self._done.pop(wanted)

    def _collect(self) -> None:
        for ended in self._pool.collect(timeout=60):
            self._done[ended.token] = _batch(self._given.pop(ended.token), ended.result)


def _batch(job: BatchJob, result: "Done | Lost") -> Batch:
    if not isinstance(result, BatchDone):
        raise BatchLost
    return Batch(job.opening, result.outcomes)


def clock(on: date) -> datetime:
    """The clock at the edge; with a date of one's own, noon of that day."""
    now = datetime.now(UTC)
    return now if now.date() == on else datetime.combine(on, time(12), UTC)
