"""Servers for the tests: the demo's own as a process, and a real OpenSSH where it is installed. Loopback only.

Fixtures (imported by `tests/conftest.py`): `demo_server`, `openssh_server` and `sftp_server`, which is each of them in
turn. All are a `Server`, with a key that may log in and three folders: in, out, probe.
"""

import contextlib
import getpass
import os
import secrets
import shutil
import signal
import socket
import subprocess
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import pytest

from gateway.demo.server import new_key, public_line, spawn
from gateway.transport import PrivateKey, Target, private_key

SSHD = Path("/usr/sbin/sshd")
FOLDERS = ("in", "out", "probe")


@dataclass(frozen=True)
class Server:
    """A running server. `root` is where its `/` lies on this machine."""

    port: int
    user: str
    host_key_line: str
    key_file: Path
    root: Path
    pid: int

    @property
    def target(self) -> Target:
        return self.target_at(self.port)

    def target_at(self, port: int) -> Target:
        """The same account behind another port: that of a proxy."""
        return Target("sftp", "127.0.0.1", port, self.user)

    @property
    def key(self) -> PrivateKey:
        return private_key(self.key_file.read_bytes())

    def freeze(self) -> None:
        """All its processes stand still; connections stay open."""
        stand_still(self.pid, *_descendants(self.pid))

    def freeze_sessions(self) -> None:
        """Of OpenSSH: the sessions stand still, new ones are served."""
        stand_still(*_descendants(self.pid))

    def kill_sessions(self) -> None:
        """Of OpenSSH: whoever is connected is not any more."""
        _signal(signal.SIGKILL, *_descendants(self.pid))

    def thaw(self) -> None:
        _signal(signal.SIGCONT, self.pid, *_descendants(self.pid))


@contextmanager
def running_demo_server(folder: Path, root: Path | None = None) -> Iterator[Server]:
    """Over `root`, where that is given and has its folders; else over a new one below `folder`."""
    root = root or _root(folder / "partner")
    key_file = _key_file(folder)
    with spawn(root, [_public(key_file)]) as running:
        yield Server(running.port, running.user, running.host_key_line, key_file, root, running.process.pid)


@contextmanager
def running_openssh(folder: Path, *more: str) -> Iterator[Server]:
    """Debian's sshd with internal-sftp; as root in a chroot, else without. `more` lines of sshd_config rule ours."""
    if not SSHD.exists():
        pytest.skip("needs openssh-server")
    key_file = _key_file(folder)
    host_key = folder / "host_key"
    host_key.write_bytes(new_key())
    host_key.chmod(0o600)
    (folder / "authorized").write_text(_public(key_file) + "\n")
    with _place() as root:
        port = free_port()
        config = folder / "sshd_config"  # the first of a keyword counts, of MaxStartups the last
        config.write_text("\n".join(("MaxStartups 100", *more, *_config(folder, root, port), "")))
        with _daemon(config, port, folder / "sshd.log") as process:
            user = getpass.getuser()
            yield Server(port, user, public_line(private_key(host_key.read_bytes())), key_file, root, process.pid)


@pytest.fixture
def demo_server(tmp_path: Path) -> Iterator[Server]:
    with running_demo_server(tmp_path) as server:
        yield server


@pytest.fixture
def openssh_server(tmp_path: Path) -> Iterator[Server]:
    with running_openssh(tmp_path) as server:
        yield server


@pytest.fixture(params=["demo", pytest.param("openssh", marks=pytest.mark.openssh)])
def sftp_server(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Server]:
    """Whatever is true of a line must be true on both."""
    start = {"demo": running_demo_server, "openssh": running_openssh}[request.param]
    with start(tmp_path) as server:
        yield server


def free_port() -> int:
    """A port nobody listens at, below those the kernel gives to outgoing lines (`ip_local_port_range`): one of
    those may be in use again before a server of ours comes to it."""
    while True:
        port = 20_000 + secrets.randbelow(12_000)
        with contextlib.suppress(OSError), socket.create_server(("127.0.0.1", port)):
            return port


def _config(folder: Path, root: Path, port: int) -> tuple[str, ...]:
    inside = f"ChrootDirectory {root}" if os.geteuid() == 0 else ""
    start = "-d /" if os.geteuid() == 0 else f"-d {root}"
    return (
        f"Port {port}",
        "ListenAddress 127.0.0.1",
        f"HostKey {folder / 'host_key'}",
        f"AuthorizedKeysFile {folder / 'authorized'}",
        "StrictModes no",
        "UsePAM no",
        "PasswordAuthentication no",
        "PermitRootLogin prohibit-password",
        "PidFile none",
        "LogLevel ERROR",
        "Subsystem sftp internal-sftp",
        f"ForceCommand internal-sftp {start}",
        inside,
    )


@contextmanager
def _place() -> Iterator[Path]:
    """A folder whose every parent belongs to root and to nobody else: sshd refuses another chroot."""
    root = Path(tempfile.mkdtemp(prefix="gateway-test-", dir="/run" if os.geteuid() == 0 else None))
    try:
        root.chmod(0o755)
        yield _root(root)
    finally:
        shutil.rmtree(root, ignore_errors=True)


@contextmanager
def _daemon(config: Path, port: int, log: Path) -> Iterator[subprocess.Popen[bytes]]:
    if os.geteuid() == 0:
        Path("/run/sshd").mkdir(mode=0o755, exist_ok=True)  # its separation folder, made by the service elsewhere
    process = subprocess.Popen([SSHD, "-D", "-f", config, "-E", log])
    try:
        _wait_for(port, process, log)
        yield process
    finally:
        _signal(signal.SIGKILL, *_descendants(process.pid))
        process.kill()
        process.wait()


def _wait_for(port: int, process: subprocess.Popen[bytes], log: Path) -> None:
    for _ in range(200):
        if process.poll() is not None:
            pytest.fail(f"sshd ended: {log.read_text()}")
        with contextlib.suppress(OSError), socket.create_connection(("127.0.0.1", port), timeout=1):
            return
        time.sleep(0.05)
    pytest.fail("sshd does not listen")


def _descendants(pid: int) -> list[int]:
    """Sessions of sshd are children of their own session and process group: only the parent numbers tell."""
    parents = {}
    for entry in Path("/proc").iterdir():
        if entry.name.isdigit():
            with contextlib.suppress(OSError):
                parents[int(entry.name)] = int((entry / "stat").read_text().rpartition(")")[2].split()[1])
    found = [pid]
    for parent in found:
        found += [child for child, its in parents.items() if its == parent]
    return found[1:]


def _signal(number: int, *pids: int) -> None:
    for pid in pids:
        with contextlib.suppress(ProcessLookupError):
            os.kill(pid, number)


def stand_still(*pids: int) -> None:
    """Processes stop, and have stopped when this returns."""
    _signal(signal.SIGSTOP, *pids)
    while not all(map(_stands_still, pids)):
        time.sleep(0.001)


def _stands_still(pid: int) -> bool:
    """Threads stop a moment after the signal; a process that went away stands still."""
    with contextlib.suppress(FileNotFoundError, ProcessLookupError):
        states = [(task / "stat").read_text() for task in Path(f"/proc/{pid}/task").iterdir()]
        return all(state.rpartition(")")[2].split()[0] in "TtZX" for state in states)
    return True


def _root(root: Path) -> Path:
    for name in FOLDERS:
        (root / name).mkdir(parents=True)
    return root


def _key_file(folder: Path) -> Path:
    file = folder / "client_key"
    file.write_bytes(new_key())
    file.chmod(0o600)
    return file


def _public(key_file: Path) -> str:
    return public_line(private_key(key_file.read_bytes()))
