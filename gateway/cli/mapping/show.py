"""`gateway mapping show`: a table with all that it extends, or the Python that it is compiled to."""

from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click
import msgspec

from gateway.cli.configured import tables_option
from gateway.cli.report import Report, command_of
from gateway.cli.tree import tree

if TYPE_CHECKING:
    from gateway.mapping.plan import Element, Plan, Value


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
