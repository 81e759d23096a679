"""One host whose journal lies on a server: it has every duty, so that no other host works on that journal meanwhile."""

from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import replace

from gateway.findings.errors import StateLocked
from gateway.journal.tenure import Tenure
from gateway.runner.queue.duties import Duties
from gateway.steps.gate import Gate


class Sole:
    """Every duty of some roles. When the server ends our session another host may have taken over: `end` is called."""

    def __init__(self, gate: Gate, roles: Sequence[str]) -> None:
        self._names = ["core"] * ("core" in roles)
        self._names += [f"line/{name}" for name in gate.hub.connections] if "mover" in roles else []
        self._gate, self.lost = gate, False
        self.end: Callable[[], None] = lambda: None
        self._duties = Duties(gate.journal, gate.owner, self._on_loss)

    @contextmanager
    def held(self) -> Iterator[Gate]:
        """The gate, whose journal refuses us once we are not alone. Raises: StateLocked."""
        self._duties.open()
        try:
            yield replace(self._gate, journal=self._gate.journal.under(*map(self._take, self._names)))
        finally:
            self._duties.close()
        if self.lost:
            raise StateLocked("the journal's server has ended our session; start the gateway again")

    def _take(self, name: str) -> Tenure:
        taken = self._duties.take(name)
        if taken is None:
            raise StateLocked(f"another host works on this journal (it has `{name}`)")
        return taken

    def _on_loss(self) -> None:
        self.lost = True
        self.end()
