"""What most commands of the workbench share: the formats they are about, the line of a table that a finding means."""

from typing import TYPE_CHECKING

import click

from gateway.cli.configured import line_of

if TYPE_CHECKING:
    from gateway.findings import Position
    from gateway.findings.render import LineAt
    from gateway.mapping.registry import Registry

FORMATS = click.argument("formats", nargs=-1, metavar="[FORMAT…]")


def lines_of(registry: "Registry") -> "LineAt":
    """Finds a line of a table, a case or a code list in whichever folder holds it."""

    def line_at(place: "Position") -> str | None:
        return next((line for root in registry.roots if (line := line_of(root / place.file, place.line))), None)

    return line_at
