"""Requests over one SFTP channel: one reader thread, one future for each request; any number of threads may ask.

Many requests are in flight at a time and every status is looked at, that of each WRITE and of CLOSE too: the client of
the SSH library drops them and reports success for a corrupt file (exchange.md §1, facts 1 and 4).
"""

import contextlib
import errno
import threading
from collections.abc import Callable, Generator
from concurrent.futures import Future
from functools import partial
from typing import Any, Protocol

from gateway.transport import packets
from gateway.transport.packets import BadPacket, Fields, Kind, PathLike, Status, string, uint32
from gateway.transport.talk import due


class Channel(Protocol):
    """The part of an SSH channel that carries the packets."""

    def recv(self, nbytes: int) -> bytes: ...

    def sendall(self, s: bytes) -> None: ...

    def close(self) -> None: ...


class Refused(OSError):
    """The server refused a request without a reason: clash, full disk, quota all look the same."""


class Unsupported(Refused):
    """The server does not know this request."""


class ConnectionLost(OSError):
    """The channel ended while an answer was due."""


Reply = tuple[int, bytes]
DEPTH = 16  # requests under way at a server that was not probed


class Turn:
    """A request that is sent when its answer is waited for, if it was not sent before."""

    def __init__(self, wire: "Wire", kind: Kind, body: bytes, expected: Kind = Kind.STATUS) -> None:
        self._wire, self._request, self._expected = wire, (kind, body), expected
        self._future: Future[Reply] | None = None

    def send(self) -> None:
        self._future = self._wire.submit(*self._request)

    def __await__(self) -> Generator[Future[Any], None, bytes]:
        if self._future is None:
            self.send()
        assert self._future is not None
        return (yield from self._wire.answer(self._future, self._expected).__await__())


class Wire:
    """One channel. `depth` is how many requests the server is known to take at a time.

    `sequential` says of the server that it does one request after the other, so that one which needs another done
    before may be sent right behind it.
    """

    depth = DEPTH
    sequential = False

    def __init__(self, channel: Channel) -> None:
        self._channel = channel
        self._number = 0
        self._futures: dict[int, Future[Reply]] = {}
        self._sending = threading.Lock()
        self.lost = False
        self._last_answered = 0
        self.in_order = True
        self.extensions = self._greet()
        threading.Thread(target=self._pump, name="sftp-reader", daemon=True).start()

    @property
    def under_way(self) -> int:
        """Requests without an answer."""
        return len(self._futures)

    def room(self, requests: int = 1) -> bool:
        """True when so many more may be under way."""
        return self.under_way + requests <= self.depth

    def submit(self, kind: Kind, body: bytes) -> Future[Reply]:
        """Send a request. Number, registration and the whole packet are one step for other threads."""
        future: Future[Reply] = Future()
        with self._sending:
            if self.lost:
                raise ConnectionLost
            self._number += 1
            self._futures[self._number] = future
            try:
                self._channel.sendall(frame(kind, uint32(self._number) + body))
            except (OSError, EOFError) as error:
                self.lost = True  # half a packet may be out
                raise ConnectionLost from error
        return future

    async def answer(self, future: Future[Reply], expected: Kind) -> bytes:
        """The answer of a request. Raises: OSError, EOFError, BadPacket."""
        kind, body = await due(future)
        if kind != expected:
            raise BadPacket
        return body

    async def ask(self, kind: Kind, body: bytes, expected: Kind = Kind.STATUS) -> bytes:
        return await self.answer(self.submit(kind, body), expected)

    async def extended(self, name: bytes, *fields: PathLike, expected: Kind = Kind.STATUS) -> bytes:
        return await self.ask(Kind.EXTENDED, string(name) + b"".join(map(string, fields)), expected)

    async def open(self, kind: Kind, body: bytes) -> bytes:
        """OPEN or OPENDIR; the handle comes back in the form that requests carry it."""
        return string(Fields(await self.ask(kind, body, Kind.HANDLE)).string())

    def in_turn(self, *turns: Turn) -> tuple[Turn, ...]:
        """Requests of which each needs the one before: all sent at once where the server works so and has room."""
        if self.sequential and self.room(len(turns)):
            for turn in turns:
                turn.send()
        return turns

    def give_back(self, handle: bytes) -> None:
        """Close a handle without waiting: that of a read file or a folder has a last status that says nothing."""
        with contextlib.suppress(OSError):
            self.submit(Kind.CLOSE, handle)

    def close(self) -> None:
        """End this channel alone."""
        self._channel.close()

    def _greet(self) -> dict[bytes, bytes]:
        self._channel.sendall(frame(Kind.INIT, uint32(packets.VERSION)))
        kind, body = read_packet(self._channel)
        fields = Fields(body)
        if kind != Kind.VERSION or fields.uint32() < packets.VERSION:
            raise BadPacket
        extensions = {}
        while fields.more():
            name = fields.string()
            extensions[name] = fields.string()
        return extensions

    def _pump(self) -> None:
        try:
            while True:
                self._settle(*read_packet(self._channel))
        except Exception as error:  # noqa: BLE001  # whatever ends the reader ends every request
            self._end(error)

    def _settle(self, kind: int, body: bytes) -> None:
        fields = Fields(body)
        number = fields.uint32()
        future = self._futures.pop(number, None)
        if future is None:
            return
        self.in_order &= number > self._last_answered
        self._last_answered = number
        fault = _fault(fields.uint32()) if kind == Kind.STATUS else None
        if fault:
            future.set_exception(fault)
        else:
            future.set_result((kind, body[4:]))

    def _end(self, error: Exception) -> None:
        with self._sending:
            self.lost = True
        while self._futures:
            self._futures.popitem()[1].set_exception(_lost(error))


def read_packet(channel: Channel) -> Reply:
    """Kind and body of the next packet. Raises: ConnectionLost at the end of the channel, BadPacket."""
    length = int.from_bytes(_read(channel, 4), "big")
    if not 1 <= length <= packets.MAX_PACKET:
        raise BadPacket
    data = _read(channel, length)
    return data[0], data[1:]


def _read(channel: Channel, length: int) -> bytes:
    parts = []
    while length:
        part = channel.recv(length)
        if not part:
            raise ConnectionLost
        parts.append(part)
        length -= len(part)
    return b"".join(parts)


def frame(kind: int, body: bytes) -> bytes:
    return uint32(len(body) + 1) + bytes((kind,)) + body


def _lost(error: Exception) -> ConnectionLost:
    lost = ConnectionLost()
    lost.__cause__ = error
    return lost


def _fault(status: int) -> Exception | None:
    """The server's words stay out: they may quote a name."""
    return None if status == Status.OK else _FAULTS.get(status, Refused)()


_FAULTS: dict[int, Callable[[], Exception]] = {
    Status.EOF: EOFError,
    Status.NO_SUCH_FILE: partial(FileNotFoundError, errno.ENOENT, "no such file"),
    Status.PERMISSION_DENIED: partial(PermissionError, errno.EACCES, "permission denied"),
    Status.OP_UNSUPPORTED: Unsupported,
    Status.NO_CONNECTION: ConnectionLost,
    Status.CONNECTION_LOST: ConnectionLost,
}
