"""The matrix: every crash point that a course of events passes, at its first passages and its last, on each store.

A case is a site set back to its beginning, one or two deaths, and a life to the end. Between two lives the partners
take what lies there, or do not: then what the gateway finds there is its only evidence.
"""

import random
from collections import Counter
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import NamedTuple

from tests.crash.lives import live
from tests.crash.partners import take_all
from tests.crash.scenarios import SCENARIOS
from tests.crash.stage import Scenario, Stage, books, later, started_twice
from tests.steps.site import Site

PATIENT = ("deliver.", "publish.", "settle.")  # points at which it matters that a partner has not taken the file yet


class Case(NamedTuple):
    """Where it dies, one life after the other (`point:passage`), and whether partners take files at once."""

    scenario: str
    deaths: tuple[str, ...]
    eager: bool = True


class Result(NamedTuple):
    """What came of a case. `killed` says how many of its deaths came to pass; `wrong` is whatever else is amiss."""

    case: Case
    killed: int
    lost: int
    doubled: int
    doubt: int
    wrong: str = ""

    @property
    def sound(self) -> bool:
        return not (self.lost or self.doubled or self.wrong)


class Matrix:
    """Runs cases of some scenarios on one store. Not thread-safe, and alone in its process: it forks."""

    def __init__(self, folder: Path, store: str) -> None:
        self._stage, self._folder = Stage(folder / "site", store), folder

    def warm(self, names: Iterable[str]) -> None:
        """Do everything once here, so that all that lives is forked with its modules and tables in memory."""
        for name in names:
            with self._stage.set(SCENARIOS[name]) as site:
                _life(SCENARIOS[name], site)

    def passed(self, name: str) -> Counter[str]:
        """How often a clean run passes each point."""
        log = self._folder / "passed"
        log.unlink(missing_ok=True)
        with self._stage.set(SCENARIOS[name]) as site:
            ended = live(lambda: _life(SCENARIOS[name], site), log=str(log))
        assert not ended.fault, ended.fault
        return Counter(log.read_text().split())

    def run(self, case: Case) -> Result:
        scenario = SCENARIOS[case.scenario]
        with self._stage.set(scenario) as site:
            killed = 0
            for number, point in enumerate(case.deaths):
                ended = live(lambda: _life(scenario, site), point)
                if ended.fault:
                    return Result(case, killed, 0, 0, 0, ended.fault)
                killed += ended.killed
                if case.eager:
                    take_all(site.folder)
                later(site, number + 1)
            ended = live(lambda: _end(scenario, site))
            if ended.fault:
                return Result(case, killed, 0, 0, 0, ended.fault)
            return Result(case, killed, *ended.said)


def _life(scenario: Scenario, site: Site) -> None:
    with site.gate() as gate:
        scenario.live(site, gate)


def _end(scenario: Scenario, site: Site) -> tuple[int, int, int, str]:
    """The last life, to its end, and the counts."""
    with site.gate() as gate:
        wrong = [started_twice(gate)]
        scenario.live(site, gate)
        doubt, broken = books(gate)
    lost, doubled = scenario.count(site)
    wrong += [*broken, f"lost {lost}" if lost else "", f"doubled {doubled}" if doubled else ""]
    return len(lost), len(doubled), doubt, "; ".join(filter(None, wrong))


def at(name: str, death: str) -> Iterator[Case]:
    """One death: the partners take what lies there before the next life; around a delivery they also do not."""
    yield Case(name, (death,))
    if death.startswith(PATIENT):
        yield Case(name, (death,), eager=False)


def singles(name: str, passed: Counter[str], passages: int) -> Iterator[Case]:
    """One death a case: at the first passages of a point and at its last."""
    for point, times in passed.items():
        for passage in sorted({*range(1, min(times, passages) + 1), times}):
            yield from at(name, f"{point}:{passage}")


def pairs(name: str, passed: Counter[str], count: int, seed: int) -> list[Case]:
    """Two deaths a case, drawn."""
    chance = random.Random(f"{seed} {name}")
    points = sorted(passed)

    def death() -> str:
        point = chance.choice(points)
        return f"{point}:{chance.randint(1, passed[point])}"

    return [Case(name, (death(), death()), eager=chance.random() < 0.5) for _ in range(count)]
