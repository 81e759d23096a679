"""A small SFTP server on loopback: one folder, one user, one key. For the demo and the tests, never for the world.

In a thread: `with SftpServer(folder, host_key, "gw", [public_key]) as server: server.port`. As a process of its own:
`with spawn(folder, public_key) as server`, which runs `python -m gateway.demo.server` and can be stopped and killed.
"""

import argparse
import contextlib
import json
import logging
import signal
import socket
import subprocess
import sys
import threading
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Self

import paramiko
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat

from gateway.demo.folder import Folder
from gateway.transport import packets
from gateway.transport.keys import PrivateKey, private_key
from gateway.transport.packets import Kind, string, uint32
from gateway.transport.wire import Channel, ConnectionLost, frame, read_packet

LOG = "gateway.demo.server"
USER = "gw"


def new_key() -> bytes:
    """A private ed25519 key in OpenSSH form."""
    return Ed25519PrivateKey.generate().private_bytes(Encoding.PEM, PrivateFormat.OpenSSH, NoEncryption())


def public_line(key: PrivateKey) -> str:
    return f"{key.get_name()} {key.get_base64()}"


class Login(paramiko.ServerInterface):
    """Lets one user in by one of the given keys, to one folder by SFTP and to nothing else."""

    def __init__(self, folder: Callable[[], Folder], user: str, keys: Sequence[str]) -> None:
        self.folder = folder
        self._user = user
        self._keys = frozenset(keys)

    def get_allowed_auths(self, username: str) -> str:  # noqa: ARG002  # the library's signature
        return "publickey"

    def check_auth_publickey(self, username: str, key: PrivateKey) -> int:
        known = username == self._user and public_line(key) in self._keys
        return int(paramiko.AUTH_SUCCESSFUL if known else paramiko.AUTH_FAILED)

    def check_channel_request(self, kind: str, chanid: int) -> int:  # noqa: ARG002
        return int(paramiko.OPEN_SUCCEEDED if kind == "session" else paramiko.OPEN_FAILED_ADMINISTRATIVELY_PROHIBITED)


class Session(paramiko.SubsystemHandler):
    """One SFTP conversation; the library runs it in a thread of its own."""

    def start_subsystem(self, name: str, transport: paramiko.Transport, channel: paramiko.Channel) -> None:  # noqa: ARG002
        login = transport.server_object
        assert isinstance(login, Login)
        folder = login.folder()
        try:
            _greet(channel, folder)
            while True:
                self.answer(channel, folder)
        except (OSError, EOFError, packets.BadPacket, paramiko.SSHException):
            return  # the client went away, or speaks something else
        finally:
            folder.close()

    def answer(self, channel: Channel, folder: Folder) -> None:
        """Take the next request and answer it."""
        kind, body = read_packet(channel)
        answered, data = folder.answer(kind, body[4:])
        channel.sendall(frame(answered, body[:4] + data))


def _greet(channel: Channel, folder: Folder) -> None:
    kind, _ = read_packet(channel)
    if kind != Kind.INIT:
        raise packets.BadPacket
    offered = b"".join(string(text) for pair in folder.extensions.items() for text in pair)
    channel.sendall(frame(Kind.VERSION, uint32(packets.VERSION) + offered))


class SftpServer:
    """Listens on loopback from `with` to its end. Port 0 takes a free one."""

    def __init__(
        self,
        root: Path,
        host_key: PrivateKey,
        user: str,
        keys: Sequence[str],
        port: int = 0,
        folder: type[Folder] = Folder,
        session: type[Session] = Session,
    ) -> None:
        self._host_key = host_key
        self._login = Login(partial(folder, root), user, keys)
        self._session = session
        self._listener = socket.create_server(("127.0.0.1", port))
        self._connections: list[paramiko.Transport] = []
        self.port: int = self._listener.getsockname()[1]
        self.host_key_line = public_line(host_key)

    def __enter__(self) -> Self:
        silence = logging.getLogger(LOG)
        silence.propagate = False
        silence.addHandler(logging.NullHandler())
        threading.Thread(target=self._accept, name="sftp-server", daemon=True).start()
        return self

    def __exit__(self, *_: object) -> None:
        with contextlib.suppress(OSError):
            self._listener.shutdown(socket.SHUT_RDWR)  # wakes the thread that accepts
        self._listener.close()
        for transport in self._connections:
            transport.close()

    def _accept(self) -> None:
        with contextlib.suppress(OSError):
            while True:
                client, _ = self._listener.accept()
                threading.Thread(target=self._serve, args=(client,), daemon=True).start()

    def _serve(self, client: socket.socket) -> None:
        client.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        transport = paramiko.Transport(client)
        transport.daemon = True
        transport.set_log_channel(LOG)
        transport.add_server_key(self._host_key)
        transport.set_subsystem_handler("sftp", self._session)
        self._connections = [t for t in self._connections if t.is_active()] + [transport]
        with contextlib.suppress(OSError, EOFError, paramiko.SSHException):
            transport.start_server(server=self._login)


@dataclass(frozen=True)
class Running:
    """A server process that is ready."""

    port: int
    user: str
    host_key_line: str
    root: Path
    process: subprocess.Popen[str]


@contextmanager
def spawn(root: Path, keys: Sequence[str], *, host_key: Path | None = None, port: int = 0) -> Iterator[Running]:
    """A server as a process of its own, killed at the end of the block. A host key file keeps its identity."""
    command = [sys.executable, "-m", "gateway.demo.server", str(root), "--port", str(port), "--user", USER]
    command += [argument for key in keys for argument in ("--key", key)]
    command += ["--host-key", str(host_key)] if host_key else []
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as process:  # noqa: S603  # our own module
        try:
            assert process.stdout is not None
            ready = json.loads(process.stdout.readline() or "{}")
            if not ready:
                raise ConnectionLost
            yield Running(ready["port"], USER, ready["host_key"], root, process)
        finally:
            process.kill()  # a stopped process too


def main(arguments: Sequence[str] | None = None) -> int:
    parser = argparse.ArgumentParser(prog="python -m gateway.demo.server", description=__doc__)
    parser.add_argument("root", type=Path)
    parser.add_argument("--port", type=int, default=0)
    parser.add_argument("--user", default=USER)
    parser.add_argument("--key", action="append", default=[], help="public key line that may log in")
    parser.add_argument("--host-key", type=Path, help="private key file; absent: a new key")
    given = parser.parse_args(arguments)
    host_key = private_key(given.host_key.read_bytes() if given.host_key else new_key())
    ended = threading.Event()
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, lambda *_: ended.set())
    with SftpServer(given.root, host_key, given.user, given.key, given.port) as server:
        sys.stdout.write(json.dumps({"port": server.port, "host_key": server.host_key_line}) + "\n")
        sys.stdout.flush()
        ended.wait()
    return 0


if __name__ == "__main__":
    sys.exit(main())
