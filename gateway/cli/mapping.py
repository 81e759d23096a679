"""`gateway mapping`: tables linted, tested, shown."""

from pathlib import Path
from typing import Any

import click

from gateway.cli.configured import line_of, tables_option
from gateway.cli.report import Report, command_of
from gateway.findings import Position

FORMATS = click.argument("formats", nargs=-1, metavar="[FORMAT…]")


@command_of("lint")
@FORMATS
@tables_option
def lint(report: Report, *, formats: tuple[str, ...], tables: tuple[Path, ...]) -> dict[str, Any]:
    """Check tables: paths, keywords, checks, order, lists, lost two-wayness, mandatory elements without a row."""
    from gateway.mapping.registry import Registry

    registry = Registry(tables)

    def line_at(place: Position) -> str | None:
        return next((line for root in registry.roots if (line := line_of(root / place.file, place.line))), None)

    checked = formats or registry.names()
    for name in checked:
        for fault in registry.faults(name):
            report.finding(fault, line_at)
    report.line(f"{len(checked)} tables, {report.errors} errors")
    return {"formats": list(checked)}


@click.group("mapping", commands=(lint,))
def command() -> None:
    """Lint, test and show mapping tables."""
