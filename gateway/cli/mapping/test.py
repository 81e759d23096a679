"""`gateway mapping test`: tables against their golden cases."""

from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import click

from gateway.cli.configured import tables_option
from gateway.cli.mapping.formats import FORMATS
from gateway.cli.report import Report, command_of, counted


@command_of("test")
@FORMATS
@click.option("--update", is_flag=True, help="Write what is understood now as what was expected, to be looked at.")
@tables_option
def test(report: Report, *, formats: tuple[str, ...], update: bool, tables: tuple[Path, ...]) -> dict[str, Any]:
    """Run the golden cases beside the tables.

    A case is `cases/<table>/<name>.in` with what is understood of it in `<name>.out`. It must be understood as before,
    come back when it is written, and every row must have a value in some case.
    """
    from gateway.mapping.cases import cases_of, records, rows_without_case, run
    from gateway.mapping.registry import Registry

    registry, today = Registry(tables), datetime.now(UTC).date()
    counts: dict[str, int] = {}
    for name in formats or registry.names():
        table, cases = registry.format(name, today), list(cases_of(name, registry.roots))
        counts[name] = len(cases)
        for case in cases:
            if update:
                expected = case.path.with_suffix(".out")
                expected.write_bytes(b"\n".join(records(table, case.message)) + b"\n")
                report.line(f"{expected}: look at it, then keep it")
                continue
            for fault in run(table, case):
                report.finding(fault)
        for fault in rows_without_case(table, cases):
            report.finding(fault)
        report.line(f"{name}: {counted(len(cases), 'case')}")
    return {"cases": counts}
