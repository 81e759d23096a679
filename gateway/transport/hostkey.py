"""The key that a server shows to somebody who does not know it yet: to be compared by another way, then pinned."""

import socket
import time

import paramiko

from gateway.transport import dial
from gateway.transport.faults import dialling
from gateway.transport.watchdog import Watchdog

SECONDS = 20.0


def shown_key(host: str, port: int, seconds: float = SECONDS) -> paramiko.PKey:
    """The host key of a server, of the best type that both know. Nobody logs in. Raises: what `faults` lists."""
    end = time.monotonic() + seconds
    with dialling():
        sock = dial.connect_socket(host, port, seconds)
    watchdog = Watchdog(lambda: dial.cut(sock))
    try:
        with dialling(), watchdog.within(end - time.monotonic()):
            return _ask(sock, seconds)
    finally:
        watchdog.close()
        sock.close()


def line_of(key: paramiko.PKey) -> str:
    """A key as configuration pins it."""
    return f"{key.get_name()} {key.get_base64()}"


def _ask(sock: socket.socket, seconds: float) -> paramiko.PKey:
    transport = paramiko.Transport(sock, disabled_algorithms=dial.WEAK)
    try:
        transport.handshake_timeout = int(seconds) + 1
        transport.start_client(timeout=dial.NEVER)
        key: paramiko.PKey = transport.get_remote_server_key()
        return key
    finally:
        dial.hang_up(transport, sock)
