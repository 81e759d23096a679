"""Requests over one SFTP channel: one reader thread, one future for each request, any number of threads may ask.

Many requests are in flight at a time and every status is looked at, that of each WRITE and of CLOSE too: the client of
the SSH library drops them and reports success for a corrupt file (exchange.md §1, facts 1 and 4).
"""

import contextlib
import errno
import threading
from collections.abc import Callable
from concurrent.futures import Future
from functools import partial
from typing import Protocol

from gateway.transport import packets
from gateway.transport.packets import BadPacket, Fields, Kind, PathLike, Status, string, uint32


class Channel(Protocol):
    """The part of an SSH channel that carries the packets."""

    def recv(self, nbytes: int) -> bytes: ...

    def sendall(self, s: bytes) -> None: ...


class Refused(OSError):
    """The server refused a request without a reason: clash, full disk, quota all look the same."""


class Unsupported(Refused):
    """The server does not know this request."""


class ConnectionLost(OSError):
    """The channel ended while an answer was due."""


Reply = tuple[int, bytes]


class Wire:
    """One channel. A request that has no answer within `limit` seconds means that the line is finished."""

    def __init__(self, channel: Channel, limit: float) -> None:
        self._channel = channel
        self._limit = limit
        self._number = 0
        self._futures: dict[int, Future[Reply]] = {}
        self._sending = threading.Lock()
        self.lost = False
        self._last_answered = 0
        self.in_order = True
        self.extensions = self._greet()
        threading.Thread(target=self._pump, name="sftp-reader", daemon=True).start()

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

    def answer(self, future: Future[Reply], expected: Kind) -> bytes:
        """Wait for the answer of a request. Raises: OSError, EOFError, TimeoutError, BadPacket."""
        kind, body = self.wait(future)
        if kind != expected:
            raise BadPacket
        return body

    def wait(self, future: Future[Reply]) -> Reply:
        """Wait for an answer, whatever it is."""
        return future.result(self._limit)

    def ask(self, kind: Kind, body: bytes, expected: Kind = Kind.STATUS) -> bytes:
        return self.answer(self.submit(kind, body), expected)

    def extended(self, name: bytes, *fields: PathLike, expected: Kind = Kind.STATUS) -> bytes:
        return self.ask(Kind.EXTENDED, string(name) + b"".join(map(string, fields)), expected)

    def open(self, kind: Kind, body: bytes) -> bytes:
        """OPEN or OPENDIR; the handle comes back in the form that requests carry it."""
        return string(Fields(self.ask(kind, body, Kind.HANDLE)).string())

    def close_quietly(self, handle: bytes) -> None:
        """Give back a handle whose last status says nothing: of a read file, of a folder, after a fault."""
        with contextlib.suppress(OSError, EOFError, BadPacket):
            self.ask(Kind.CLOSE, handle)

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
