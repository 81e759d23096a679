"""A TCP proxy that makes a line long: every byte arrives a fixed time after it was sent, in order, each way.

In a process of its own, so that it takes no time from what is measured: `with delayed(port, 0.02) as far: connect(far)`
makes a round trip of 40 ms. It adds no limit of its own to how much is under way.
"""

import argparse
import contextlib
import queue
import socket
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager

CHUNK = 1 << 18


@contextmanager
def delayed(target: int, seconds: float) -> Iterator[int]:
    """The port of a proxy before `target` on this machine; `seconds` each way."""
    command = [sys.executable, "-m", "tests.delayproxy", str(target), str(seconds)]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as process:
        try:
            assert process.stdout is not None
            yield int(process.stdout.readline())
        finally:
            process.kill()


def serve(target: int, seconds: float) -> None:
    listener = socket.create_server(("127.0.0.1", 0))
    print(listener.getsockname()[1], flush=True)
    while True:
        client, _ = listener.accept()
        server = socket.create_connection(("127.0.0.1", target))
        for sock in (client, server):
            sock.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        _carry(client, server, seconds)
        _carry(server, client, seconds)


def _carry(source: socket.socket, sink: socket.socket, seconds: float) -> None:
    """Two threads a direction: one notes when each piece came, the other hands it on when its time is over."""
    under_way: queue.SimpleQueue[tuple[float, bytes]] = queue.SimpleQueue()
    for work in (_take, _give):
        threading.Thread(target=work, args=(source, sink, under_way, seconds), daemon=True).start()


def _take(source: socket.socket, _: socket.socket, under_way: "queue.SimpleQueue[tuple[float, bytes]]", delay: float):
    data = b"-"
    while data:
        try:
            data = source.recv(CHUNK)
        except OSError:
            data = b""
        under_way.put((time.monotonic() + delay, data))


def _give(_: socket.socket, sink: socket.socket, under_way: "queue.SimpleQueue[tuple[float, bytes]]", __: float):
    with contextlib.suppress(OSError):
        while True:
            due, data = under_way.get()
            time.sleep(max(0.0, due - time.monotonic()))
            if not data:
                sink.shutdown(socket.SHUT_WR)
                return
            sink.sendall(data)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("target", type=int, help="port on this machine")
    parser.add_argument("seconds", type=float, help="delay each way")
    given = parser.parse_args()
    serve(given.target, given.seconds)


if __name__ == "__main__":
    main()
