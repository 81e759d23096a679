"""A finding: something about the data. A value, many per item, never raised.

The text of a finding lives in the catalogue (`catalogue.csv`); a finding carries its code, its place and the values
that fill the message's named placeholders. Personal data in `values` is masked by whoever makes the finding.
"""

from typing import Literal

import msgspec

Severity = Literal["error", "warning", "info"]


class Position(msgspec.Struct, frozen=True, omit_defaults=True):
    """Where in the source: byte offset and length from the start of the file, line from 1, path in the message."""

    file: str = ""
    line: int | None = None
    offset: int | None = None
    length: int | None = None
    path: str = ""
    segment: int | None = None


class Row(msgspec.Struct, frozen=True):
    """The row of a mapping table that carries a value."""

    file: str
    line: int


class Finding(msgspec.Struct, frozen=True, omit_defaults=True):
    """One fact about one place.

    `code` is a code of the catalogue (`SRC201`); `severity` overrides the catalogue's when a route says so.
    """

    code: str
    severity: Severity = "error"
    values: dict[str, str] = {}
    item_id: str = ""
    source: Position | None = None
    row: Row | None = None
    model_path: str = ""
    wco_id: str = ""
