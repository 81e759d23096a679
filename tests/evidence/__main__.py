"""The figures of customs' formats as tables: `python -m tests.evidence`, with the shared data beside the checkout.

What each column counts stands at the head of its module. Tests beside the modules hold the figures.
"""

import os
import sys
from collections.abc import Iterable
from pathlib import Path
from typing import Any, NamedTuple

from gateway.mapping.registry import Registry, shipped
from tests.evidence import decisions, dk_declarations, dk_filed, dk_pointers, dk_rules, uk_answers, uk_declarations

HERE = Path(__file__).resolve()
SHARED = Path(os.environ.get("GATEWAY_SHARED_DATA", HERE.parents[3] / "shared" / "data"))


class Table(NamedTuple):
    """One table: a title, its rows (named tuples of one kind)."""

    title: str
    rows: Iterable[Any]


def main() -> None:
    if not SHARED.is_dir():
        sys.exit(f"There is no shared data in {SHARED}; name it in GATEWAY_SHARED_DATA")
    registry = Registry([shipped()])
    for table in (
        Table("United Kingdom: declarations", uk_declarations.rows(SHARED, registry)),
        Table("United Kingdom: requests and answers", uk_answers.rows(SHARED, registry)),
        Table("Denmark: declarations and requests", dk_declarations.rows(SHARED, registry)),
        Table("Denmark: ten parcels, as each format", dk_filed.rows(SHARED, registry)),
        Table("Denmark: business rules", dk_rules.rows(SHARED)),
        Table("Denmark: pointers", dk_pointers.rows(SHARED, registry)),
        Table("Denmark: notifications", decisions.rows(SHARED, registry)),
        _differing(),
        Table("Six answers in every order", decisions.stories()),
    ):
        _print(table)


def _differing() -> Table:
    known = decisions.codes(SHARED)
    title = (
        f"Codes of every scheme: {sum(not one.differing for one in known)} of {len(known)} as in the map, the others"
    )
    return Table(title, [one for one in known if one.differing])


def _print(table: Table) -> None:
    rows = list(table.rows)
    print(f"\n## {table.title}\n")
    if rows:
        print("| " + " | ".join(name.replace("_", " ") for name in rows[0]._fields) + " |")
        print("|---" * len(rows[0]._fields) + "|")
    for row in rows:
        print("| " + " | ".join(_cell(value) for value in row) + " |")


def _cell(value: Any) -> str:
    if isinstance(value, tuple):
        return "; ".join(" ".join(map(str, each)) if isinstance(each, tuple) else str(each) for each in value)
    return "not known" if value is None else str(value)


if __name__ == "__main__":
    main()
