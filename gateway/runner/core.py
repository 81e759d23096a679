"""The core loop: asks the journal what is due, hands work to the workers, writes down what they found.

It reads no partner's bytes itself and opens no line.
"""

import logging
from collections.abc import Callable, Sequence
from datetime import datetime, timedelta

from gateway.runner.guard import Guard
from gateway.runner.pool import Ended, Lost, Pool
from gateway.steps.answering import answer, close
from gateway.steps.declaring import brake, compose, group, groupkeeping
from gateway.steps.ground import switches
from gateway.steps.ground.failure import raise_trouble, where
from gateway.steps.ground.gate import Gate
from gateway.steps.hearing import collect
from gateway.steps.reading import intake, sequence, translate
from gateway.steps.repeating import expire
from gateway.steps.sending import assemble, doubt
from gateway.steps.watching import owed
from gateway.steps.working.outcome import BundleDone, GroupDone, Job, WriteDone

log = logging.getLogger("gateway.core")

LEAST = timedelta(seconds=1)  # between two looks for what can be assembled, when nothing else happens


class Core:
    """One turn after another. `nudge` wakes the movers when deliveries were made.

    What workers brought stays here until it is in the journal: when the journal does not answer, nothing new is begun.
    """

    def __init__(self, gate: Gate, pool: Pool, nudge: Callable[[], None], guard: Guard | None = None) -> None:
        self.gate, self.pool, self._nudge = gate, pool, nudge
        self.guard = guard or Guard(gate.clock)
        self._answering = answer.Answering(gate)
        self._batches: dict[str, list[translate.Taken]] = {}
        self._filings: dict[str, list[str]] = {}
        self._ended: list[Ended] = []
        self._crowd: dict[str, int] = {}  # filings that a worker died on with others: so many at once next time
        self._jobs = 0
        self._astray = False  # whether batches may be claimed that are not among those in hand
        self._assembly: datetime | None = gate.now()  # when there may be something to assemble without anything done

    def renew(self, gate: Gate) -> None:
        """From the next turn on by another ruleset; what is under way carries its own."""
        self.gate, self._answering = gate, answer.Answering(gate)

    @property
    def busy(self) -> bool:
        return self.pool.busy or bool(self._ended)

    def turn(self, wait: float, *, flush: bool, accepting: bool = True) -> int:
        """Everything that is due, once; returns how much was done. With nothing to do it waits for `wait` seconds."""
        done = self._feed(flush=flush) if accepting and not self._ended else 0
        self._ended += self.pool.collect(0.0 if done else wait)
        done += self.guard.run("settle", self._settle)
        if done:
            done += self.guard.run("match", lambda: collect.rematch(self.gate))
            done += self.guard.run("refuse", self._answering.refused)
        done += self.guard.run("answer", self._answering.decisions)
        return done + (self._assemble(flush=flush and not done) if done or flush or self._assembly_due() else 0)

    def housekeeping(self) -> int:
        """What need not be looked at in every turn; returns how much was done."""
        done = self.guard.run("match", lambda: collect.rematch(self.gate))
        done += self.guard.run("return", lambda: expire.expire(self.gate))
        done += self.guard.run("refuse", lambda: self._answering.refused(everything=True))
        done += self.guard.run("close", lambda: close.close(self.gate))
        self.guard.run("brake", lambda: len(brake.brake(self.gate)))
        self.guard.run("miss", lambda: sequence.watch(self.gate))
        self.guard.run("owe", lambda: owed.watch(self.gate))
        self.guard.run("expire", lambda: translate.expire(self.gate, self._in_hand()))
        done += self._assemble(flush=False)
        if again := self.guard.run("resend", lambda: doubt.resend_doubtful(self.gate)):
            self._nudge()
        return done + again

    def _in_hand(self) -> frozenset[str]:
        """Batches that our workers have, or whose outcome waits here to be written down."""
        return frozenset(claim.id for several in self._batches.values() for claim, _ in several)

    def _assemble(self, *, flush: bool) -> int:
        paused = switches.paused_routes
        made = self.guard.run("assemble", lambda: assemble.assemble(self.gate, flush=flush, paused=paused(self.gate)))
        if made:
            self._nudge()
        self.guard.run("plan", lambda: self._plan(made))
        return made

    def _plan(self, made: int) -> int:
        """When to assemble next although nothing else happens: at once after a full round, else when a file is due."""
        left = timedelta() if made else assemble.soonest(self.gate, switches.paused_routes(self.gate))
        self._assembly = None if left is None else self.gate.now() + (left if made else max(left, LEAST))
        return 0

    def _assembly_due(self) -> bool:
        return self._assembly is not None and self.gate.now() >= self._assembly

    def _feed(self, *, flush: bool) -> int:
        """Open what came in, hand out what is due."""
        done = self.guard.run("open", lambda: intake.intake(self.gate))
        done += self.guard.run("group", self._group)  # first: what is read adds to what waits
        done += self.guard.run("translate", self._translate)
        done += self.guard.run("write", self._write_again)
        if flush and not done and not self.busy:
            done += self.guard.run("group", lambda: self._group(flush=True))
        return done

    def _translate(self) -> int:
        """Claim batches and hand them out. After one that failed the journal says which of them are ours."""
        if self._astray:
            translate.recall(self.gate, self._in_hand())
        self._astray = True
        done = 0
        for taken, job in translate.take(self.gate, self.pool.idle):
            claim = taken[0][0]
            token = f"{claim.id}#{claim.attempt}"
            self._batches[token] = taken
            self._submit(token, job)
            done += len(taken)
        self._astray = False
        return done

    def _write_again(self) -> int:
        free = self.pool.idle
        return self._hand_out(compose.take(self.gate, self._with_workers(), self._crowd)[:free] if free else [])

    def _group(self, *, flush: bool = False) -> int:
        busy, free = self._with_workers(), self.pool.idle
        return self._hand_out(group.take(self.gate, free, busy, self._crowd, flush=flush))

    def _with_workers(self) -> set[str]:
        return {one for ids in self._filings.values() for one in ids}

    def _hand_out(self, orders: Sequence[compose.Order | group.Order]) -> int:
        for order in orders:
            self._jobs += 1
            token = f"write/{self._jobs}"
            self._filings[token] = order.filings
            self._submit(token, order.job)
        return len(orders)

    def _submit(self, token: str, job: Job) -> None:
        """Hand a job out; when no worker can be started, what it was about is given back."""
        try:
            self.pool.submit(token, job)
        except Exception:
            self._filings.pop(token, None)
            translate.release(self.gate, self._batches.pop(token, []), "no worker")
            raise

    def _settle(self) -> int:
        """Write down what came back, in its order; trouble of the machine leaves the rest for a later turn."""
        done = 0
        while self._ended:
            try:
                self._settle_one(self._ended[0])
            except Exception as error:
                raise_trouble(error)
                log.exception("core.bug", extra={"reason": where(error)})
            ended = self._ended.pop(0)
            self._filings.pop(ended.token, None)
            self._batches.pop(ended.token, None)
            done += 1
        return done

    def _settle_one(self, ended: Ended) -> None:
        if ended.token in self._filings:
            self._written(ended, self._filings[ended.token])
            return
        taken = self._batches[ended.token]
        if isinstance(ended.result, BundleDone):
            translate.finish(self.gate, taken, ended.result)
        elif isinstance(ended.result, Lost):
            self._lost(ended.result, [claim.id for claim, _ in taken])
            for one in taken:
                translate.lose(self.gate, one, ended.result.why)

    def _written(self, ended: Ended, filings: list[str]) -> None:
        if isinstance(ended.result, Lost):
            self._lost(ended.result, filings)
            if len(filings) > 1:
                self._crowd |= dict.fromkeys(filings, len(filings) // 2)
                return
            compose.give_up(self.gate, filings[0], ended.result.why)
        if isinstance(ended.result, WriteDone):
            compose.finish(self.gate, ended.result)
        elif isinstance(ended.result, GroupDone):
            groupkeeping.finish(self.gate, ended.result)
        for one in filings:
            self._crowd.pop(one, None)

    def _lost(self, result: Lost, subjects: list[str]) -> None:
        log.error("worker.lost", extra={"reason": result.why, "subjects": ", ".join(subjects)[:200]})
