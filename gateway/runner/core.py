"""The core loop: asks the journal what is due, hands work to the workers, writes down what they found. It reads no partner's
bytes itself and opens no line.
"""

import logging
from collections.abc import Callable, Iterable
from typing import Any

from gateway.runner.pool import Ended, Lost, Pool
from gateway.steps import answer, assemble, brake, collect, compose, deliver, intake, operate, translate
from gateway.steps.gate import Gate
from gateway.steps.outcome import BundleDone, WriteDone
from gateway.steps.translate import Taken

log = logging.getLogger("gateway.core")


class Core:
    """One turn after another. `nudge` wakes the movers when deliveries were made."""

    def __init__(self, gate: Gate, pool: Pool, nudge: Callable[[], None]) -> None:
        self.gate, self.pool, self._nudge = gate, pool, nudge
        self._answering = answer.Answering(gate)
        self._batches: dict[str, list[Taken]] = {}
        self._filings: dict[str, list[str]] = {}
        self._jobs = 0

    @property
    def busy(self) -> bool:
        return self.pool.busy

    def turn(self, wait: float, *, flush: bool, accepting: bool = True) -> int:
        """Everything that is due once; returns how much was done. With nothing to do it waits at most `wait` seconds."""
        done = self._feed() if accepting else 0
        done += self._harvest(0.0 if done else wait)
        done += collect.rematch(self.gate)
        done += self._answering.run(refused=done > 0)
        made = assemble.assemble(self.gate, flush=flush and not done, paused=operate.paused(self.gate, "route"))
        if made:
            self._nudge()
        return done + made

    def housekeeping(self) -> int:
        """What need not be looked at in every turn; returns how much was done."""
        done = self._answering.run(refused=True) + answer.close(self.gate)
        if again := deliver.resend_doubtful(self.gate):
            self._nudge()
        brake.brake(self.gate)
        translate.expire(self.gate)
        return done + again

    def _feed(self) -> int:
        """Open what came in, hand out what is due."""
        done = intake.intake(self.gate)
        for taken, job in translate.take(self.gate, self.pool.idle):
            token = taken[0][0].id
            self._batches[token] = taken
            self.pool.submit(token, job)
            done += len(taken)
        if self.pool.idle:
            done += self._write_again()
        return done

    def _write_again(self) -> int:
        busy = {one for ids in self._filings.values() for one in ids}
        jobs = compose.take(self.gate, busy)[: self.pool.idle]
        for ids, job in jobs:
            self._jobs += 1
            token = f"write/{self._jobs}"
            self._filings[token] = ids
            self.pool.submit(token, job)
        return len(jobs)

    def _harvest(self, wait: float) -> int:
        ended = self.pool.collect(wait)
        for one in ended:
            self._settle(one)
        return len(ended)

    def _settle(self, ended: Ended) -> None:
        filings = self._filings.pop(ended.token, None)
        if filings is not None:
            if isinstance(ended.result, WriteDone):
                compose.finish(self.gate, ended.result)
            elif isinstance(ended.result, Lost):
                self._lost(ended.result, filings)
                compose.give_up(self.gate, filings, ended.result.why)
            return
        taken = self._batches.pop(ended.token)
        if isinstance(ended.result, BundleDone):
            translate.finish(self.gate, taken, ended.result)
        elif isinstance(ended.result, Lost):
            self._lost(ended.result, [claim.id for claim, _ in taken])
            for one in taken:
                translate.lose(self.gate, one, ended.result.why)

    def _lost(self, result: Lost, subjects: Iterable[Any]) -> None:
        log.error("worker.lost", extra={"reason": result.why, "subjects": ", ".join(map(str, subjects))[:200]})
