"""Reading and writing by tables against hand-written Python.

    python tests/bench [--items 20000] [--rounds 5]
    python tests/bench exchange [--files 600] [--rounds 5]     files over SFTP instead: see `exchange.py`

Exit code 1 where a ratio is missed by more than a fifth, 0 else: a shared machine is no judge of the last per cent.
"""

import argparse
import sys
from pathlib import Path
from tempfile import TemporaryDirectory

HERE = Path(__file__).resolve().parent
sys.path[:0] = [str(HERE), str(HERE.parents[1])]

import corpus  # noqa: E402
import race  # noqa: E402

SLACK = 1.2
CASES = (("no findings", 0.0), ("20 % of items with findings", 0.2))
GOALS = (("by hand", "parse", 3.0), ("tables", "by hand", 1.3))


def work_of(name: str) -> race.Work:
    """A candidate by its name; what the others need is not imported."""
    if name in {"parse", "by hand"}:
        import floors

        return {"parse": floors.parse, "by hand": floors.translate}[name]
    import tables

    return {"tables": tables.translate, "read": tables.read}[name]


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--items", type=int, default=20_000)
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--seed", type=int, default=7)
    parser.add_argument("--run", help=argparse.SUPPRESS)
    parser.add_argument("--file", type=Path, help=argparse.SUPPRESS)
    parser.add_argument("--digest", action="store_true", help=argparse.SUPPRESS)
    if sys.argv[1:2] == ["exchange"]:
        import exchange

        return exchange.main(sys.argv[2:])
    told = parser.parse_args()
    if told.run:
        print(race.run(work_of(told.run), told.file, digest=told.digest))
        return 0
    with TemporaryDirectory() as folder:
        return max(compare(Path(folder) / "itmatt.xml", case, share, told) for case, share in CASES)


def compare(path: Path, case: str, share: float, told: argparse.Namespace) -> int:
    """One file: equal output first, then times and ratios."""
    corpus.write(path, told.items, told.seed, share)
    megabytes = path.stat().st_size / 1e6
    equal = race.asked("by hand", path, "--digest") == race.asked("tables", path, "--digest")
    times = race.best(("parse", "by hand", "read", "tables"), path, told.rounds)
    print(f"{told.items} items, {megabytes:.1f} MB, {case}; output {'byte-equal' if equal else 'DIFFERS'}")
    for name, seconds in times.items():
        speed, ratio = told.items / seconds, seconds / times["parse"]
        print(f"  {name:8} {seconds:7.3f} s CPU  {speed:9,.0f} items/s  {ratio:5.2f} x parse")
    missed = not equal
    for name, floor, goal in GOALS:
        ratio = times[name] / times[floor]
        missed |= ratio > goal * SLACK
        print(f"  {name} / {floor}: {ratio:.2f} (goal {goal})")
    return int(missed)


if __name__ == "__main__":
    sys.exit(main())
