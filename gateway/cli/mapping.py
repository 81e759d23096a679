"""`gateway mapping`: tables linted, tested, shown."""

from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click
import msgspec

from gateway.cli.configured import line_of, tables_option
from gateway.cli.report import Report, command_of, counted
from gateway.cli.tree import tree
from gateway.findings import Position

if TYPE_CHECKING:
    from gateway.mapping.plan import Element, Plan, Value

FORMATS = click.argument("formats", nargs=-1, metavar="[FORMAT…]")


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


@command_of("show")
@click.argument("format_name", metavar="FORMAT")
@click.option("--compiled", is_flag=True, help="The Python that the table is compiled to.")
@click.option("--on", type=click.DateTime(["%Y-%m-%d"]), metavar="DATE", help="The table in force then; else today.")
@tables_option
def show(
    report: Report, *, format_name: str, compiled: bool, on: datetime | None, tables: tuple[Path, ...]
) -> dict[str, Any]:
    """Show a table with all that it extends. In the order of its output: element, field of the record, row."""
    from gateway.mapping.registry import Registry

    plan = Registry(tables).plan(format_name, on.date() if on else datetime.now(UTC).date())
    if compiled:
        return _code(report, plan)
    rows = [
        {"message_path": path, "model_path": _model(plan, value), "row": msgspec.to_builtins(value.row)}
        for path, value in _values(plan)
    ]
    report.line(f"{plan.name}: {plan.title}\n{plan.basis}\n")
    for line in tree([(row["message_path"], row["model_path"], "{file}:{line}".format(**row["row"])) for row in rows]):
        report.line(line)
    return {"format": plan.name, "title": plan.title, "basis": plan.basis, "rows": rows}


def _values(plan: "Plan") -> Iterator[tuple[str, "Value"]]:
    """Every row's element or attribute with the row's value, in the order of the document."""
    by_number = {value.number: value for value in plan.values}

    def below(element: "Element") -> Iterator[tuple[str, "Value"]]:
        slots = [(element.path, slot) for slot in element.texts]
        slots += [(f"{element.path}/@{a.name}", slot) for a in element.attributes for slot in a.slots]
        yield from ((path, by_number[slot.value]) for path, slot in slots if slot.role == "text")
        for child in element.children:
            yield from below(child)

    if plan.document is not None:
        yield from below(plan.document)


def _model(plan: "Plan", value: "Value") -> str:
    """Where the value stands in the record, lists by their names; a constant shows itself."""
    if not value.refs:
        return f"= {value.constant}"
    steps = [value.refs[0].path()]
    scope = plan.scopes[value.refs[0].scope]
    while scope.parent is not None:
        steps[:0] = [*(hop.names[0] for hop in scope.hops), scope.field]
        scope = plan.scopes[scope.parent]
    return ".".join(filter(None, steps))


def _code(report: Report, plan: "Plan") -> dict[str, Any]:
    from gateway.mapping.compiled import reading, writing
    from gateway.mapping.compiled.inscribe import Uncompiled

    code = {"read": reading.source_of(plan).text() if plan.reads else "", "write": ""}
    if plan.writes:
        try:
            code["write"] = writing.source_of(plan).text()
        except Uncompiled:
            report.talk(f"{plan.name} is written by the traced twin alone")
    for text in filter(None, code.values()):
        report.line(text)
    return {"format": plan.name, **code}


@click.group("mapping", commands=(lint, test, show))
def command() -> None:
    """Lint, test and show mapping tables."""
