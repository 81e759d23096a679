"""A TCP proxy that does one bad thing at one byte of one direction: cut, reset, stall, flip a bit, drip from then."""

import contextlib
import socket
import struct
import threading
from typing import Literal, Self

Way = Literal["up", "down"]
Kind = Literal["cut", "reset", "stall", "flip", "drip", "none"]
NO_LINGER = struct.pack("ii", 1, 0)
DRIP = 0.002  # seconds a byte


class FaultProxy:
    """`with FaultProxy(port, "down", 5000, "cut") as proxy:`, then connect to `proxy.port`. Counts over connections."""

    def __init__(self, target: int, way: Way = "up", at: int = 0, kind: Kind = "none") -> None:
        self.seen: dict[Way, int] = {"up": 0, "down": 0}
        self._target, self._way, self._at, self._kind = target, way, at, kind
        self._over = threading.Event()
        self._sockets: list[socket.socket] = []
        self._threads: list[threading.Thread] = []
        self._listener = socket.create_server(("127.0.0.1", 0))
        self.port: int = self._listener.getsockname()[1]

    def __enter__(self) -> Self:
        self._start(self._accept)
        return self

    def __exit__(self, *_: object) -> None:
        self._over.set()
        _shut(self._listener)
        for sock in self._sockets:
            _shut(sock)
        for thread in self._threads:
            thread.join(5)
        for sock in (self._listener, *self._sockets):
            sock.close()

    def _start(self, work, *arguments: object) -> None:
        thread = threading.Thread(target=work, args=arguments, daemon=True)
        self._threads.append(thread)
        thread.start()

    def _accept(self) -> None:
        with contextlib.suppress(OSError):
            while True:
                client, _ = self._listener.accept()
                self._sockets.append(client)
                server = socket.create_connection(("127.0.0.1", self._target))
                self._sockets.append(server)
                for end in (client, server):
                    end.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
                self._start(self._carry, "up", client, server)
                self._start(self._carry, "down", server, client)

    def _carry(self, way: Way, source: socket.socket, sink: socket.socket) -> None:
        with contextlib.suppress(OSError):
            while data := source.recv(65536):
                at = self._at - self.seen[way]
                self.seen[way] += len(data)
                if way == self._way and 0 <= at < len(data):
                    data = self._spoil(data, at, source, sink)
                    if data is None:
                        break
                sink.sendall(data)
        _shut(source)
        _shut(sink)

    def _spoil(self, data: bytes, at: int, source: socket.socket, sink: socket.socket) -> bytes | None:
        if self._kind == "none":
            return data
        if self._kind == "flip":
            return data[:at] + bytes((data[at] ^ 1,)) + data[at + 1 :]
        sink.sendall(data[:at])
        if self._kind == "stall":
            self._over.wait()
        if self._kind == "drip":
            self._drip(data[at:], source, sink)
        if self._kind == "reset":
            for sock in (source, sink):
                sock.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, NO_LINGER)
                sock.shutdown(socket.SHUT_RD)  # wakes the other thread, else close sends nothing
                sock.close()
        return None

    def _drip(self, data: bytes, source: socket.socket, sink: socket.socket) -> None:
        """Byte after byte, until one of both has had enough."""
        while data:
            for byte in data:
                sink.sendall(bytes((byte,)))
                if self._over.wait(DRIP):
                    return
            data = source.recv(65536)


def _shut(sock: socket.socket) -> None:
    with contextlib.suppress(OSError):
        sock.shutdown(socket.SHUT_RDWR)
