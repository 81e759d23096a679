"""Run every test of the fault matrix and say, fault by fault, what passed: `make faults`.

python -m tests.faults              all rows
python -m tests.faults 3 5 -n 2     some rows; other words go to pytest
"""

import subprocess
import sys
import tempfile
from collections import Counter
from itertools import takewhile
from pathlib import Path
from xml.etree import ElementTree as ET

from tests.faults.table import ROOT, ROWS, faults

FATES = ("failure", "error", "skipped")


def run(files: list[str], words: list[str]) -> dict[tuple[str, str], Counter]:
    """How the tests of these files ended, by file and name."""
    with tempfile.TemporaryDirectory() as folder:
        report = Path(folder) / "report.xml"
        call = [sys.executable, "-m", "pytest", "-q", "--show-capture=no", f"--junitxml={report}", *words, *files]
        subprocess.run(call, cwd=ROOT, check=False)
        cases = ET.parse(report).iter("testcase")  # noqa: S314  # our own report
        ended: dict[tuple[str, str], Counter] = {}
        for case in cases:
            file = f"{(case.get('classname') or '').replace('.', '/')}.py"
            fate = next((word for word in FATES if case.find(word) is not None), "passed")
            ended.setdefault((file, (case.get("name") or "").partition("[")[0]), Counter())[fate] += 1
    return ended


def chosen(words: list[str]) -> tuple[set[int], list[str]]:
    """Rows of the matrix, which come first, and the words behind them."""
    rows = list(takewhile(str.isdigit, words))
    return {int(row) for row in rows} or set(ROWS), words[len(rows) :]


def main() -> int:
    rows, words = chosen(sys.argv[1:])
    table = [fault for fault in faults() if rows & set(fault.rows)]
    ended = run(sorted({"::".join(test) for fault in table for test in fault.tests}), words)
    total: Counter = Counter()
    say("row", "fault", ("tests", "skipped", "passed", "failed"))
    for fault in table:
        each = sum((ended.get(test, Counter({"error": 1})) for test in fault.tests), Counter())
        total += each
        say(", ".join(map(str, fault.rows)), fault.what, figures(each))
    say("", "all", figures(total))
    return int(total["failure"] + total["error"] > 0)


def figures(ended: Counter) -> tuple[int, ...]:
    return ended.total(), ended["skipped"], ended["passed"], ended["failure"] + ended["error"]


def say(rows: str, what: str, columns: tuple[object, ...]) -> None:
    print(f"{rows:<6}{what[:88]:<90}" + "".join(f"{one:>9}" for one in columns))


if __name__ == "__main__":
    sys.exit(main())
