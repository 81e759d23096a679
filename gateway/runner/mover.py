"""The mover: one thread a connection, so that a frozen partner delays no one else.

It waits to be woken (by the schedule: look for files; by the core: something to deliver) and lets the carrier of its
line do what is due.
"""

import threading
from collections.abc import Callable

from gateway.runner.carrier import Carrier
from gateway.settings.connection import Connection
from gateway.settings.credentials import Credentials
from gateway.steps.ground.gate import Gate

IDLE = 300.0  # seconds after which an unused line is hung up


class Mover(threading.Thread):
    """Wakes the carrier of one connection. `moved` tells the core that something came in or went out."""

    def __init__(self, gate: Gate, connection: Connection, credentials: Credentials, moved: Callable[[], None]) -> None:
        super().__init__(name=f"mover-{connection.name}", daemon=True)
        self.gate, self.connection = gate, connection
        self._wake = threading.Event()
        self._poll_wanted = False
        self._ending = False
        self.carrier = Carrier(gate, connection, credentials, moved, self._interrupted, self._wake.set)
        self.beat = gate.clock.monotonic()
        self.polls = 0
        self.busy = False

    @property
    def failed(self) -> bool:
        return self.carrier.failed

    def look(self) -> None:
        """Poll now. Any thread."""
        self._poll_wanted = True
        self._wake.set()

    def nudge(self) -> None:
        """There may be something to deliver. Any thread."""
        self._wake.set()

    def end(self) -> None:
        """Stop after the step that is being done."""
        self._ending = True
        self._wake.set()

    def run(self) -> None:
        while not self._ending:
            woken = self._wake.wait(IDLE)
            self.busy = True
            self._wake.clear()
            if not woken:
                self.carrier.hang_up()
            elif not self._ending:
                self._turn()
            self.beat = self.gate.clock.monotonic()
            self.busy = False
        self.carrier.close()

    def _turn(self) -> None:
        poll, self._poll_wanted = self._poll_wanted, False
        self.carrier.turn(poll=poll)
        self.polls += poll

    def _interrupted(self) -> bool:
        return self._poll_wanted or self._ending
