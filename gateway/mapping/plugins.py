"""What others bring: syntaxes and authority packs, found through the entry points `gateway.formats`.

Names say the kind: `syntax.xml`, `authority.customs/uk`. The application itself names no format and no country.
"""

from collections.abc import Mapping
from functools import cache
from importlib.metadata import EntryPoint, entry_points

from gateway.mapping.protocols import Authority, Syntax

GROUP = "gateway.formats"


@cache
def syntaxes() -> Mapping[str, Syntax]:
    """Every syntax adapter within reach, by its name."""
    return {point.name.removeprefix("syntax."): point.load() for point in _points("syntax.")}


@cache
def authority_for(format_name: str) -> Authority | None:
    """The authority pack that a format belongs to: the one with the longest name that leads to it."""
    fits = [p for p in _points("authority.") if format_name.startswith(f"{p.name.removeprefix('authority.')}/")]
    found = max(fits, key=lambda p: len(p.name), default=None)
    pack: Authority | None = found.load() if found else None
    return pack


def _points(kind: str) -> tuple[EntryPoint, ...]:
    return tuple(point for point in entry_points(group=GROUP) if point.name.startswith(kind))
