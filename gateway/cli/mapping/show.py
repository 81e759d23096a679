"""`gateway mapping show`: a table with all that it extends, or the Python that it is compiled to."""

import os
import sys
from datetime import UTC, date, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click
import msgspec

from gateway.cli.configured import tables_option
from gateway.cli.report import Report, command_of
from gateway.cli.tree import tree

if TYPE_CHECKING:
    from gateway.mapping.plan import Plan
    from gateway.mapping.registry import Registry
    from gateway.workbench.compiled import Code


@command_of("show")
@click.argument("format_name", metavar="FORMAT")
@click.option("--compiled", is_flag=True, help="The Python that the table is compiled to, each line with its row.")
@click.option("--read", "way", flag_value="read", help="Of that Python, what reads.")
@click.option("--write", "way", flag_value="write", help="Of that Python, what writes.")
@click.option("--hash", "hashed", is_flag=True, help="The hash that an overlay of the table names in `replaces:`.")
@click.option("--on", type=click.DateTime(["%Y-%m-%d"]), metavar="DATE", help="The table in force then; else today.")
@tables_option
def show(
    report: Report,
    *,
    format_name: str,
    compiled: bool,
    way: str | None,
    hashed: bool,
    on: datetime | None,
    tables: tuple[Path, ...],
) -> dict[str, Any]:
    """Show a table with all that it extends. In the order of its output: element, field of the record, row."""
    from gateway.mapping.carried import carried, model_path
    from gateway.mapping.registry import Registry

    registry, day = Registry(tables), on.date() if on else datetime.now(UTC).date()
    if hashed:
        return _hashes(report, registry, format_name, day)
    plan = registry.plan(format_name, day)
    if compiled or way:
        return _code(report, plan, way)
    rows = [
        {
            "message_path": path,
            "model_path": model_path(plan, value) or f"= {value.constant}",
            "row": msgspec.to_builtins(value.row),
        }
        for path, value in carried(plan)
    ]
    report.line(f"{plan.name}: {plan.title}\n{plan.basis}\n")
    for line in tree([(row["message_path"], row["model_path"], "{file}:{line}".format(**row["row"])) for row in rows]):
        report.line(line)
    return {"format": plan.name, "title": plan.title, "basis": plan.basis, "rows": rows}


def _hashes(report: Report, registry: "Registry", name: str, on: date) -> dict[str, Any]:
    """The table in use first, then those that it replaces, down to the shipped one."""
    from gateway.mapping.fingerprint import fingerprint
    from gateway.mapping.table import load

    file = registry.merged(name, on).file
    found = [{"file": str(path), "hash": fingerprint(load(path, file))} for path in registry.layers(file)]
    for layer in found:
        report.line(f"{layer['hash']}  {layer['file']}")
    return {"format": name, "layers": found}


def _code(report: Report, plan: "Plan", way: str | None) -> dict[str, Any]:
    """The functions, one after the other. What is met in practice and they do not expect, the traced twin reads."""
    from gateway.workbench.compiled import reader, writer

    found = {"read": reader(plan) if way != "write" else (), "write": writer(plan) if way != "read" else ()}
    if plan.writes and way != "read" and not found["write"]:
        report.talk(f"{plan.name} is written by the traced twin alone")
    for code in (*found["read"], *found["write"]):
        _print(report, code)
    return {
        "format": plan.name,
        **{name: "\n".join(code.text() for code in codes) for name, codes in found.items()},
        "functions": [_told(code) for codes in found.values() for code in codes],
    }


def _told(code: "Code") -> dict[str, Any]:
    return {
        "name": code.name,
        "lines": [{"text": line, "row": f"{row.file}:{row.line}" if row else None} for line, row in code.lines],
    }


def _print(report: Report, code: "Code") -> None:
    """In colours on a terminal."""
    coloured = sys.stdout.isatty() and not os.environ.get("NO_COLOR")
    if report.as_json or not (coloured or os.environ.get("FORCE_COLOR")):
        report.line(code.text())
        return
    from rich.console import Console
    from rich.syntax import Syntax

    width = max(map(len, code.text().splitlines()))
    Console(force_terminal=True, width=width).print(
        Syntax(code.text(), "python", theme="ansi_dark", background_color="default")
    )
