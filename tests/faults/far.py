"""A partner of a site behind real SFTP: real steps and a real journal on a line that may be spoilt on its way.

A site's partners are folders. A server over such a folder makes one of them far; the steps are handed its line.
"""

import os
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import timedelta

from sqlalchemy import case, literal, update

from gateway.demo.folder import Folder
from gateway.demo.server import USER, Session, SftpServer, new_key, public_line
from gateway.findings.errors import GatewayError
from gateway.journal.claims import LONGEST_WAIT
from gateway.journal.schema import delivery as dl
from gateway.steps.ground.gate import Gate
from gateway.steps.receiving.pickup import Pickup
from gateway.steps.sending.deliver import Deliver
from gateway.transport import Timeouts, open_line, private_key
from gateway.transport.line import Line
from tests.servers import Server, running_demo_server
from tests.steps.site import Site
from tests.steps.test_exchange import itmatt

HASTY = Timeouts(connect=0.5, request=0.5, listing=0.5, transfer=0.5)  # where a fault is sure to come
PATIENT = Timeouts(connect=20, request=20, listing=20, transfer=20)
PAUSE = timedelta(minutes=16)  # longer than any rest of a line or a delivery
BRIEF = timedelta(minutes=6)  # longer than a delivery rests after one or two tries
SETTLED = ("sent", "unconfirmed", "in_doubt")


@contextmanager
def far(site: Site, place: str) -> Iterator[Server]:
    """The folder of a partner, behind a server of its own."""
    (site.folder / f"{place}-server").mkdir()
    with running_demo_server(site.folder / f"{place}-server", site.folder / place) as server:
        yield server


@contextmanager
def odd(site: Site, place: str, folder: type[Folder] = Folder, session: type[Session] = Session) -> Iterator[Server]:
    """The folder of a partner, behind a server of other manners, in this process."""
    key_file = site.folder / f"{place}_key"
    key_file.write_bytes(new_key())
    user = public_line(private_key(key_file.read_bytes()))
    with SftpServer(
        site.folder / place, private_key(new_key()), USER, [user], folder=folder, session=session
    ) as server:
        yield Server(server.port, USER, server.host_key_line, key_file, site.folder / place, os.getpid())


@contextmanager
def line_to(server: Server, port: int = 0, timeouts: Timeouts = PATIENT) -> Iterator[Line]:
    """A line to a server, through a proxy where a port is given."""
    target = server.target_at(port or server.port)
    with open_line(target, server.key, [server.host_key_line], timeouts) as line:
        yield line


def deliver(site: Site, gate: Gate, wire: Line) -> int:
    return Deliver(gate, gate.hub.connections["uk-customs.live"], site.crew).deliver(wire)


def poll(site: Site, gate: Gate, wire: Line) -> int:
    return Pickup(gate, gate.hub.connections["example-post.live"], site.crew).poll(wire)


def attempt(
    site: Site, act: Callable[[Line], object], server: Server, port: int, timeouts: Timeouts, pause: timedelta = PAUSE
) -> str:
    """One conversation as a mover has it; gives the name of what ended it, "" when it went well. Time passes after."""
    try:
        with line_to(server, port, timeouts) as wire:
            act(wire)
    except GatewayError as error:
        return type(error).__name__
    finally:
        site.clock.at += pause
    return ""


def queue(site: Site, gate: Gate, count: int) -> list[str]:
    """So many declarations, ready to go out; gives their deliveries."""
    site.post(itmatt(count))
    site.on(gate, "example-post.live", lambda wire: poll(site, gate, wire))
    while site.work(gate):
        pass
    return site.ids(gate, "delivery")


def alone(gate: Gate, delivery: str) -> None:
    """Of all that is queued only this one is due, for two attempts and `BRIEF` pauses."""
    queued, later = dl.c.state == "queued", literal(gate.now() + LONGEST_WAIT, dl.c.next_try_at.type)
    with gate.journal.write() as conn:
        conn.execute(update(dl).where(queued).values(next_try_at=case((dl.c.id == delivery, None), else_=later)))


def places(length: int, count: int, dense: int, last: int = 400) -> list[int]:
    """Bytes of a conversation: `count` over the whole of it, `dense` over its last bytes, where the rename is."""
    before = range(0, length - last, max(1, (length - last) // count))
    return [*before, *range(max(0, length - last), length, max(1, last // dense))]
