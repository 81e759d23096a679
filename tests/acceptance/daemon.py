"""The gateway as its operators have it: `python -m gateway` in processes of its own, judged from outside.

A `Daemon` runs beside the partners; commands are run on its configuration; conditions are waited for with a deadline.
"""

import json
import os
import re
import signal
import sqlite3
import subprocess
import sys
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import closing, contextmanager
from pathlib import Path
from types import TracebackType
from typing import Any, Self, TypeVar

from gateway.demo.scene import Scene
from gateway.journal.sqlite import NAME

Found = TypeVar("Found")
ITEM = re.compile(rb"<ID>([A-Z]{2}\d{9}[A-Z]{2})</ID>")
"""The number of a parcel in a declaration."""
PATIENCE = 90.0  # seconds until a condition counts as never met: generous, machines are busy
SOON = 0.05


class Daemon:
    """`gateway run`, from its start to its end. `log` keeps what it says. `under` is a program that runs it."""

    def __init__(self, settings: Path, *words: str, under: Sequence[str] = (), **environment: str) -> None:
        folder = settings.parent.parent
        self.log = folder / f"gateway-{len(list(folder.glob('gateway-*.log')))}.log"
        with self.log.open("wb") as log:
            self.process = subprocess.Popen(
                [*under, *command(settings, "run", *words)], env={**os.environ, **environment}, stderr=log, stdout=log
            )

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        """A test that went well ends its daemon well; one that failed does not wait for it."""
        if kind is None and self.runs:
            assert self.stop() == 0
        self.process.kill()
        self.process.wait()

    def stop(self, within: float = PATIENCE) -> int:
        """SIGTERM; gives the exit code."""
        self.process.send_signal(signal.SIGTERM)
        return self.process.wait(within)

    @property
    def runs(self) -> bool:
        return self.process.poll() is None

    def events(self, name: str) -> list[Mapping[str, Any]]:
        """What it logged under a name so far."""
        lines = self.log.read_text(encoding="utf-8").splitlines()
        said = (json.loads(line) for line in lines if line.startswith("{") and line.endswith("}"))
        return [one for one in said if one.get("event") == name]


@contextmanager
def running(settings: Path, *words: str, under: Sequence[str] = (), **environment: str) -> Iterator[Daemon]:
    """A daemon that has started."""
    with Daemon(settings, *words, under=under, **environment) as daemon:
        until(lambda: daemon.events("gateway.started") or not daemon.runs)
        assert daemon.runs, daemon.log.read_text(encoding="utf-8")
        yield daemon


def until(
    condition: Callable[[], Found], within: float = PATIENCE, *, moves: Callable[[], object] = lambda: None
) -> Found:
    """What the condition gives as soon as it holds; each change of `moves` begins the wait anew."""
    end, seen = time.monotonic() + within, moves()
    while not (found := condition()):
        if (now := moves()) != seen:
            end, seen = time.monotonic() + within, now
        assert time.monotonic() < end, f"nothing came of it; it stands at {seen}"
        time.sleep(SOON)
    return found


def received(scene: Scene, number: int) -> None:
    """Wait until customs has so many declarations: however long it takes, as long as the gateway's books move."""
    until(lambda: len(scene.customs.receipts()) == number, moves=Books(scene.settings).steps)


def command(settings: Path, *words: str) -> list[str]:
    return [sys.executable, "-m", "gateway", *words, "--config", str(settings)]


def gateway(settings: Path, *words: str) -> subprocess.CompletedProcess[str]:
    """Run one command to its end."""
    return subprocess.run(command(settings, *words), capture_output=True, text=True, check=False, timeout=120)


def answer(settings: Path, *words: str) -> Any:
    """The data of one command that must do what it is told; 1 says that it shows findings."""
    done = gateway(settings, *words, "--json")
    assert done.returncode in {0, 1}, done.stdout + done.stderr
    return json.loads(done.stdout)["data"]


class Books:
    """The journal of a configuration, read beside the daemon."""

    def __init__(self, settings: Path) -> None:
        self._file = settings.parent.parent / "state" / NAME

    def ask(self, query: str, *values: object) -> list[tuple[Any, ...]]:
        """Rows of a query; none while the daemon is still making its tables."""
        if not self._file.exists():
            return []
        with closing(sqlite3.connect(f"{self._file.as_uri()}?mode=ro", uri=True, timeout=PATIENCE)) as conn:
            ready = conn.execute("select name from sqlite_master where name = 'decision'").fetchone()
            return conn.execute(query, values).fetchall() if ready else []

    def count(self, table: str) -> dict[str, int]:
        """How many rows of a table are in each state."""
        return dict(self.ask(f"select state, count(*) from {table} group by state"))  # noqa: S608

    def parcels(self) -> dict[str, int]:
        """How many parcels are in each state."""
        return dict(self.ask("select state, count(*) from item where kind = 'consignment' group by state"))

    def steps(self) -> int:
        """How many steps were written down so far: what is not idle writes more of them."""
        return sum(n for (n,) in self.ask("select count(*) from audit"))

    def file(self, name: str) -> str:
        """The state of the newest file that came under a name; empty before it came."""
        found = self.ask("select state from file where name = ? order by id desc limit 1", name.encode())
        return found[0][0] if found else ""

    def moving(self) -> dict[str, int]:
        """What is not yet where it goes, but for what waits for partners or persons."""
        wanted = {
            "file": ("sighted", "fetching", "received"),
            "batch": ("due", "claimed"),
            "filing": ("waiting", "written", "assembled"),
            "delivery": ("drafting", "queued", "sending", "publishing"),
            "decision": ("matched",),
        }
        counts = {table: self.count(table) for table in wanted}
        found = {f"{t} {s}": counts[t][s] for t, states in wanted.items() for s in states if s in counts[t]}
        collected = self.ask("select count(*) from answer where delivery is null")
        waiting = sum(n for (n,) in collected)
        return found | ({"answers to send": waiting} if waiting else {})


def balanced(settings: Path) -> bool:
    """`gateway balance` finds nothing lost and nothing twice."""
    return gateway(settings, "balance").returncode == 0
