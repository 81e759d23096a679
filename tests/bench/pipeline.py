"""Items a second of the whole pipeline: receive, read, check, journal, write, spool. Best of some rounds, interleaved.

    python -m tests.bench.pipeline --items 10000 --rounds 5

`one core`: every step in one process, CPU seconds. `N workers`: the daemon on folders, from the post's file to
declarations that are durable in the spool (their route is paused, so that nothing is delivered), wall seconds without
start-up: a run of one item is subtracted.
"""

import argparse
import subprocess
import sys
import tempfile
import time
from pathlib import Path

from gateway.steps.ground.gate import Gate
from gateway.steps.reading import intake, translate
from gateway.steps.repeating import operate
from gateway.steps.working.translation import perform
from tests.bench.memory import write_corpus
from tests.steps.site import NOW, Site

ROUTE = "uk-h7"


def one_core(items: int) -> float:
    """CPU seconds of all steps in this process, tables compiled before."""
    with tempfile.TemporaryDirectory() as folder:
        site = Site(Path(folder))
        with site.gate() as gate:
            write_corpus(site.folder / "post/out/warm.xml", 1, 8, NOW.date())
            _work(site, gate)
            write_corpus(site.folder / "post/out/a.xml", items, 7, NOW.date())
            began = time.process_time()
            _work(site, gate)
            took = time.process_time() - began
            written = site.states(gate, "filing")
        assert written == {"written": items + 1}, written
        return took


def _work(site: Site, gate: Gate) -> None:
    site.poll(gate)
    intake.intake(gate)
    while due := translate.take(gate, 1):
        for taken, job in due:
            translate.finish(gate, taken, perform(job))


def with_workers(items: int, workers: int) -> float:
    """Wall seconds of a run of the daemon that ends by itself."""
    with tempfile.TemporaryDirectory() as folder:
        site = Site(Path(folder))
        config = site.folder / "config/gateway.yaml"
        config.write_text(config.read_text().replace("workers: 1", f"workers: {workers}"))
        with site.gate() as gate:
            operate.switch(gate, "route", ROUTE, "paused", "O:bench")
        write_corpus(site.folder / "post/out/a.xml", items)
        began = time.monotonic()
        subprocess.run(
            [sys.executable, "-m", "gateway", "run", "--once", "--config", str(config)], check=True, capture_output=True
        )
        took = time.monotonic() - began
        with site.gate() as gate:
            written = site.states(gate, "filing")
        assert written == {"written": items}, written
        return took


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--items", type=int, default=10_000)
    parser.add_argument("--rounds", type=int, default=5)
    given = parser.parse_args()
    best = {"one core": 1e9, "1 worker": 1e9, "2 workers": 1e9, "start-up": 1e9}
    for _ in range(given.rounds):
        best["start-up"] = min(best["start-up"], with_workers(1, 1))
        best["one core"] = min(best["one core"], one_core(given.items))
        for workers in (1, 2):
            name = f"{workers} worker{'s' if workers > 1 else ''}"
            best[name] = min(best[name], with_workers(given.items, workers))
    print(f"pipeline, {given.items:,} items, best of {given.rounds}")
    print(f"  one core   {given.items / best['one core']:8,.0f} items/s (CPU)")
    for name in ("1 worker", "2 workers"):
        print(f"  {name:<10} {given.items / (best[name] - best['start-up']):8,.0f} items/s (wall)")
    print(f"  start-up   {best['start-up']:8.2f} s (one item)")


if __name__ == "__main__":
    main()
