"""Peak memory of a whole process tree: sum of the resident memory of a command and all its children, sampled.

    python -m tests.bench.memory map 20000 200000
    python -m tests.bench.memory run 20000 200000

`map`: one file of so many items to the United Kingdom's H7. `run`: the daemon on folders, from the post's file to the
spool (what it may read at once is raised for a file of that size). Shared pages count once a process: an upper bound.
"""

import subprocess
import sys
import tempfile
import time
from datetime import UTC, date, datetime
from pathlib import Path

from gateway.demo import corpus
from tests.steps.site import Site

SETTINGS = ("declarant-id=GB123456789000", "location=GBAUEXAEXAEXA", "exchange-rates=sample", "commodity-padding=zeros")
PAGE = 4096


def tree(pid: int) -> list[int]:
    """A process and everything below it."""
    found = [pid]
    for one in found:
        for task in Path(f"/proc/{one}/task").glob("*/children"):
            try:
                found += [int(child) for child in task.read_text().split()]
            except OSError:
                continue
    return found


def resident(pid: int) -> int:
    try:
        return int(Path(f"/proc/{pid}/statm").read_text().split()[1]) * PAGE
    except (OSError, IndexError):
        return 0


def peak(command: list[str]) -> tuple[float, int, int]:
    """Seconds, peak bytes of the tree and most processes seen."""
    began, most, processes = time.monotonic(), 0, 0
    with tempfile.TemporaryFile() as said, subprocess.Popen(command, stdout=said, stderr=said) as run:
        while run.poll() is None:
            alive = tree(run.pid)
            most, processes = max(most, sum(map(resident, alive))), max(processes, len(alive))
            time.sleep(0.02)
        said.seek(0)
        assert run.returncode == 0, said.read()[-2000:]
    return time.monotonic() - began, most, processes


def write_corpus(path: Path, items: int, seed: int = 7, day: date | None = None) -> Path:
    """A message of the post, of today unless a day is given; another seed, other items under another reference."""
    facts = {"day": day or datetime.now(UTC).date(), "sender": "FRA", "reference": f"ITM{seed:011}"}
    with path.open("wb") as out:
        out.writelines(corpus.itmatt(items, seed, **facts))
    return path


def mapping(folder: Path, items: int) -> list[str]:
    source = write_corpus(folder / f"{items}.xml", items)
    settings = [word for one in SETTINGS for word in ("--set", one)]
    return [
        sys.executable,
        "-m",
        "gateway",
        "map",
        str(source),
        "--to",
        "customs/uk/h7",
        "--out",
        str(folder / f"out{items}"),
        *settings,
    ]


def daemon(folder: Path, items: int) -> list[str]:
    site = Site(folder / f"site{items}")
    config = site.folder / "config"
    limits = "limits: {file: 2000 MB, items: 1000000}\n"
    (config / "gateway.yaml").write_text((config / "gateway.yaml").read_text() + limits)
    (config / "routes.yaml").write_text((config / "routes.yaml").read_text())
    write_corpus(site.folder / "post/out/a.xml", items)
    return [sys.executable, "-m", "gateway", "run", "--once", "--config", str(config)]


def main() -> None:
    what, *sizes = sys.argv[1:]
    make = {"map": mapping, "run": daemon}[what]
    for size in map(int, sizes):
        with tempfile.TemporaryDirectory() as folder:
            seconds, most, processes = peak(make(Path(folder), size))
        print(
            f"{what} {size:>7,} items: peak {most / 1e6:6.1f} MB in {processes} processes, {seconds:.0f} s", flush=True
        )


if __name__ == "__main__":
    main()
