"""Editions of official schemas that an operator has installed: which one a document of a format must fit on a day.

They lie in a mapping folder as every other data of a ruleset does: files as published below `schemas/<folder>/`, and
`schemas/editions.csv` says which format begins with which of them, from which day to which (ISO 8601, both included,
empty: without end). What is shipped has none: without an edition nothing is validated and nothing is spent.
"""

import csv
from collections.abc import Iterator, Sequence
from datetime import date
from pathlib import Path

import msgspec

FOLDER = "schemas"
INDEX = "editions.csv"


class Edition(msgspec.Struct, frozen=True):
    """One row of the index: a format, what the edition is called, the folder of its files, the first of them, days."""

    format: str
    name: str
    folder: str
    root: str
    valid_from: str = ""
    valid_to: str = ""

    def __str__(self) -> str:
        """As a filing records it: `cds-3.0 3f2a91c04d1e customs/wrapper_submit.xsd`."""
        return f"{self.name} {self.folder} {self.root}"

    @property
    def apart(self) -> bool:
        """Whether its files lie in a folder of their own, as every installed one's do: a row may be edited by hand."""
        return self.folder not in {"", ".", ".."} and Path(self.folder).name == self.folder

    def in_force(self, on: date) -> bool:
        day = on.isoformat()
        return (self.valid_from or day) <= day <= (self.valid_to or day)


def editions(root: Path) -> tuple[Edition, ...]:
    """What the index of one mapping folder says; nothing where it has none."""
    index = root / FOLDER / INDEX
    if not index.is_file():
        return ()
    with index.open(encoding="utf-8", newline="") as stream:
        return tuple(msgspec.convert(row, Edition) for row in csv.DictReader(stream))


def among(roots: Sequence[Path]) -> Iterator[tuple[Path, Edition]]:
    """Every edition with the folder of its files, an overlay's before those of what it lies over."""
    return ((root / FOLDER / one.folder, one) for root in roots for one in editions(root))


def contents(folder: Path) -> dict[str, bytes]:
    """Every file of a set by its path in it."""
    files = (path for path in sorted(folder.rglob("*")) if path.is_file())
    return {path.relative_to(folder).as_posix(): path.read_bytes() for path in files}
