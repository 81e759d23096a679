"""A server that publishes by hard link: two requests, and a death between them; what is then withdrawn or removed."""

import os
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from typing import Any

from gateway.demo.server import SftpServer, new_key, public_line
from gateway.findings.errors import GatewayError, PartnerUnreachable
from gateway.steps.ground.gate import Gate
from gateway.steps.sending import doubt
from gateway.steps.sending.deliver import Deliver
from gateway.transport import Target, open_line, private_key
from gateway.transport.line import Line
from tests.crash.scenarios import filing
from tests.crash.scenarios.disturbed import disturbed
from tests.crash.scenarios.lines import LINE, LONG, resent
from tests.crash.stage import Scenario
from tests.steps.site import Site

USER = "gateway"
PATIENCE = 10.0  # seconds for the threads of a server that has ended


def _lay(site: Site) -> None:
    site.change("partners/uk-customs.yaml", "live: {environment", "live: {publish: hardlink, environment")
    filing.lay(site)


def _linking(site: Site, gate: Gate) -> None:
    """Over SFTP: what death leaves is what the server has on its disk."""
    _write(site, gate)
    _resend(site, gate)
    if site.ids(gate, "delivery", connection=LINE, state="queued"):
        with _server(site) as wire:
            Deliver(gate, gate.hub.connections[LINE], site.crew).deliver(wire)


@contextmanager
def _server(site: Site) -> Iterator[Line]:
    """Customs' folder behind a server of this process; its threads have ended when it is left."""
    before = threading.active_count()
    key = private_key(new_key())
    with (
        SftpServer(site.folder / "customs", private_key(new_key()), USER, [public_line(key)]) as server,
        open_line(Target("sftp", "127.0.0.1", server.port, USER), key, [server.host_key_line]) as line,
    ):
        yield line
    end = time.monotonic() + PATIENCE
    while threading.active_count() > before and time.monotonic() < end:
        time.sleep(0.01)


def _half_linked(site: Site, gate: Gate) -> None:
    """The server dies between its halves: link, and remove."""

    def publish(_: Any, temp: bytes, final: bytes, *__: Any) -> Any:
        os.link(*(site.folder / "customs" / os.fsdecode(name) for name in (temp, final)))
        raise PartnerUnreachable

    _deliver(site, gate, publish)
    _resend(site, gate)


def _not_published(site: Site, gate: Gate) -> None:
    """The line breaks off before the rename: what lies there is withdrawn, and sent again."""

    def publish(*_: Any) -> Any:
        raise PartnerUnreachable

    _deliver(site, gate, publish)


def _deliver(site: Site, gate: Gate, publish: Callable[..., Any]) -> None:
    """To customs; then there is time for another round."""
    _write(site, gate)
    line = gate.hub.connections[LINE]
    with suppress(GatewayError):
        site.on(gate, LINE, lambda wire: Deliver(gate, line, site.crew).deliver(wire), publish=publish)
    site.clock.at += LONG


def _resend(site: Site, gate: Gate) -> None:
    """What an earlier life left in doubt: a temporary name proves nothing there, and nobody answers for too long."""
    line = gate.hub.connections[LINE]
    site.on(gate, LINE, Deliver(gate, line, site.crew).settle)
    site.clock.at += LONG
    doubt.resend_doubtful(gate)


def _write(site: Site, gate: Gate) -> None:
    site.poll(gate)
    while site.work(gate):
        pass


SCENARIOS: tuple[Scenario, ...] = (
    disturbed("linked", _linking, lay=_lay, count=resent),
    disturbed("half-linked", _half_linked, lay=_lay, count=resent),
    disturbed("not-published", _not_published),
)
