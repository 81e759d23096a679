"""`gateway mapping lint`: every fault of tables at once."""

from pathlib import Path
from typing import Any

from gateway.cli.configured import line_of, tables_option
from gateway.cli.mapping.formats import FORMATS
from gateway.cli.report import Report, command_of, counted
from gateway.findings import Position


@command_of("lint")
@FORMATS
@tables_option
def lint(report: Report, *, formats: tuple[str, ...], tables: tuple[Path, ...]) -> dict[str, Any]:
    """Check tables for faults. Paths, keywords, checks, order, lists, what is lost on the way back."""
    from gateway.mapping.registry import Registry

    registry = Registry(tables)

    def line_at(place: Position) -> str | None:
        return next((line for root in registry.roots if (line := line_of(root / place.file, place.line))), None)

    checked = formats or registry.names()
    for name in checked:
        for fault in registry.faults(name):
            report.finding(fault, line_at)
    report.line(f"{counted(len(checked), 'table')}, {counted(report.errors, 'error')}")
    return {"formats": list(checked)}
