"""One host whose journal lies on a server: it has every duty, so that no other host works on that journal meanwhile."""

from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import replace

import psycopg
from sqlalchemy import make_url

from gateway.findings.errors import StateLocked
from gateway.journal.lock import ROLES
from gateway.journal.postgresql import session
from gateway.journal.store import JournalUnavailable
from gateway.journal.tenure import Tenure
from gateway.runner.gates import password_of
from gateway.runner.queue.duties import Duties, key_of
from gateway.settings import Settings
from gateway.steps.ground.gate import Gate
from gateway.steps.ground.hub import Hub


@contextmanager
def nobody_else(settings: Settings) -> Iterator[None]:
    """All duties at the journal's server, while there is no key to open that journal with: nobody takes one meanwhile.

    Raises: StateLocked when a host works on that journal; JournalUnavailable.
    """
    url = make_url(settings.gateway.journal).set(password=password_of(settings) or None)
    try:
        with psycopg.connect(autocommit=True, **session(url)) as mine:
            for name in names_of(Hub(settings).connections, ROLES):
                if mine.execute("select pg_try_advisory_lock(%s)", [key_of(name)]).fetchone() != (True,):
                    raise other_host(name)
            yield
    except psycopg.Error as error:
        raise JournalUnavailable(str(error)) from error


def names_of(connections: Iterable[str], roles: Sequence[str]) -> list[str]:
    """Every duty of some roles."""
    lines = [f"line/{name}" for name in connections] if "mover" in roles else []
    return ["core"] * ("core" in roles) + lines


def other_host(duty: str) -> StateLocked:
    return StateLocked(f"another host works on this journal (it has `{duty}`)")


class Sole:
    """Every duty of some roles. When the server ends our session another host may have taken over: `end` is called."""

    def __init__(self, gate: Gate, roles: Sequence[str]) -> None:
        self._names = names_of(gate.hub.connections, roles)
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
            raise other_host(name)
        return taken

    def _on_loss(self) -> None:
        self.lost = True
        self.end()
