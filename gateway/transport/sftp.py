"""A line over SFTP: one connection, one channel or several, and the talks held over them."""

import contextlib
import time
from collections.abc import Iterable, Iterator
from contextlib import AbstractContextManager, contextmanager

import paramiko

from gateway.findings.errors import PartnerUnreachable, TooManySessions
from gateway.transport import dial, talk
from gateway.transport.faults import dialling
from gateway.transport.line import Entry, PublishMode, Target, Timeouts
from gateway.transport.names import encoded
from gateway.transport.packets import PathLike
from gateway.transport.requests import Requests
from gateway.transport.watchdog import Watchdog
from gateway.transport.wire import Wire

ONE_AFTER_THE_OTHER = "OpenSSH"  # in a banner: its server does one request after the other and answers in order
MOST = 64  # files under way on one line; more gain nothing up to round trips of a tenth of a second


@contextmanager
def open_sftp(target: Target, key: paramiko.PKey, pinned: dial.Pins, timeouts: Timeouts) -> Iterator["SftpLine"]:
    """Connect, verify, log in, start SFTP. Raises: what `faults` lists."""
    with dialling():
        end = time.monotonic() + timeouts.connect
        sock = dial.connect_socket(target.host, target.port, timeouts.connect)
    watchdog = Watchdog(lambda: dial.cut(sock))
    try:
        with dialling(), watchdog.within(end - time.monotonic()):
            transport = dial.handshake(sock, pinned, timeouts.connect)
        try:
            with dialling(), watchdog.within(end - time.monotonic()):
                _log_in(transport, target.user, key)
                wire = _open_channel(transport)
            yield SftpLine(transport, Requests([wire], encoded(target.path), timeouts, watchdog), timeouts)
        finally:
            dial.hang_up(transport, sock)
    finally:
        watchdog.close()
        sock.close()


def _log_in(transport: paramiko.Transport, user: str, key: paramiko.PKey) -> None:
    try:
        transport.auth_publickey(user, key)
    except paramiko.AuthenticationException as error:
        if transport.is_active():
            raise
        raise PartnerUnreachable from error  # cut in the middle: nobody refused the key


def _open_channel(transport: paramiko.Transport) -> Wire:
    channel = transport.open_session()
    channel.invoke_subsystem("sftp")
    wire = Wire(channel)
    wire.sequential = ONE_AFTER_THE_OTHER in transport.remote_version
    return wire


class SftpLine:
    """`Line` over SFTP. Each call holds one talk to its end; `talks` are the talks, to be held side by side."""

    def __init__(self, transport: paramiko.Transport, talks: Requests, timeouts: Timeouts) -> None:
        self.talks = talks
        self.banner: str = transport.remote_version
        self._transport = transport
        self._timeouts = timeouts
        self.extensions = tuple(name.decode("ascii", "replace") for name in talks.wires[0].extensions)
        self.limits = talks.limits = self._now(talks.ask_limits())

    @property
    def alive(self) -> bool:
        return not any(wire.lost for wire in self.talks.wires)

    @property
    def answers_in_order(self) -> bool:
        """Every answer so far came in the order of the requests."""
        return all(wire.in_order for wire in self.talks.wires)

    @property
    def at_a_time(self) -> int:
        """Files that may be under way side by side."""
        most = sum(wire.depth for wire in self.talks.wires)
        return max(1, min(most, MOST, self.limits.handles or MOST))

    def widen(self, depth: int, channels: int = 1) -> int:
        """So many requests under way on each channel, and so many channels as the server gives; returns these.

        Not while talks are under way. Raises: PartnerUnreachable.
        """
        wires = self.talks.wires
        with contextlib.suppress(TooManySessions), self.deadline(self._timeouts.connect):
            while len(wires) < channels:
                wires.append(_open_channel(self._transport))
        while len(wires) > channels:
            wires.pop().close()
        for wire in wires:
            wire.depth = depth
        return len(wires)

    def deadline(self, seconds: float) -> AbstractContextManager[object]:
        return self.talks.within(seconds)

    def scan(self, directory: PathLike) -> Iterator[Entry]:
        for some in talk.each(self.talks.scan(directory), self._timeouts.request):
            yield from some

    def lstat(self, path: PathLike) -> Entry | None:
        return self._now(self.talks.lstat(path))

    def fetch(self, path: PathLike, size: int) -> Iterator[bytes]:
        return talk.each(self.talks.fetch(path, size), self._timeouts.request)

    def write_new(self, path: PathLike, blocks: Iterable[bytes]) -> int:
        return self._now(self.talks.write_new(path, blocks))

    def publish(self, temp: PathLike, final: PathLike, mode: PublishMode = "rename") -> None:
        self._now(self.talks.publish(temp, final, mode))

    def remove(self, path: PathLike) -> bool:
        return self._now(self.talks.remove(path))

    def move(self, path: PathLike, to: PathLike) -> bool:
        return self._now(self.talks.move(path, to))

    def make_folder(self, path: PathLike) -> None:
        self._now(self.talks.make_folder(path))

    def remove_folder(self, path: PathLike) -> None:
        self._now(self.talks.remove_folder(path))

    def free_bytes(self, directory: PathLike) -> int | None:
        return self._now(self.talks.free_bytes(directory))

    def _now(self, one: talk.Talk[talk.Result]) -> talk.Result:
        return talk.now(one, self._timeouts.request)
