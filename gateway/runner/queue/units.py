"""Units for workers: batches are claimed here, translated by a process of this host, and settled behind the fence."""

import logging
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from queue import SimpleQueue

from gateway.runner.pool import Lost, Pool
from gateway.steps.ground.failure import is_trouble, where
from gateway.steps.ground.gate import Gate
from gateway.steps.reading.translate import Taken, finish, lose, recall, take_these
from gateway.steps.working.outcome import BundleDone, Done, Job

PAUSE = 2.0  # seconds before what was brought is offered to the journal again

log = logging.getLogger("gateway.queue")


class Shop:
    """Worker processes for many threads: each has one to itself for the time of a job."""

    def __init__(self, size: int) -> None:
        self._pools = [Pool(1) for _ in range(size)]
        self._free: SimpleQueue[Pool] = SimpleQueue()
        for pool in self._pools:
            self._free.put(pool)

    def perform(self, job: Job) -> Done | Lost:
        pool = self._free.get()
        try:
            pool.submit("", job)
            while not (ended := pool.collect(1.0)):
                pass
            return ended[0].result
        except OSError as error:  # no process can be started
            return Lost(type(error).__name__)
        finally:
            self._free.put(pool)

    def close(self) -> None:
        for pool in self._pools:
            pool.close()


class Units:
    """Does what it is handed, as far as that is still due. `done` is told when something was settled."""

    def __init__(self, gate: Gate, shop: Shop, done: Callable[[], None]) -> None:
        self.gate, self._shop, self._done = gate, shop, done
        self._over, self._turn = threading.Event(), threading.Lock()
        self._in_hand: set[str] = set()

    def translate(self, ids: list[str]) -> None:
        try:
            with self._held(ids) as mine:
                for taken, job in take_these(self.gate, [mine]):
                    self._settle(taken, self._shop.perform(job))
                    self._done()
        except Exception as error:
            if is_trouble(error):  # whether they were claimed is unknown
                self._persist(lambda: recall(self.gate, self._in_hand))
            raise

    def stop(self) -> None:
        """Do not wait for better times any more: what is not settled is repeated elsewhere."""
        self._over.set()

    @contextmanager
    def _held(self, ids: list[str]) -> Iterator[list[str]]:
        """Those of them that no other thread of this process has: claims say the process alone."""
        with self._turn:
            mine = [one for one in ids if one not in self._in_hand]
            self._in_hand.update(mine)
        try:
            yield mine
        finally:
            with self._turn:
                self._in_hand.difference_update(mine)

    def _settle(self, taken: list[Taken], result: Done | Lost) -> None:
        """Write it down."""
        self._persist(lambda: self._write(taken, result))

    def _persist(self, act: Callable[[], object]) -> object:
        """Once; while the journal does not answer, again and again."""
        while True:
            try:
                return act()
            except Exception as error:
                if not is_trouble(error) or self._over.is_set():
                    raise
                log.warning("queue.trouble", extra={"reason": where(error)})
                self._over.wait(PAUSE)

    def _write(self, taken: list[Taken], result: Done | Lost) -> None:
        if isinstance(result, BundleDone):
            finish(self.gate, taken, result)
        elif isinstance(result, Lost):
            log.error("worker.lost", extra={"reason": result.why, "subjects": ", ".join(c.id for c, _ in taken)[:200]})
            for one in taken:
                lose(self.gate, one, result.why)
