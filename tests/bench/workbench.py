"""How long the workbench takes over all shipped tables: `python -m tests.bench.workbench`.

Goals: lint of all tables in 2 s; all of them compiled, as a gateway does at its start, in 1 s. Best of several rounds,
each with a registry of its own, by the clock and by the processor: on a shared machine the latter says more.
"""

import time
from collections.abc import Callable
from datetime import UTC, datetime

from gateway.mapping.registry import Registry

ROUNDS = 5
GOALS = {"lint": 2.0, "compile": 1.0, "format (check)": 0.0}


def lint() -> None:
    Registry().faults()


def compile_all() -> None:
    """Every table's plan with its reader, scanner and writer."""
    registry, today = Registry(), datetime.now(UTC).date()
    for name in registry.names():
        table = registry.format(name, today)
        _ = (table.plan.reads and (table.reader, table.scanner), table.plan.writes and table.writer)


def check_layout() -> None:
    from gateway.workbench.layout.format import lay

    registry = Registry()
    for head in registry.heads():
        lay(registry, head, sort=True)


def best(work: Callable[[], None]) -> tuple[float, float]:
    """Seconds by the clock and of the processor."""
    times = []
    for _ in range(ROUNDS):
        begun, busy = time.perf_counter(), time.process_time()
        work()
        times.append((time.perf_counter() - begun, time.process_time() - busy))
    return min(times)


def main() -> None:
    print(f"{len(Registry().heads())} tables, best of {ROUNDS}: clock, processor")
    for (name, goal), work in zip(GOALS.items(), (lint, compile_all, check_layout), strict=True):
        clock, processor = best(work)
        print(f"{name:16} {clock:6.2f} s  {processor:6.2f} s{f'   goal {goal:.1f} s' if goal else ''}")


if __name__ == "__main__":
    main()
