"""The lists that checks rely on: CSV tables of facts among the mappings, read once, when first asked for.

The first lines of a table that begin with `#` say its source and date.
"""

import csv
from collections.abc import Callable, Iterator
from functools import cache
from itertools import chain
from pathlib import Path


@cache
def folder() -> Path:
    """Return the folder of lists: `mappings/codes` of a checkout, `gateway/_mappings/codes` of an installed wheel."""
    package = Path(__file__).resolve().parents[1]
    installed = package / "_mappings"
    return (installed if installed.is_dir() else package.parent / "mappings") / "codes"


def rows(name: str, place: Path | None = None) -> Iterator[dict[str, str]]:
    """Every row of a list by its name (`checks/postcodes`), as a dict by column."""
    with ((place or folder()) / f"{name}.csv").open(encoding="utf-8", newline="") as stream:
        header = next(line for line in stream if not line.startswith("#"))
        yield from csv.DictReader(chain([header], stream))


@cache
def column(name: str, heading: str) -> frozenset[str]:
    """Return the values of one column of a list."""
    return frozenset(row[heading] for row in rows(name))


def among(roots: tuple[Path, ...]) -> Callable[[str], Iterator[dict[str, str]]]:
    """Rows of lists from mapping folders: the first that has the list counts (an overlay before what is shipped).

    Nothing else is looked at: an archived ruleset stands alone. The function raises LookupError for a list of none.
    """

    def found(name: str) -> Iterator[dict[str, str]]:
        place = next((root / "codes" for root in roots if (root / "codes" / f"{name}.csv").is_file()), None)
        if place is None:
            raise LookupError(name)
        return rows(name, place)

    return found
