"""What carries files without us: the SSH library's own client, call by call, and OpenSSH's `sftp` with a batch."""

import os
import subprocess
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

import paramiko

from tests.servers import Server


class Paramiko:
    """`get`, `put` and `rename`, one after the other, on one open connection."""

    def __init__(self, client: paramiko.SFTPClient, local: Path) -> None:
        self._client, self._local = client, local

    def fetch(self, names: Sequence[str]) -> None:
        for name in names:
            self._client.get(f"out/{name}", os.fspath(self._local / name))
            self._client.rename(f"out/{name}", f"done/{name}")

    def deliver(self, names: Sequence[str]) -> None:
        for name in names:
            self._client.put(os.fspath(self._local / name), f"in/.{name}.part")
            self._client.rename(f"in/.{name}.part", f"in/{name}")


@contextmanager
def paramiko_client(server: Server, port: int, local: Path) -> Iterator[Paramiko]:
    with paramiko.Transport(("127.0.0.1", port)) as transport:
        transport.connect(username=server.user, pkey=server.key)
        client = paramiko.SFTPClient.from_transport(transport)
        assert client is not None
        yield Paramiko(client, local)


class Sftp:
    """OpenSSH's client with a batch file. Its start and its login are measured with an empty batch and taken off."""

    def __init__(self, server: Server, port: int, folder: Path, local: Path) -> None:
        self._local, self._batch = local, folder / "batch"
        known = folder / "known_hosts"
        known.write_text(f"[127.0.0.1]:{port} {server.host_key_line}\n")
        options = [f"UserKnownHostsFile={known}", "IdentitiesOnly=yes", "BatchMode=yes"]
        self._command = [
            "sftp", "-q", "-b", self._batch, "-P", str(port), "-i", server.key_file,
            *(word for option in options for word in ("-o", option)), f"{server.user}@127.0.0.1",
        ]  # fmt: skip

    def fetch(self, names: Sequence[str]) -> None:
        self._run(f"get out/{name} {self._local / name}\nrename out/{name} done/{name}" for name in names)

    def deliver(self, names: Sequence[str]) -> None:
        self._run(f"put {self._local / name} in/.{name}.part\nrename in/.{name}.part in/{name}" for name in names)

    def _run(self, lines: Iterator[str] | Sequence[str]) -> None:
        self._batch.write_text("".join(f"{line}\n" for line in lines))
        subprocess.run(self._command, check=True, stdout=subprocess.DEVNULL)
