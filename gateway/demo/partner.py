"""A simulated partner as a process: an SFTP server on loopback and, where the partner answers, the desk behind it.

`python -m gateway.demo.partner SETUP` prints the port it listens on and ends when its standard input closes: with the
process that started it at the latest, so that nothing is left behind.
"""

import sys
import threading
import time
from pathlib import Path

import msgspec

from gateway.demo.customs import Customs
from gateway.demo.server import USER, SftpServer
from gateway.transport import private_key

PAUSE = 0.005  # seconds: a file that is published is taken within milliseconds


class Setup(msgspec.Struct, frozen=True):
    """What the process is told: its folder, the key it lets in, and for an administration its script."""

    home: str
    authorized: str
    script: str | None = None
    seed: int = 1
    port: int = 0


class Started(msgspec.Struct, frozen=True):
    """What the process says once it listens."""

    port: int


def main(setup: Setup) -> None:
    over = threading.Event()
    threading.Thread(target=_watch, args=(over,), daemon=True).start()
    home = Path(setup.home)
    desk = Customs(home, Path(setup.script), setup.seed) if setup.script else None
    host_key = private_key((home / "host_key").read_bytes())
    with SftpServer(home / "root", host_key, USER, [setup.authorized], setup.port) as server:
        sys.stdout.buffer.write(msgspec.json.encode(Started(server.port)) + b"\n")
        sys.stdout.buffer.flush()
        while not over.is_set():
            if desk is None:
                over.wait()
            elif not desk.step():
                time.sleep(PAUSE)


def _watch(over: threading.Event) -> None:
    sys.stdin.buffer.read()
    over.set()


if __name__ == "__main__":
    main(msgspec.json.decode(sys.argv[1], type=Setup))
