"""Lines: each is worked by one host at a time, which keeps it open while it is well.

Whoever is told to look at a line that nobody has takes it; a line that was not used for a while is given back. What
comes for a line that another host has is handed on to that host.
"""

import threading
from collections.abc import Callable, Collection
from dataclasses import replace

from gateway.journal import tenure
from gateway.runner.carrier import Carrier
from gateway.runner.queue.duties import Duties
from gateway.runner.queue.post import Post
from gateway.settings import Credentials
from gateway.steps.ground.gate import Gate
from gateway.steps.recovering import adopt

IDLE = 120.0  # seconds after which an unused line is hung up and given back


class Line:
    """One connection as this host sees it: `turn` is held while it is worked, `wanted` is what came meanwhile."""

    def __init__(self) -> None:
        self.turn = threading.Lock()
        self.wanted: set[str] = set()
        self.carrier: Carrier | None = None
        self.tenure: tenure.Tenure | None = None
        self.used = 0.0


class Lines:
    """The lines of a configuration. `moved` is told that something came in or went out."""

    def __init__(self, gate: Gate, duties: Duties, post: Post, moved: Callable[[], None]) -> None:
        self._gate, self._duties, self._post, self._moved = gate, duties, post, moved
        self._credentials = Credentials(gate.hub.settings.folder)
        self._lines = {name: Line() for name in gate.hub.connections}
        self._over = threading.Event()

    def poll(self, name: str) -> None:
        self._do("poll", name)

    def deliver(self, name: str) -> None:
        self._do("deliver", name)

    def rest(self) -> None:
        """Hang up what was not used for a while; another host may have it."""
        late = self._gate.clock.monotonic() - IDLE
        for name, line in self._lines.items():
            if line.carrier is not None and line.used < late and line.turn.acquire(blocking=False):
                try:
                    self._leave(name, line)
                finally:
                    line.turn.release()

    def stop(self) -> None:
        """Work is left between two rounds of files."""
        self._over.set()

    def close(self) -> None:
        for name, line in self._lines.items():
            with line.turn:
                self._leave(name, line)

    def _do(self, task: str, name: str) -> None:
        """No thread waits for a line: whoever works it does what comes meanwhile as well."""
        line = self._lines.get(name)
        if line is None:
            return  # of a configuration that is not ours
        line.wanted.add(task)
        while line.wanted and not self._over.is_set() and line.turn.acquire(blocking=False):
            try:
                self._work(name, line)
            finally:
                line.turn.release()

    def _work(self, name: str, line: Line) -> None:
        wanted = frozenset(line.wanted)
        line.wanted -= wanted
        carrier = self._carrier(name, line)
        if carrier is None:
            self._hand_on(wanted, name)
            return
        carrier.turn(poll="poll" in wanted)
        line.used = self._gate.clock.monotonic()

    def _carrier(self, name: str, line: Line) -> Carrier | None:
        if line.carrier is not None and not self._duties.has(line.tenure):
            self._leave(name, line)
        if line.carrier is None and (held := self._duties.take(f"line/{name}")) is not None:
            gate = replace(self._gate, journal=self._gate.journal.under(held))
            adopt.start(gate, name)
            line.carrier = Carrier(
                gate,
                gate.hub.connections[name],
                self._credentials,
                self._moved,
                interrupted=lambda: "poll" in line.wanted or self._over.is_set(),
                again=lambda: line.wanted.add("deliver"),
            )
            line.tenure = held
        return line.carrier

    def _leave(self, name: str, line: Line) -> None:
        if line.carrier is not None:
            line.carrier.close()
            line.carrier = None
            if self._duties.has(line.tenure):
                self._duties.give_back(f"line/{name}")

    def _hand_on(self, tasks: Collection[str], name: str) -> None:
        with self._gate.journal.read() as conn:
            host = tenure.holder(conn, f"line/{name}")
        if host is None or host == self._duties.owner:
            return  # it is free again by now, or ours: the schedule asks again
        for task in tasks:
            self._post.line(task, name, host)
