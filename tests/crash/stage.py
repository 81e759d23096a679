"""A site on one store that is set back to its beginning for each case, and what is known of it at the end."""

import shutil
from collections.abc import Callable, Iterator
from contextlib import contextmanager, nullcontext
from datetime import timedelta
from pathlib import Path
from typing import NamedTuple

from sqlalchemy import func, select

from gateway.journal import schema
from gateway.journal.balance import balance
from gateway.journal.snapshot import dump
from gateway.steps.ground.gate import Gate
from gateway.steps.recovering.start import recover
from tests import postgresql
from tests.steps.site import NOW, Site

STORES = ("sqlite", "postgresql")
DOUBT = ("unconfirmed", "in_doubt")
BETWEEN = timedelta(hours=1)  # from one life to the next


class Counts(NamedTuple):
    """What the partners' logs say."""

    lost: list[str]
    doubled: list[str]


class Scenario(NamedTuple):
    """A course of events. `live` is one life of the gateway: it does whatever is left to do, and must end by itself.

    `lay` writes the configuration and what partners leave there at first; `count` looks at the partners' logs alone.
    """

    name: str
    lay: Callable[[Site], None]
    live: Callable[[Site, Gate], None]
    count: Callable[[Site], Counts]
    fresh: bool = False
    """The first life finds no journal."""
    stores: tuple[str, ...] = STORES
    """Where it can take place."""


class Stage:
    """One site at one place, so that tables are compiled once for all lives."""

    def __init__(self, folder: Path, store: str) -> None:
        self.folder, self.store = folder, store
        self.site: Site

    @contextmanager
    def set(self, scenario: Scenario) -> Iterator[Site]:
        """A new site; with a journal that was never used, unless the scenario begins without one."""
        with postgresql.database() if self.store == "postgresql" else nullcontext("") as url:
            self._clear()
            self.site = Site(self.folder)
            if url:
                self.site.change("gateway.yaml", "workers: 1", f"workers: 1, journal: '{url}'")
            for name in ("example-post", "uk-customs"):
                self._without_test_line(name)
            scenario.lay(self.site)
            if scenario.fresh:
                shutil.rmtree(self.folder / "state", ignore_errors=True)
            yield self.site
            self.site.crew.shutdown()

    def _without_test_line(self, partner: str) -> None:
        """Lines on which nothing ever happens cost each life a look."""
        file = self.folder / "config/partners" / f"{partner}.yaml"
        lines = [line for line in file.read_text().splitlines(keepends=True) if not line.startswith("  test:")]
        file.write_text("".join(lines))

    def _clear(self) -> None:
        """Archived rulesets stay: they are the same for all."""
        for path in self.folder.iterdir() if self.folder.exists() else ():
            for one in path.iterdir() if path.name == "state" else (path,):
                if one.name != "rulesets":
                    shutil.rmtree(one) if one.is_dir() else one.unlink()


def later(site: Site, lives: int) -> None:
    """The clock of another life."""
    site.clock.at = NOW + lives * BETWEEN


def started_twice(gate: Gate) -> str:
    """Start up once more: the journal must be the same; gives what is wrong."""
    first = _dump(gate)
    recover(gate)
    return "" if first == _dump(gate) else "a second start-up changed the journal"


def books(gate: Gate) -> tuple[int, list[str]]:
    """How many deliveries were in doubt for a time, and what is out of balance."""
    entry = schema.audit.c
    with gate.journal.read() as conn:
        doubt = conn.scalar(select(func.count(entry.subject.distinct())).where(entry.after.in_(DOUBT)))
        return doubt or 0, [f"{v.rule}: {v.ids}" for v in balance(conn).violations]


def _dump(gate: Gate) -> str:
    with gate.journal.read() as conn:
        return dump(conn)
