"""Findings about tables (`MAP1xx`): where in the YAML, what, and the name that was probably meant."""

from collections.abc import Iterable
from typing import Any

import msgspec

from gateway.findings.catalogue import entry
from gateway.findings.finding import Finding, Position, Row
from gateway.mapping.names import nearest


class Place(msgspec.Struct, frozen=True):
    """A place in a table: line and column count from 1."""

    file: str = ""
    line: int = 1
    column: int = 1

    def row(self) -> Row:
        return Row(self.file, self.line)


def fault(code: str, place: Place, /, **values: Any) -> Finding:
    """One finding about a table; its position's path is `file:line:column`."""
    where = f"{place.file}:{place.line}:{place.column}"
    return Finding(
        code,
        entry(code).severity,
        {name: str(value) for name, value in values.items()},
        source=Position(place.file, place.line, path=where),
        row=place.row(),
    )


def unknown(code: str, place: Place, name: str, names: Iterable[str], /, **values: Any) -> Finding:
    """A name that a closed set does not hold."""
    known = tuple(sorted(names) if isinstance(names, (set, frozenset)) else names)
    shown = ", ".join(known) or "none"
    return fault(code, place, name=name, meant=nearest(name, known), known=shown, **values)
