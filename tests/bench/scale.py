"""Items a second, and what an item costs, on each journal and with one or two hosts. Best of some rounds, interleaved.

    python -m tests.bench.scale --items 4000 --rounds 5

Measured is a gateway at work: from the moment in which the post has put its files down until every declaration is
written and durable in the spool (the route is paused, nothing is delivered). Some files went through before: all
processes run, tables are compiled. CPU is of all processes of the gateway, and of the database's server, which syncs
what it writes.
"""

import argparse
import sqlite3
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import ExitStack, closing, contextmanager
from pathlib import Path
from typing import NamedTuple

import psutil
from sqlalchemy import make_url

from gateway.journal.sqlite import NAME
from gateway.steps.repeating import operate
from tests import postgresql
from tests.bench.memory import write_corpus
from tests.steps.site import Site

ROUTE, FILE = "uk-h7", 500  # items a file
WARM = 4  # files that went through before
PATIENCE = 300.0


class Case(NamedTuple):
    """What is compared."""

    journal: str
    runner: str
    hosts: int
    workers: int

    @property
    def name(self) -> str:
        many = f"{self.hosts} host{'s' * (self.hosts > 1)} x {self.workers} worker{'s' * (self.workers > 1)}"
        return f"{self.journal:<10} {self.runner:<13} {many}"


class Took(NamedTuple):
    """Seconds: on the wall, of processors for the gateway, for the database's server."""

    wall: float
    gateway: float
    server: float


CASES = (
    Case("SQLite", "local", 1, 1),
    Case("SQLite", "local", 1, 2),
    Case("PostgreSQL", "local", 1, 1),
    Case("PostgreSQL", "local", 1, 2),
    Case("PostgreSQL", "procrastinate", 1, 1),
    Case("PostgreSQL", "procrastinate", 1, 2),
    Case("PostgreSQL", "procrastinate", 2, 1),
)


def measure(case: Case, items: int) -> Took:
    with ExitStack() as stack:
        folder = Path(stack.enter_context(tempfile.TemporaryDirectory()))
        url = stack.enter_context(postgresql.journal()) if case.journal == "PostgreSQL" else ""
        site = Site(folder, journal=url)
        site.change("gateway.yaml", "workers: 1", f"workers: {case.workers}, runner: {case.runner}")
        with site.gate() as gate:
            operate.switch(gate, "route", ROUTE, "paused", "O:bench")
        hosts = [stack.enter_context(host(site, number)) for number in range(case.hosts)]
        warm = FILE * WARM
        for number in range(WARM):
            lay(site, f"warm{number}.xml", FILE, 100 + number)
        wait(site, url, warm)
        began, gateway, server = time.monotonic(), cpu(hosts), cpu(servers(url))
        for number in range(items // FILE):
            lay(site, f"{number}.xml", FILE, number)
        wait(site, url, warm + items)
        return Took(time.monotonic() - began, cpu(hosts) - gateway, cpu(servers(url)) - server)


def lay(site: Site, name: str, items: int, seed: int) -> None:
    """A file that appears whole."""
    draft = site.folder / name
    write_corpus(draft, items, seed)
    draft.rename(site.folder / "post/out" / name)


@contextmanager
def host(site: Site, number: int) -> Iterator[psutil.Process]:
    log = site.folder / f"host-{number}.log"
    words = [sys.executable, "-m", "gateway", "run", "--config", str(site.folder / "config/gateway.yaml")]
    with log.open("wb") as out, subprocess.Popen(words, stdout=out, stderr=out) as process:
        try:
            yield psutil.Process(process.pid)
        finally:
            process.terminate()
            process.wait(90)


def wait(site: Site, url: str, filings: int) -> None:
    until = time.monotonic() + PATIENCE
    while (found := written(site, url)) < filings:
        if time.monotonic() > until:
            logs = "\n".join(log.read_text()[-2000:] for log in site.folder.glob("host-*.log"))
            raise AssertionError(f"{found} of {filings}\n{logs}")
        time.sleep(0.02)


def written(site: Site, url: str) -> int:
    query = "select count(*) from filing where state = 'written'"
    if url:
        with postgresql.admin(make_url(url).set(drivername=postgresql.PSYCOPG)) as run:
            return run(query).scalar_one()
    with closing(sqlite3.connect(f"file:{site.folder}/state/{NAME}?mode=ro", uri=True, timeout=60)) as conn:
        return conn.execute(query).fetchone()[0]


def servers(url: str) -> list[psutil.Process]:
    """The server's first process; its sessions are its children."""
    if not url:
        return []
    folder = make_url(url).query["host"]
    return [psutil.Process(int((Path(folder) / "postmaster.pid").read_text().split()[0]))]


def cpu(processes: list[psutil.Process]) -> float:
    """Seconds that these and their descendants have had, those that have ended too."""
    family = [one for process in processes for one in (process, *process.children(recursive=True))]
    return sum(sum(one.cpu_times()[:4]) for one in family if one.is_running())


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--items", type=int, default=4000)
    parser.add_argument("--rounds", type=int, default=5)
    given = parser.parse_args()
    postgresql.HASTE = ()
    took: dict[Case, list[Took]] = {case: [] for case in CASES}
    for _ in range(given.rounds):
        for case in CASES:
            took[case].append(measure(case, given.items))
    print(f"{given.items:,} items in files of {FILE}, best of {given.rounds}, interleaved; CPU in ms an item")
    print(f"{'':44} {'items/s':>8} {'gateway':>8} {'server':>8}")
    for case, each in took.items():
        wall, gateway, server = (min(figures) for figures in zip(*each, strict=True))
        costs = f"{1000 * gateway / given.items:8.2f} {1000 * server / given.items:8.2f}"
        print(f"{case.name:44} {given.items / wall:8,.0f} {costs}")


if __name__ == "__main__":
    main()
