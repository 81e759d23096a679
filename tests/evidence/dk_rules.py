"""The business rules of Danish customs in figures: published, checked before anything is filed, left out and why.

Published are the rules of the authority's list for H7 as the shared facts hold them; some of them hold for other
declarations too. None of them names H6.
"""

import csv
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

from gateway.checks.lists import rows as listed

TABLE = "customs/dk/rules"
CATEGORIES = ("H7", "H6")


class Row(NamedTuple):
    """One category; `checked` as a whole, `with_list` and `with_rate` where the operator gives these, `partly` else."""

    category: str
    published: int
    checked: int
    with_list: int
    with_rate: int
    partly: int
    left_out: tuple[tuple[str, str], ...]

    @property
    def implemented(self) -> int:
        return self.checked + self.with_list + self.with_rate + self.partly


def rows(shared: Path) -> list[Row]:
    return [_row(category, shared) for category in CATEGORIES]


def published(shared: Path, category: str) -> Iterator[dict[str, str]]:
    """Rules of a category, as the shared facts tell them."""
    with (shared / "dk-dms" / "dk-H7-business-rules.csv").open(encoding="utf-8", newline="") as stream:
        for row in csv.DictReader(stream):
            if category in row["declaration_types"].replace(",", " ").split():
                yield row


def _row(category: str, shared: Path) -> Row:
    ours = {row["rule"]: row for row in listed(TABLE) if category in row["categories"].split()}
    how = Counter(row["offline"] for row in ours.values())
    known = [row["rule"] for row in published(shared, category)]
    left_out = {rule: "no row" for rule in known if rule not in ours}
    left_out |= {rule: row["note"] for rule, row in ours.items() if row["offline"] == "no"}
    return Row(category, len(known), how["yes"], how["list"], how["rate"], how["part"], tuple(left_out.items()))


def main() -> None:
    shared = Path(__file__).resolve().parents[3] / "shared" / "data"
    for row in rows(shared):
        print(f"{row.category}: {row.implemented} of {row.published} rules; {row[2:6]}")
        for rule, reason in row.left_out:
            print(f"  {rule}: {reason}")


if __name__ == "__main__":
    main()
