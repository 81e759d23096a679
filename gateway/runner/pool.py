"""Worker processes by spawn, one job at a time each.

A worker that dies, overstays or answers what cannot be read is replaced, and its job is reported as lost.
"""

import multiprocessing
import time
from collections.abc import Callable
from multiprocessing.connection import Connection, wait

import msgspec

from gateway.runner.bell import Bell
from gateway.runner.worker import ENCODER, RESULTS, Broken, work
from gateway.steps.working.outcome import Done, Job

DEADLINE = 300.0  # seconds a batch may take; a clean batch of 500 items takes well under one


class Lost(msgspec.Struct, frozen=True):
    """A job whose worker died, met a bug of ours or overstayed."""

    why: str


class Ended(msgspec.Struct, frozen=True):
    """One job that is over. `token` is whatever the caller gave."""

    token: str
    result: Done | Lost


class _Worker:
    """One process and the line to it."""

    def __init__(self, target: Callable[[Connection], None]) -> None:
        context = multiprocessing.get_context("spawn")
        self.line, far = context.Pipe()
        self.process = context.Process(target=target, args=(far,), daemon=True, name="gateway-worker")
        self.process.start()
        far.close()
        self.token: str | None = None
        self.since = 0.0

    def give(self, token: str, job: Job) -> None:
        self.token, self.since = token, time.monotonic()
        self.line.send_bytes(ENCODER.encode(job))

    def stop(self) -> None:
        self.line.close()
        self.process.join(2)
        if self.process.is_alive():
            self.process.kill()
            self.process.join()
        self.process.close()


class Pool:
    """`size` workers, started when first needed. Not thread-safe: the core loop alone uses it."""

    def __init__(
        self,
        size: int,
        *,
        target: Callable[[Connection], None] = work,
        deadline: float = DEADLINE,
        bell: Bell | None = None,
    ) -> None:
        self._size, self._target, self._deadline = size, target, deadline
        self._workers: list[_Worker] = []
        self.bell = bell or Bell()
        self._hangs_here = bell is None

    @property
    def idle(self) -> int:
        """How many jobs can be submitted now."""
        return self._size - sum(w.token is not None for w in self._workers)

    @property
    def busy(self) -> bool:
        return any(w.token is not None for w in self._workers)

    def pids(self) -> tuple[int, ...]:
        return tuple(w.process.pid for w in self._workers if w.process.pid)

    def submit(self, token: str, job: Job) -> None:
        """Hand a job to an idle worker (there must be one)."""
        worker = next((w for w in self._workers if w.token is None), None)
        if worker is None:
            worker = _Worker(self._target)
            self._workers.append(worker)
        try:
            worker.give(token, job)
        except OSError:
            worker.token = token  # it died idle: collect() sees its sentinel and reports the job as lost

    def wake(self) -> None:
        """End a waiting `collect` early; any thread may call it, also after `close`."""
        self.bell.ring()

    def collect(self, timeout: float) -> list[Ended]:
        """Jobs that ended, waiting at most `timeout` seconds for the first."""
        lines = {w.line: w for w in self._workers if w.token is not None}
        sentinels = {w.process.sentinel: w for w in self._workers}
        ready = wait([*lines, *sentinels, self.bell.fileno()], timeout)
        if self.bell.fileno() in ready:
            self.bell.hush()
        ended = [self._receive(lines[x]) for x in ready if isinstance(x, Connection)]
        ended += [
            self._bury(sentinels[x], "the worker process died") for x in ready if isinstance(x, int) and x in sentinels
        ]
        late = [w for w in self._workers if w.token is not None and time.monotonic() - w.since > self._deadline]
        ended += [self._bury(w, "the worker overstayed its deadline") for w in late]
        return [e for e in ended if e is not None]

    def close(self) -> None:
        """Stop all workers; what they were doing is lost and will be repeated."""
        for worker in self._workers:
            worker.stop()
        self._workers.clear()
        if self._hangs_here:
            self.bell.close()

    def _receive(self, worker: _Worker) -> Ended | None:
        token = worker.token or ""
        try:
            result = RESULTS.decode(worker.line.recv_bytes())
        except (EOFError, OSError):
            return self._bury(worker, "the worker process died")
        except msgspec.DecodeError:
            return self._bury(worker, "the worker gave no answer that can be read")
        worker.token = None
        return Ended(token, Lost(result.where) if isinstance(result, Broken) else result)

    def _bury(self, worker: _Worker, why: str) -> Ended | None:
        if worker not in self._workers:
            return None
        self._workers.remove(worker)
        token = worker.token
        if worker.process.is_alive():
            worker.process.kill()
        worker.stop()
        return None if token is None else Ended(token, Lost(why))
