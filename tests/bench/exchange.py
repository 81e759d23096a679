"""Files a second over one connection to a real OpenSSH server: the gateway beside what else could carry them.

    python -m tests.bench.exchange [--files 600] [--rounds 5]

`gateway` is the carrier of a line as the daemon runs it, with its journal and its spool: every file is durable and
hashed before it counts as ours and is moved aside at the partner after; every delivery is written under a temporary
name, synced by the server, looked at and renamed. `paramiko` is `get` + `rename` and `put` + `rename`, one after the
other; `sftp` is OpenSSH's own client with the same commands in a batch, its start and login included. Neither syncs or
remembers anything. Candidates take turns, the best of all rounds counts. The long line is a proxy that delays what
passes, each way (`tests.delayproxy`). Exit code 1 where a goal is missed.
"""

import argparse
import os
import shutil
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path
from typing import NamedTuple

from tests.bench.carried import Ours, gateway
from tests.bench.stock import Paramiko, Sftp, paramiko_client
from tests.delayproxy import delayed
from tests.servers import SSHD, Server, running_openssh

FAR = 0.020  # seconds each way: a round trip of 40 ms
SMALL, BIG = 4096, 256_000_000


class Load(NamedTuple):
    """What is carried: on which line, which way, how many files; candidates that go one by one carry a part of them."""

    line: str
    way: str
    files: int
    few: int
    size: int
    goal: float

    @property
    def unit(self) -> str:
        return "MB/s" if self.size == BIG else "files/s"

    def rate(self, count: int, seconds: float) -> float:
        return count * (self.size / 1e6 if self.size == BIG else 1) / seconds


def loads(files: int) -> tuple[Load, ...]:
    return (
        Load("loopback", "fetch", files, files // 2, SMALL, 300),
        Load("loopback", "deliver", files, files // 2, SMALL, 300),
        Load("40 ms", "fetch", files, files // 20, SMALL, 100),
        Load("40 ms", "deliver", files, files // 20, SMALL, 100),
        Load("loopback", "fetch", 1, 1, BIG, 100),
        Load("loopback", "deliver", 1, 1, BIG, 100),
    )


class Field:
    """One server with a line to it, near or far, and the three that use it."""

    def __init__(self, server: Server, ours: Ours, stock: dict[str, Paramiko | Sftp], local: Path) -> None:
        self._server, self._ours, self._stock, self._local = server, ours, stock, local
        self._number = 0

    def seconds(self, candidate: str, way: str, count: int, size: int) -> float:
        """Carry `count` new files, and see that all of them arrived whole."""
        self._number += 1
        names = [f"{self._number}-{each:06}.xml" for each in range(count)]
        content = os.urandom(size)
        if candidate == "gateway":
            took = self._by_us(way, names, content)
        else:
            took = self._by_stock(candidate, way, names, content)
        there = self._server.root / ("done" if way == "fetch" else "in")
        assert all((there / name).read_bytes() == content for name in names), f"{candidate}: {way}: files are missing"
        for folder in (*(self._server.root / name for name in ("in", "out", "done")), self._local):
            shutil.rmtree(folder)
            folder.mkdir()
        return took

    def _by_us(self, way: str, names: list[str], content: bytes) -> float:
        ours = self._ours
        if way == "fetch":
            self._lay(self._server.root / "out", names, content)
            before = ours.counted("file", "received")
            took = _timed(ours.fetch)
            assert ours.counted("file", "received") == before + len(names)
            return took
        ours.queue(dict.fromkeys(names, content))
        took = _timed(ours.deliver)
        assert not ours.counted("delivery", "queued")
        return took

    def _by_stock(self, candidate: str, way: str, names: list[str], content: bytes) -> float:
        self._lay(self._server.root / "out" if way == "fetch" else self._local, names, content)
        act = getattr(self._stock[candidate], way)
        return _timed(lambda: act(names))

    def _lay(self, folder: Path, names: list[str], content: bytes) -> None:
        for name in names:
            (folder / name).write_bytes(content)


def _timed(act) -> float:
    began = time.perf_counter()
    act()
    return time.perf_counter() - began


@contextmanager
def fields() -> Iterator[dict[str, Field]]:
    with ExitStack() as stack:
        folder = Path(stack.enter_context(tempfile.TemporaryDirectory()))
        server = stack.enter_context(running_openssh(folder))
        (server.root / "done").mkdir()
        far = stack.enter_context(delayed(server.port, FAR))
        made = {}
        for name, port in (("loopback", server.port), ("40 ms", far)):
            place = folder / name.replace(" ", "-")
            local = place / "local"
            local.mkdir(parents=True)
            stock = {
                "paramiko": stack.enter_context(paramiko_client(server, port, local)),
                "sftp": Sftp(server, port, place, local),
            }
            made[name] = Field(server, stack.enter_context(gateway(place, server, port)), stock, local)
        yield made


def main(arguments: list[str] | None = None) -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--files", type=int, default=600)
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--only", default="", help="candidates, with commas")
    given = parser.parse_args(arguments)
    if not SSHD.exists():
        print("needs openssh-server")
        return 0
    candidates = given.only.split(",") if given.only else ["gateway", "paramiko", "sftp"]
    print(f"{'line':9} {'way':8} {'files':>13} " + "".join(f"{name:>16}" for name in candidates) + "     goal")
    missed = False
    with fields() as made:
        for load in loads(given.files):
            best: dict[str, float] = dict.fromkeys(candidates, 0.0)
            for _ in range(given.rounds):
                for name in candidates:
                    count = load.files if name == "gateway" else load.few
                    took = made[load.line].seconds(name, load.way, count, load.size)
                    best[name] = max(best[name], load.rate(count, took))
            what = f"{load.files} x {load.size // 1000:,} kB"
            told = "".join(f"{best[name]:9,.1f} {load.unit:6}" for name in candidates)
            print(f"{load.line:9} {load.way:8} {what:>13} {told} {load.goal:5,.0f}", flush=True)
            missed |= best.get("gateway", load.goal) < load.goal
    return int(missed)


if __name__ == "__main__":
    sys.exit(main())
