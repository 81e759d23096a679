"""Several hosts on one journal: each is `gateway run` in a process of its own, on one configuration and one spool."""

import re
import sys
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path

from sqlalchemy import create_engine, make_url, text

from gateway.demo import corpus
from gateway.demo.scene import Scene
from tests.acceptance.daemon import Daemon, gateway, until
from tests.postgresql import PSYCOPG, database

ITEM = re.compile(rb"<ID>([A-Z]{2}\d{9}[A-Z]{2})</ID>")
LRN = re.compile(rb"<FunctionalReferenceID>(\w+)<")
ANSWER = re.compile(r"<item>\s*<item-id>(\w+)</item-id>.*?<decision>(\w+)</decision>.*?</item>", re.DOTALL)
TOLD = {"rejected", "controlled", "released", "cleared", "taxed"}
SKEWED = (sys.executable, "-m", "tests.acceptance.skewed")


@dataclass
class Tally:
    """What was counted at the partners: nothing of it comes from the gateway."""

    lost: list[str] = field(default_factory=list)
    twice: list[str] = field(default_factory=list)
    untold: list[str] = field(default_factory=list)
    told_twice: list[str] = field(default_factory=list)


class Many:
    """A scene whose gateway is several hosts, what was sent in, and the journal read beside them."""

    def __init__(self, scene: Scene, url: str) -> None:
        self.scene, self.sent = scene, set[str]()
        self.change("runner: local", f'runner: procrastinate, journal: "{url}"')
        self._engine = create_engine(make_url(url).set(drivername=PSYCOPG))

    def change(self, old: str, new: str) -> None:
        """Edit the configuration; hosts that start afterwards know it."""
        said = self.scene.settings.read_text()
        assert old in said, said
        self.scene.settings.write_text(said.replace(old, new))

    @contextmanager
    def host(self, *words: str, **environment: str) -> Iterator[Daemon]:
        """A host that has started."""
        with Daemon(self.scene.settings, *words, **environment) as host:
            started(host)
            yield host

    def feed(self, seed: int, items: int = 10) -> None:
        facts = {"day": datetime.now(UTC).date(), "sender": "FRA", "reference": f"ITM{seed:011}"}
        data = b"".join(corpus.itmatt(items, seed, **facts))
        self.sent.update(re.findall(r"<item-id>(\w+)</item-id>", data.decode()))
        self.scene.post.publish(f"ITMATT_{seed}.xml", data)

    def tally(self) -> Tally:
        """Every item at customs once, every answer that is due at the post once."""
        filed = [self.scene.customs.read(receipt) for receipt in self.scene.customs.receipts()]
        items = {LRN.search(data)[1].decode(): ITEM.search(data)[1].decode() for data in filed}
        times = Counter(ITEM.search(data)[1].decode() for data in filed)
        told = Counter(pair for file in self.scene.post.files() for pair in ANSWER.findall(file.read_text()))
        due = Counter(items[reply.lrn] for reply in self.scene.customs.replies() if reply.say in TOLD)
        answered = Counter(item for item, _ in told.elements())
        return Tally(
            lost=sorted(self.sent - set(times)),
            twice=sorted(item for item, count in times.items() if count > 1),
            untold=sorted(item for item, count in due.items() if answered[item] < count),
            told_twice=sorted(f"{item} {code}" for (item, code), count in told.items() if count > 1),
        )

    def ask(self, query: str) -> list[tuple]:
        with self._engine.connect() as conn:
            return [tuple(row) for row in conn.execute(text(query))]

    def cut(self) -> None:
        """The server ends every session, as in a restart."""
        self._engine.dispose()
        self.ask("select pg_terminate_backend(pid) from pg_stat_activity "
                 "where datname = current_database() and pid <> pg_backend_pid()")  # fmt: skip

    def leader(self) -> str:
        """Who has had the core last, and since which term."""
        found = self.ask("select holder || '#' || term from duty where name = 'core'")
        return found[0][0] if found else ""

    def steps(self) -> int:
        return self.ask("select count(*) from audit")[0][0]

    def done(self) -> bool:
        tally = self.tally()
        return not (tally.lost or tally.untold)

    def exchanged(self) -> None:
        """Wait until all of it is done, for as long as the books move; nothing was done twice."""
        until(self.done, moves=self.steps)
        assert self.tally() == Tally()
        balance = gateway(self.scene.settings, "balance")
        assert balance.returncode == 0, balance.stdout

    def close(self) -> None:
        self._engine.dispose()


@contextmanager
def many_hosts(folder: Path, seed: int = 7) -> Iterator[Many]:
    with database() as url, Scene(folder, seed) as scene:
        many = Many(scene, url)
        try:
            yield many
        finally:
            many.close()


def started(host: Daemon) -> None:
    until(lambda: host.events("gateway.started") or not host.runs)
    assert host.runs, host.log.read_text(encoding="utf-8")


def leads(host: Daemon) -> bool:
    """Whether the core was this host's at some time."""
    return any(event.get("duty") == "core" for event in host.events("duty.taken"))
