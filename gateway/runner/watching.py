"""What a process does so that others can watch it: it tells of alarms, looks at certificates, shows figures.

Alarms are told, and certificates looked at, where the network and the keys are: in the process with the role `mover`.
Nothing here waits for a step, and no step for anything here.
"""

import logging
from collections.abc import Callable, Iterator, Sequence
from datetime import timedelta

from gateway.findings.errors import GatewayError
from gateway.observe.metrics import CERTIFICATE
from gateway.runner.alerts import Alerts, Teller
from gateway.runner.channels import channels_of
from gateway.runner.chores import Chores
from gateway.runner.guard import Guard
from gateway.runner.lines import certificate_left
from gateway.runner.metrics import ways
from gateway.settings import Credentials
from gateway.steps.ground.gate import Gate
from gateway.steps.watching.watch import Wrong, reconcile

CERTIFICATES = 3600.0  # seconds between two looks
CODE = "DLV607"

log = logging.getLogger("gateway.runner")


class Watching:
    """Of one process. `leads` says whether it works at the journal's steps now."""

    def __init__(self, gate: Gate, names: Sequence[str], leads: Callable[[], bool]) -> None:
        self._gate, self._moves = gate, "mover" in names
        self._credentials = Credentials(gate.hub.settings.folder)
        self._alerts = Alerts(gate, channels_of(gate.hub.settings, self._credentials))
        self._teller = Teller(self._alerts)
        self._shows = tuple(ways(gate, names, leads))
        self._chores, self._guard = Chores(gate.clock), Guard(gate.clock)

    def start(self) -> None:
        for way in self._shows:
            way.start()
        if self._moves:
            self._guard.run("certificates", self._certificates)
            self._teller.start()

    def turn(self) -> None:
        if self._moves:
            self._chores.every(
                "certificates", CERTIFICATES, lambda: self._guard.run("certificates", self._certificates)
            )

    def end(self, *, by_itself: bool) -> None:
        """After the last step. A run that ends by itself tells at once what it has found."""
        if self._moves:
            self._teller.end()
            if by_itself:
                self._guard.run("alerts", lambda: int(self._alerts.look(at_once=True)))
        for way in self._shows:
            way.end()

    def _certificates(self) -> int:
        return reconcile(self._gate, {CODE}, tuple(self._ending()))

    def _ending(self) -> Iterator[Wrong]:
        now, soon = self._gate.now(), self._gate.hub.settings.alerts.certificate
        for name, line in self._gate.hub.connections.items():
            try:
                left = certificate_left(line, self._credentials, now)
            except GatewayError:
                continue  # the line says so itself as soon as it is dialled
            if left is None:
                continue
            CERTIFICATE.labels(name).set((now + left).timestamp())
            if left <= soon:
                yield Wrong(CODE, name, {"connection": name, "days": str(left // timedelta(days=1))})
