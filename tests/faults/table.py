"""The table of `docs/faults.md`: rows of the matrix, each fault with the tests that it names."""

import re
from pathlib import Path
from typing import NamedTuple

ROOT = Path(__file__).resolve().parents[2]
PAGE = ROOT / "docs/faults.md"
ROWS = range(1, 13)  # of the fault matrix
_HEADING = re.compile(r"## ([\d and]+?) [A-Z]")
_TEST = re.compile(r"`(tests/[\w/]+\.py)::(\w+)`")


class Fault(NamedTuple):
    """One line of the page. `rows` are of the matrix, `tests` are (file, name)."""

    rows: tuple[int, ...]
    what: str
    tests: tuple[tuple[str, str], ...]


def faults() -> list[Fault]:
    found, rows = [], ()
    for line in PAGE.read_text(encoding="utf-8").splitlines():
        if heading := _HEADING.match(line):
            rows = tuple(map(int, re.findall(r"\d+", heading[1])))
        elif line.startswith("| ") and rows and not line.startswith("| what goes wrong"):
            found.append(Fault(rows, line.split("|")[1].strip(), tuple(_TEST.findall(line))))
    return found
