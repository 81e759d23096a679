"""The published table: steps by stores, and what was counted."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import NamedTuple

from tests.crash.matrix import Result


class Total(NamedTuple):
    """The sum of some cases."""

    cases: int
    kills: int
    lost: int
    doubled: int
    doubt: int

    @classmethod
    def of(cls, results: Iterable[Result]) -> "Total":
        done = list(results)
        sums = (sum(getattr(one, name) for one in done) for name in ("killed", "lost", "doubled", "doubt"))
        return cls(len(done), *sums)

    def __str__(self) -> str:
        return f"lost {self.lost}, doubled {self.doubled}, in doubt {self.doubt}"


def lines(results: Mapping[str, Sequence[Result]]) -> Iterator[str]:
    """By store: for each step how many points, and deaths, and what came of them; Markdown."""
    yield "| step | points | " + " | ".join(f"{store}: kills, lost, doubled, in doubt" for store in results) + " |"
    yield "|---|---|" + "---|" * len(results)
    steps = sorted({step(one) for done in results.values() for one in done})
    for name in steps:
        points = {point_of(one) for done in results.values() for one in done if step(one) == name}
        totals = (Total.of(one for one in done if step(one) == name) for done in results.values())
        yield (
            f"| {name} | {len(points)} | "
            + " | ".join(f"{t.kills}, {t.lost}, {t.doubled}, {t.doubt}" for t in totals)
            + " |"
        )


def point_of(result: Result) -> str:
    return result.case.deaths[0].partition(":")[0]


def step(result: Result) -> str:
    """What comes before the dot of the first point."""
    return point_of(result).partition(".")[0]


def faults(results: Iterable[Result]) -> Iterator[str]:
    """What is wrong, a line each."""
    for one in results:
        if not one.sound:
            yield f"{one.case.scenario} {' '.join(one.case.deaths)} eager={one.case.eager}: {one.wrong or one}"
