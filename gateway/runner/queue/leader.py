"""The steps of the core, on whichever host has that duty: it keeps the books, says what is due, and wakes the lines.

The host that has it does what a gateway on one host does, but for batches and lines: of these it hands in units. A host
that has lost the duty stops at once; what it still tries to write is refused.
"""

import logging
from collections.abc import Callable, Collection
from dataclasses import dataclass, replace
from functools import partial

from gateway.journal import claims, schema, tenure
from gateway.runner.bell import Bell
from gateway.runner.chores import Chores
from gateway.runner.core import Core
from gateway.runner.pool import Pool
from gateway.runner.queue.duties import Duties
from gateway.runner.queue.post import Post
from gateway.runner.role_core import CoreRole, Nudge
from gateway.runner.waker import Waker
from gateway.settings.connection import Connection
from gateway.steps.ground.gate import Gate
from gateway.steps.reading import translate
from gateway.steps.recovering import start
from gateway.steps.sending import deliver

TRY = 2.0  # seconds between two tries to get the duty
NUDGE = 2.0  # seconds between two looks for what is to be sent
RESCUE = 10.0  # seconds between two looks for what dead hosts have left
ROUND = 64  # units that are handed in at once

log = logging.getLogger("gateway.leader")


class HandingCore(Core):
    """Batches are handed in; what is written again stays with workers of this host."""

    def __init__(self, gate: Gate, pool: Pool, nudge: Nudge, *, post: Post) -> None:
        super().__init__(gate, pool, nudge)
        self._post = post

    def _translate(self) -> int:
        return self._post.translate(translate.due(self.gate, ROUND))


@dataclass
class Errand:
    """What the waker wakes: whoever has the line is told to look."""

    connection: Connection
    post: Post
    busy: bool = False
    beat: float = 0.0

    def look(self) -> None:
        self.post.line("poll", self.connection.name)


class Leading(CoreRole):
    """The core while this host has the duty."""

    def __init__(self, gate: Gate, bell: Bell, duties: Duties, post: Post) -> None:
        super().__init__(gate, bell, self._nudge, partial(HandingCore, post=post))
        self._duties, self._post = duties, post
        lines = gate.hub.connections.values()
        self._waker = Waker({line.name: Errand(line, post) for line in lines}, gate.clock)
        self._often = Chores(gate.clock)

    def begin(self, *, strict: bool) -> None:
        super().begin(strict=strict)
        self._waker.start()

    def turn(self, wait: float, *, flush: bool) -> int:
        self._often.every("nudge", NUDGE, self._nudge)
        self._often.every("rescue", RESCUE, lambda: self.core.guard.run("rescue", self._rescue))
        return super().turn(wait, flush=flush)

    def others(self) -> Collection[str]:
        with self.gate.journal.read() as conn:
            return self._duties.at_work(claims.owners(conn, schema.batch, "claimed"))

    def alive(self) -> bool:
        return self._waker.guard()

    def close(self, until: float) -> None:
        self._waker.stop()
        super().close(until)

    def _nudge(self) -> None:
        self.core.guard.run("nudge", self._hand_in)

    def _hand_in(self) -> int:
        for name in deliver.waiting(self.gate):
            self._post.line("deliver", name)
        return 0

    def _rescue(self) -> int:
        """What hosts that are gone have left is due again, and their jobs are forgotten."""
        self._post.forget(self._duties.at_work(self._post.hosts()))
        with self.gate.journal.read() as conn:
            holding = claims.owners(conn, schema.batch, "claimed")
        alive = self._duties.at_work(holding)
        return start.rescue(self.gate, alive) if alive != holding else 0


class Leader:
    """The role `core` of one host among others."""

    unreachable: tuple[str, ...] = ()
    hindered: tuple[str, ...] = ()

    def __init__(self, gate: Gate, bell: Bell, duties: Duties, make: Callable[[Gate], CoreRole]) -> None:
        self._gate, self._bell, self._duties, self._make = gate, bell, duties, make
        self._tenure: tenure.Tenure | None = None
        self._core: CoreRole | None = None
        self._tried = gate.clock.monotonic() - TRY

    @property
    def leads(self) -> bool:
        return self._core is not None

    @property
    def busy(self) -> bool:
        return False

    def begin(self, *, strict: bool) -> None:
        """Nothing: the duty is tried for in the first turn."""

    def turn(self, wait: float, *, flush: bool) -> int:
        if self._core is not None and not self._duties.has(self._tenure):
            self._resign()
        if self._core is None:
            self._try()
        if self._core is None:
            self._bell.wait(wait)
            return 0
        try:
            return self._core.turn(wait, flush=flush)
        except Exception:
            log.exception("leader.trouble")
            self._resign()
            return 0

    def reload(self) -> None:
        if self._core is not None:
            self._core.reload()

    def left(self) -> int:
        return 0

    def finish(self) -> int:
        return 0

    def alive(self) -> bool:
        return self._core is None or self._core.alive()

    def end(self) -> None:
        if self._core is not None:
            self._core.end()

    def close(self, until: float) -> None:
        if self._core is not None:
            self._core.close(until)
            self._duties.give_back("core")
            self._core = None

    def _try(self) -> None:
        now = self._gate.clock.monotonic()
        if now - self._tried < TRY:
            return
        self._tried = now
        try:
            self._tenure = self._duties.take("core")
            if self._tenure is not None:
                self._core = self._begun(self._tenure)
        except Exception:
            log.exception("leader.trouble")
            self._duties.give_back("core")

    def _begun(self, held: tenure.Tenure) -> CoreRole:
        core = self._make(replace(self._gate, journal=self._gate.journal.under(held)))
        try:
            core.begin(strict=False)
        except BaseException:
            core.close(self._gate.clock.monotonic())  # its threads and files: it is tried again every two seconds
            raise
        return core

    def _resign(self) -> None:
        assert self._core is not None
        log.warning("leader.resigned")
        self._core.close(self._gate.clock.monotonic())
        self._core = None
        self._duties.give_back("core")
