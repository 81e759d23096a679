"""`gateway mapping lint`: every fault of tables at once."""

from pathlib import Path
from typing import Any

from gateway.cli.configured import tables_option
from gateway.cli.mapping.chosen import TABLES, formats_of, registry_for
from gateway.cli.mapping.formats import lines_of
from gateway.cli.report import Report, command_of, counted


@command_of("lint")
@TABLES
@tables_option
def lint(report: Report, *, tables_named: tuple[str, ...], tables: tuple[Path, ...]) -> dict[str, Any]:
    """Check tables for faults. Paths, keywords, checks, order, lists, what is lost on the way back."""
    from gateway.mapping.lint import once

    registry = registry_for(tables_named, tables)
    checked = formats_of(tables_named, registry)
    line_at = lines_of(registry)
    of_lists = () if tables_named else registry.list_faults()
    for fault in once((*(fault for name in checked for fault in registry.faults(name)), *of_lists)):
        report.finding(fault, line_at)
    report.line(f"{counted(len(checked), 'table')}, {counted(report.errors, 'error')}")
    return {"formats": list(checked)}
