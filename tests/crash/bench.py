"""The place of one process of the matrix: a site in memory, warmed once for each course of events."""

import logging
import os
import tempfile
import traceback
from collections import Counter
from collections.abc import Sequence
from functools import cache
from pathlib import Path

from tests.crash.matrix import Case, Matrix, Result

PARENT = os.getppid()
MEMORY = Path("/dev/shm")  # noqa: S108  # a process that is killed loses no page: no disk is needed, and it is faster


def passed(run: tuple[str, str]) -> tuple[Counter[str], str]:
    """How often a clean run of a course on a store passes each point; or what is wrong with it."""
    store, name = run
    try:
        return _bench(store, name).passed(name), ""
    except Exception:  # noqa: BLE001  # one course that is at fault keeps no other from being run
        return Counter(), f"{name} on {store}: its clean run fails: {traceback.format_exc()}"


def run(share: tuple[str, Sequence[Case]]) -> list[Result]:
    """Cases on a store, one after the other."""
    store, cases = share
    return [_bench(store, case.scenario).run(case) for case in cases if _wanted()]


def _wanted() -> bool:
    """Whoever asked for it may have been killed: then there is nobody to tell."""
    if os.getppid() != PARENT:
        os._exit(1)
    return True


@cache
def _bench(store: str, name: str) -> Matrix:
    logging.disable(logging.CRITICAL)
    bench = Matrix(Path(_folder().name), store)
    bench.warm([name])
    return bench


@cache
def _folder() -> "tempfile.TemporaryDirectory[str]":
    """It goes with this process."""
    return tempfile.TemporaryDirectory(prefix="gateway-crash-", dir=MEMORY if MEMORY.is_dir() else None)
