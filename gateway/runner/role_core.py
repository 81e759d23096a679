"""The role `core`: workers read and write messages, this loop keeps the books. It opens no line and reads no key."""

import logging
from collections.abc import Callable, Collection
from functools import partial

from gateway.findings.errors import GatewayError
from gateway.runner.bell import Bell
from gateway.runner.chores import Chores
from gateway.runner.core import Core
from gateway.runner.gates import pin
from gateway.runner.pool import Pool
from gateway.runner.program import hand_to
from gateway.runner.quiet import core_left
from gateway.runner.reload import renewed
from gateway.steps.ground import switches
from gateway.steps.ground.force import enforce
from gateway.steps.ground.gate import Gate
from gateway.steps.keeping import purge
from gateway.steps.recovering import start
from gateway.steps.watching import anchor, watch

HOUSEKEEPING = 15.0
WATCH = 30.0
JANITOR = 3600.0
ANCHOR = 600.0  # looks whether the day's anchor is due
PURGE = 5.0  # while there is something to purge
BREATH = 0.5

Nudge = Callable[[], None]
log = logging.getLogger("gateway.runner")


class CoreRole:
    """`nudge` tells the mover that deliveries were made; `bell` is rung by it, by workers and by signals."""

    unreachable: tuple[str, ...] = ()
    hindered: tuple[str, ...] = ()
    leads = True

    def __init__(self, gate: Gate, bell: Bell, nudge: Nudge, make: Callable[[Gate, Pool, Nudge], Core] = Core) -> None:
        self.pool = Pool(gate.hub.settings.gateway.workers, bell=bell)
        self.core = make(gate, self.pool, nudge)
        self._chores = Chores(gate.clock)
        self._anchoring = anchor.Anchoring()
        self._purging = False

    @property
    def gate(self) -> Gate:
        """Another one after a reload."""
        return self.core.gate

    @property
    def busy(self) -> bool:
        return self.core.busy

    def begin(self, *, strict: bool) -> None:
        self.core.guard.strict = strict
        with self.gate.journal.write("start.enforce") as conn:
            enforce(conn, self.gate.ruleset, "T", "start")
        start.recover_core(self.gate, self.others())

    def others(self) -> Collection[str]:
        """Who else has claims that stand: nobody, where one host works alone."""
        return ()

    def turn(self, wait: float, *, flush: bool) -> int:
        done = self.core.turn(wait, flush=flush)
        self._chores.every("housekeeping", HOUSEKEEPING, self.core.housekeeping)
        self._chores.every("watch", WATCH, lambda: self.core.guard.run("watch", lambda: watch.watch(self.gate)))
        self._chores.every("janitor", JANITOR, lambda: self.core.guard.run("sweep", lambda: start.sweep(self.gate)))
        soon = 0.0 if self._anchoring.under_way else ANCHOR  # a page a turn: a long trail takes minutes
        self._chores.every("anchor", soon, lambda: self.core.guard.run("anchor", self._anchor))
        self._chores.every("purge", PURGE if self._purging else JANITOR, self._purge)
        return done

    def reload(self) -> None:
        """Between two turns of the loop: no step sees two rulesets."""
        self.core.guard.run("reload", self._renew)

    def left(self) -> int:
        return core_left(self.gate, switches.paused_routes(self.gate))

    def finish(self) -> int:
        done = self.core.housekeeping()
        # A gateway that a timer starts has no other time.
        done += self.core.guard.run("anchor", lambda: self._anchor(at_once=True))
        self.core.guard.run("watch", lambda: watch.watch(self.gate))
        return done

    def alive(self) -> bool:
        return True

    def end(self) -> None:
        self.core.guard.strict = False

    def close(self, until: float) -> None:
        """What workers have in hand is written down, or will be repeated."""
        while self.core.busy and self.gate.clock.monotonic() < until:
            self.core.turn(BREATH, flush=False, accepting=False)
        self.pool.close()

    def _renew(self) -> int:
        before = self.gate.ruleset
        try:
            gate = renewed(self.gate, lambda settings: pin(self.gate.journal, self.gate.archive, settings))
        except GatewayError as error:
            log.warning("gateway.reload_refused", extra={"code": type(error).__name__, "ruleset": before})
            return 0
        self.core.renew(gate)
        log.info("gateway.reloaded", extra={"ruleset": gate.ruleset})
        return int(gate.ruleset != before)

    def _anchor(self, *, at_once: bool = False) -> int:
        program = self.gate.hub.settings.audit.command
        tell = partial(hand_to, self.gate.hub.settings.folder / program) if program else None
        if at_once:
            return int(anchor.anchor(self.gate, tell, self._anchoring))
        return int(self._anchoring.turn(self.gate, tell))

    def _purge(self) -> None:
        """A bounded piece at a time; the next one soon when there was something to do."""
        self._purging = self.core.guard.run("purge", lambda: purge.purge(self.gate)) > 0
