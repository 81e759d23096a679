"""Kill the gateway at every crash point, on each store, and count what its partners received.

    python -m tests.crash                                     every point, first and last passages, SQLite
    python -m tests.crash --store sqlite --store postgresql   on both
    python -m tests.crash --pairs 300 --seed 7                two deaths in a row, drawn
    python -m tests.crash --only deliver --passages 5         points by the beginning of their name
    python -m tests.crash --soak 1000                         a real daemon over SFTP, killed every 0.2 to 2 seconds

The last line says `lost 0, doubled 0, in doubt n`; the exit code is 1 when it does not, or the books do not balance.
"""

import argparse
import os
import sys
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from concurrent.futures import ProcessPoolExecutor
from itertools import groupby
from multiprocessing import get_context

import msgspec

from gateway.steps.ground.many import chunks
from tests import postgresql
from tests.crash import bench, soak, table
from tests.crash.matrix import Case, Result, at, pairs, singles
from tests.crash.points import points
from tests.crash.scenarios import SCENARIOS

SHARE = 16  # cases that a process takes at a time
Passed = Mapping[str, Counter[str]]


def main() -> int:
    given = arguments()
    stores = given.store or ["sqlite"]
    names = given.scenario or list(SCENARIOS)
    if "postgresql" in stores or any("sqlite" not in SCENARIOS[name].stores for name in names):
        os.environ[postgresql.NAMED] = postgresql.server().render_as_string(hide_password=False)
    if given.soak:
        return soak.main(stores, given.soak, given.seed)
    with ProcessPoolExecutor(given.jobs, get_context("spawn")) as pool:
        runs = list(_clean(names, stores))
        clean = dict(zip(runs, pool.map(bench.passed, runs), strict=True))
        shares = [(store, share) for store in stores for share in _shares(chosen(given, _on(store, clean)))]
        results: dict[str, list[Result]] = {store: [] for store in stores}
        for (store, _), done in zip(shares, pool.map(bench.run, shares), strict=True):
            results[store] += done
            for fault in table.faults(done):
                print(fault, file=sys.stderr, flush=True)  # a whole matrix takes its time
    whole = "sqlite" in stores and not (given.scenario or given.only or given.pairs)
    unpassed = sorted(set(points()) - set().union(*(counts for counts, _ in clean.values()))) if whole else []
    return told(given, results, unpassed, [fault for _, fault in clean.values() if fault])


def arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m tests.crash", description=__doc__.splitlines()[0])
    parser.add_argument("--store", action="append", choices=["sqlite", "postgresql"], help="default: sqlite")
    parser.add_argument("--scenario", action="append", choices=sorted(SCENARIOS), help="default: all")
    parser.add_argument("--only", default="", metavar="PREFIX", help="points that begin so")
    parser.add_argument("--passages", type=int, default=2, help="first passages of a point, beside its last one")
    parser.add_argument("--once", action="store_true", help="each point once, in the first course that passes it")
    parser.add_argument("--every", type=int, default=1, metavar="N", help="each N-th case only")
    parser.add_argument("--pairs", type=int, default=0, metavar="N", help="instead: so many pairs of deaths a course")
    parser.add_argument("--soak", type=int, default=0, metavar="FILES", help="instead: so many files, killed by time")
    parser.add_argument("--seed", type=int, default=7)
    parser.add_argument("--jobs", type=int, default=len(os.sched_getaffinity(0)))
    parser.add_argument("--json", action="store_true", help="what was passed and each case as it went")
    return parser.parse_args()


def chosen(given: argparse.Namespace, passed: Passed) -> Iterator[Case]:
    """The cases that are wanted, course by course."""
    seen: set[str] = set()
    cases: list[Case] = []
    for name, counts in passed.items():
        mine = Counter({p: n for p, n in counts.items() if p.startswith(given.only) and not (given.once and p in seen)})
        seen |= set(mine)
        if given.pairs:
            cases += pairs(name, mine, given.pairs, given.seed)
        elif given.once:
            cases += [case for point in mine for case in at(name, f"{point}:1")]
        else:
            cases += singles(name, mine, given.passages)
    return iter(cases[:: given.every])


def told(
    given: argparse.Namespace, results: Mapping[str, Sequence[Result]], unpassed: Sequence[str], broken: Sequence[str]
) -> int:
    """Print what came of it; the exit code."""
    done = [one for some in results.values() for one in some]
    faults = [*broken, *table.faults(done), *(f"{point}: no course of events passes it" for point in unpassed)]
    if given.json:
        print(msgspec.json.encode({"results": results, "unpassed": unpassed, "broken": broken}).decode())
        return bool(faults)
    print("\n".join((*table.lines(results), *faults)))
    total = table.Total.of(done)
    print(f"\n{len({d.partition(':')[0] for one in done for d in one.case.deaths})} points, {total.cases} cases, "
          f"{total.kills} kills, {', '.join(results)}\n{total}")  # fmt: skip
    return bool(faults)


def _clean(names: Sequence[str], stores: Sequence[str]) -> Iterator[tuple[str, str]]:
    """Each course on each store on which it is killed; where it is killed on none, on its first one."""
    for name in names:
        theirs = SCENARIOS[name].stores
        yield from ((store, name) for store in [one for one in theirs if one in stores] or theirs[:1])


def _on(store: str, clean: Mapping[tuple[str, str], tuple[Counter[str], str]]) -> Passed:
    """What its courses pass there; one store has points that another has not."""
    return {name: counts for (its, name), (counts, _) in clean.items() if its == store}


def _shares(cases: Iterator[Case]) -> Iterator[list[Case]]:
    for _, mine in groupby(cases, key=lambda case: case.scenario):
        yield from (list(some) for some in chunks(mine, SHARE))


if __name__ == "__main__":
    sys.exit(main())
