"""Interleaved runs, each candidate in a process of its own; CPU time; best of the rounds.

Round r runs every candidate once, so that a slow minute of the machine falls on all of them.
"""

import subprocess
import sys
from collections.abc import Callable, Iterator, Sequence
from hashlib import blake2b
from pathlib import Path
from time import process_time

Work = Callable[[Path], Iterator[str]]
HERE = Path(__file__).parent


def run(work: Work, path: Path, *, digest: bool) -> str:
    """CPU seconds of one run, or the digest of its output."""
    if digest:
        seen = blake2b(digest_size=16)
        for text in work(path):
            seen.update(text.encode())
        return seen.hexdigest()
    before, size = process_time(), 0
    for text in work(path):
        size += len(text)
    return f"{process_time() - before:.6f}"


def best(candidates: Sequence[str], path: Path, rounds: int) -> dict[str, float]:
    """The fastest run of each candidate."""
    times: dict[str, list[float]] = {name: [] for name in candidates}
    for _ in range(rounds):
        for name in candidates:
            times[name].append(float(asked(name, path)))
    return {name: min(found) for name, found in times.items()}


def asked(name: str, path: Path, *options: str) -> str:
    """What a process says of one candidate."""
    command = [sys.executable, str(HERE / "__main__.py"), "--run", name, "--file", str(path), *options]
    return subprocess.run(command, check=True, capture_output=True, text=True, cwd=HERE.parents[1]).stdout.strip()
