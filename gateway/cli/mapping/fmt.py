"""`gateway mapping fmt`: tables in the one layout that all of them have."""

import difflib
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from gateway.cli.configured import tables_option
from gateway.cli.mapping.chosen import TABLES, heads_of, registry_for
from gateway.cli.mapping.coloured import unified
from gateway.cli.mapping.formats import lines_of
from gateway.cli.report import Report, command_of, counted
from gateway.cli.rewriting import rewrite

if TYPE_CHECKING:
    from gateway.mapping.head import Head
    from gateway.mapping.registry import Registry


@command_of("fmt")
@TABLES
@click.option("--check", is_flag=True, help="Change nothing; exit with 1 if something would be.")
@click.option("--diff", is_flag=True, help="Change nothing; show what would be.")
@click.option("--sort", is_flag=True, help="Put the rows in the order of the grammar too.")
@click.option(
    "--schema",
    "schemas",
    type=click.Path(exists=True, dir_okay=False, path_type=Path),
    multiple=True,
    metavar="FILE.xsd",
    help="Write or compare the element table of one format; a second one stands where the first has xs:any.",
)
@tables_option
def fmt(
    report: Report,
    *,
    tables_named: tuple[str, ...],
    check: bool,
    diff: bool,
    sort: bool,
    schemas: tuple[Path, ...],
    tables: tuple[Path, ...],
) -> dict[str, Any]:
    """Write tables in the canonical layout.

    Two blanks a level, values in one column, behind each row the WCO id and name of its element. Comments, anchors and
    the choice of one line or several stay. A table is written only when it is proved to say the same as before.
    """
    from gateway.workbench.layout.format import lay

    desk = _Desk(report, check=check, diff=diff)
    registry = registry_for(tables_named, tables)
    heads = list(heads_of(tables_named, registry))
    if schemas:
        desk.grammar(registry, heads, schemas)
        registry = registry_for(tables_named, tables)
    for head in heads:
        laid = lay(registry, head, sort=sort or bool(schemas))
        for finding in laid.findings:
            report.finding(finding, lines_of(registry))
        desk.deal(registry.find(head.file), head.file, laid.before, laid.after)
    report.line(f"{counted(len(heads), 'table')}, {len(desk.changed)} {'to be ' if check or diff else ''}formatted")
    return {"tables": [head.file for head in heads], "changed": desk.changed}


class _Desk:
    """What is done with a file whose text would be another."""

    def __init__(self, report: Report, *, check: bool, diff: bool) -> None:
        self.report, self.check, self.diff = report, check, diff
        self.changed: list[str] = []

    def grammar(self, registry: "Registry", heads: "list[Head]", schemas: tuple[Path, ...]) -> None:
        """The element table of the one table that was named."""
        from gateway.mapping.faults import Place, fault
        from gateway.workbench.schema.declarations import SchemaUnreadable
        from gateway.workbench.schema.grammar import derived

        if len(heads) != 1:
            raise click.UsageError("--schema is for one table: name it")
        try:
            found = derived(registry, heads[0], schemas)
        except SchemaUnreadable as trouble:
            self.report.finding(fault("MAP162", Place(heads[0].file), name=schemas[0].name, problem=trouble))
            return
        for finding in found.findings:
            self.report.finding(finding, lines_of(registry))
        self.deal(found.path, found.name, found.before, found.after)

    def deal(self, path: Path, file: str, before: str, after: str) -> None:
        from gateway.mapping.faults import Place, fault
        from gateway.mapping.registry import shipped

        if before == after:
            return
        self.changed.append(file)
        old, new = before.splitlines(), after.splitlines()
        if self.diff:
            unified(self.report, list(difflib.unified_diff(old, new, file, f"{file} formatted", lineterm="")))
        if self.check:
            lines = sum(line.startswith("- ") for line in difflib.ndiff(old, new))
            self.report.finding(fault("MAP160", Place(file), lines=lines or len(new) - len(old)))
        elif not self.diff and path.is_relative_to(shipped()) and shipped().name.startswith("_"):
            problem = "it came with the gateway; copy it into a folder of your own"
            self.report.finding(fault("MAP161", Place(file), problem=problem))
        elif not self.diff:
            rewrite(path, after)
            self.report.line(f"{path}: formatted")
