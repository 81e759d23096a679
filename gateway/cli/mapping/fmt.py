"""`gateway mapping fmt`: tables in the one layout that all of them have."""

import difflib
import os
import tempfile
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from gateway.cli.configured import tables_option
from gateway.cli.mapping.chosen import TABLES, heads_of, registry_for
from gateway.cli.mapping.coloured import unified
from gateway.cli.mapping.formats import lines_of
from gateway.cli.report import Report, command_of, counted

if TYPE_CHECKING:
    from gateway.workbench.layout.format import Laid


@command_of("fmt")
@TABLES
@click.option("--check", is_flag=True, help="Change nothing; exit with 1 if something would be.")
@click.option("--diff", is_flag=True, help="Change nothing; show what would be.")
@click.option("--sort", is_flag=True, help="Put the rows in the order of the grammar too.")
@tables_option
def fmt(
    report: Report, *, tables_named: tuple[str, ...], check: bool, diff: bool, sort: bool, tables: tuple[Path, ...]
) -> dict[str, Any]:
    """Write tables in the canonical layout.

    Two blanks a level, values in one column, behind each row the WCO id and name of its element. Comments, anchors and
    the choice of one line or several stay. A table is written only when it is proved to say the same as before.
    """
    from gateway.workbench.layout.format import lay

    registry = registry_for(tables_named, tables)
    heads = list(heads_of(tables_named, registry))
    changed = []
    for head in heads:
        laid = lay(registry, head, sort=sort)
        for finding in laid.findings:
            report.finding(finding, lines_of(registry))
        if laid.changed:
            changed.append(head.file)
            _deal(report, registry.find(head.file), head.file, laid, check=check, diff=diff)
    report.line(f"{counted(len(heads), 'table')}, {len(changed)} {'to be ' if check or diff else ''}formatted")
    return {"tables": [head.file for head in heads], "changed": changed}


def _deal(report: Report, path: Path, file: str, laid: "Laid", *, check: bool, diff: bool) -> None:
    """One table whose layout is another."""
    from gateway.mapping.faults import Place, fault
    from gateway.mapping.registry import shipped

    if diff:
        before, after = laid.before.splitlines(), laid.after.splitlines()
        unified(report, list(difflib.unified_diff(before, after, file, f"{file} formatted", lineterm="")))
    if check:
        report.finding(fault("MAP160", Place(file), lines=laid.lines))
    elif not diff and path.is_relative_to(shipped()) and shipped().name.startswith("_"):
        problem = "it came with the gateway; copy it into a folder of your own"
        report.finding(fault("MAP161", Place(file), problem=problem))
    elif not diff:
        _write(path, laid.after)
        report.line(f"{path}: formatted")


def _write(path: Path, text: str) -> None:
    """All of it or nothing: whoever reads the table meanwhile reads the old one."""
    number, name = tempfile.mkstemp(dir=path.parent, prefix=f".{path.name}.")
    try:
        with os.fdopen(number, "w", encoding="utf-8", newline="\n") as stream:
            stream.write(text)
        Path(name).chmod(path.stat().st_mode)
        Path(name).replace(path)
    except BaseException:
        Path(name).unlink()
        raise
