"""From an address to an authenticated SSH connection: socket, pinned host key, our key; no agent, no known_hosts file.

A host key is accepted only when it is one of the pinned lines; several of one type are welcome, old and new during a
rotation (the library's own check compares with the first of a type only, exchange.md §1, fact 8).
"""

import base64
import binascii
import contextlib
import socket
import threading
import time
from collections.abc import Sequence
from concurrent.futures import Future
from typing import Any

import paramiko

from gateway.findings.errors import ConfigurationInvalid, HostKeyMismatch

# RFC 8758 and the Terrapin attack (CVE-2023-48795): no CBC, no MD5, no SHA-1.
WEAK = {
    "ciphers": ["aes128-cbc", "aes192-cbc", "aes256-cbc", "3des-cbc"],
    "macs": ["hmac-md5", "hmac-md5-96", "hmac-sha1", "hmac-sha1-96"],
}
RSA_SIGNATURES = ("rsa-sha2-512", "rsa-sha2-256")  # RFC 8332: an ssh-rsa key signs with SHA-2 only
KEEPALIVE = 15
NEVER = 86_400  # the library's own timers end before ours or not at all: the watchdog bounds, not they

Pins = Sequence[paramiko.PKey]


def pins(lines: Sequence[str]) -> tuple[paramiko.PKey, ...]:
    """Keys of lines such as `ssh-ed25519 AAAA…`. Raises: ConfigurationInvalid for a line that is none."""
    return tuple(map(_pin, lines))


def _pin(line: str) -> paramiko.PKey:
    try:
        kind, blob = line.split()[:2]
        key: paramiko.PKey = paramiko.PKey.from_type_string(kind, base64.b64decode(blob, validate=True))
    except (ValueError, binascii.Error, paramiko.SSHException, paramiko.pkey.UnknownKeyType) as error:
        raise ConfigurationInvalid("a pinned host key is not a public key line of a kind we can verify") from error
    return key


def connect_socket(host: str, port: int, seconds: float) -> socket.socket:
    """Connect to the first address that answers, all of them together within `seconds`. Raises: OSError."""
    end = time.monotonic() + seconds
    fault: OSError = TimeoutError()
    for family, kind, protocol, _, address in resolve(host, port, seconds):
        left = end - time.monotonic()
        if left <= 0:
            break
        sock = socket.socket(family, kind, protocol)
        try:
            sock.settimeout(left)
            sock.connect(address)
        except OSError as error:
            fault = error
            sock.close()
        else:
            return _tuned(sock)
    raise fault


def _tuned(sock: socket.socket) -> socket.socket:
    """No waiting for full packets (15 times the speed), and an end to connections whose other side is gone."""
    sock.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
    sock.setsockopt(socket.SOL_SOCKET, socket.SO_KEEPALIVE, 1)
    sock.setsockopt(socket.IPPROTO_TCP, socket.TCP_KEEPIDLE, 30)
    sock.setsockopt(socket.IPPROTO_TCP, socket.TCP_USER_TIMEOUT, 60_000)
    return sock


def resolve(host: str, port: int, seconds: float) -> list[Any]:
    """Look up a name within `seconds`: the resolver's own patience has no limit we could set."""
    found: Future[list[Any]] = Future()

    def look_up() -> None:
        try:
            found.set_result(socket.getaddrinfo(host, port, type=socket.SOCK_STREAM))
        except OSError as error:
            found.set_exception(error)

    threading.Thread(target=look_up, name="resolver", daemon=True).start()
    return found.result(seconds)


def handshake(sock: socket.socket, pinned: Pins, seconds: float) -> paramiko.Transport:
    """An encrypted connection to a server that holds a pinned key. Raises: HostKeyMismatch and the library's own."""
    transport = paramiko.Transport(sock, disabled_algorithms=WEAK)
    try:
        transport.handshake_timeout = int(seconds) + 1
        transport.banner_timeout = transport.auth_timeout = transport.channel_timeout = NEVER
        transport.clear_to_send_timeout = NEVER
        transport.get_security_options().key_types = _key_types(pinned)
        transport.start_client(timeout=NEVER)
        _verify(transport.get_remote_server_key(), pinned)
    except BaseException:
        hang_up(transport, sock)
        raise
    transport.set_keepalive(KEEPALIVE)
    return transport


def _verify(live: paramiko.PKey, pinned: Pins) -> None:
    if live.asbytes() not in {key.asbytes() for key in pinned}:
        raise HostKeyMismatch(live.fingerprint)


def hang_up(transport: paramiko.Transport, sock: socket.socket) -> None:
    """End the connection and all that waits on it. The library's handshake timer would keep the process alive."""
    transport.packetizer.complete_handshake()
    transport.close()
    sock.close()


def cut(sock: socket.socket) -> None:
    """End the connection from another thread: every reader and writer of the socket wakes up. Never blocks."""
    with contextlib.suppress(OSError):
        sock.shutdown(socket.SHUT_RDWR)


def _key_types(pinned: Pins) -> list[str]:
    """Ask only for types we can verify."""
    names = [RSA_SIGNATURES if key.get_name() == "ssh-rsa" else (key.get_name(),) for key in pinned]
    return list(dict.fromkeys(name for several in names for name in several))
