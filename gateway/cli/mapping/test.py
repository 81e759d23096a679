"""`gateway mapping test`: tables against their golden cases, and the cases against the tables."""

import time
from collections import Counter
from datetime import UTC, date, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from gateway.cli.configured import tables_option
from gateway.cli.mapping.chosen import TABLES, formats_of, registry_for
from gateway.cli.mapping.coloured import unified
from gateway.cli.mapping.formats import lines_of
from gateway.cli.report import Report, command_of, counted

if TYPE_CHECKING:
    from gateway.mapping.cases import Case
    from gateway.mapping.format import Format
    from gateway.mapping.registry import Registry


@command_of("test")
@TABLES
@click.option("--update", is_flag=True, help="Write what is understood now as what was expected, to be looked at.")
@click.option("--mutations/--no-mutations", default=True, help="Whether to delete each row once. Default: yes.")
@tables_option
def test(
    report: Report, *, tables_named: tuple[str, ...], update: bool, mutations: bool, tables: tuple[Path, ...]
) -> dict[str, Any]:
    """Run the golden cases beside the tables, and see whether they would notice a slip.

    A case is a message `cases/<table>/<name>.in`, or records to be written (`<name>.record`), with what is made of it
    in `<name>.out` and what is found in `<name>.findings`. It must be understood as before and come back when it is
    written. Then each row, word and predicate of the table is deleted once: some case must fail.
    """
    registry = registry_for(tables_named, tables)
    bench = _Bench(report, registry, datetime.now(UTC).date())
    for name in formats_of(tables_named, registry):
        if update:
            bench.update(name)
        else:
            bench.test(name, mutations=mutations)
    return bench.data


class _Bench:
    """One run over several tables."""

    def __init__(self, report: Report, registry: "Registry", on: date) -> None:
        self.report, self.registry, self.on = report, registry, on
        self.line_at = lines_of(registry)
        self.data: dict[str, Any] = {"cases": {}, "differences": {}, "mutants": {}, "seconds": {}}

    def at_work(self, name: str) -> "tuple[Format, list[Case]]":
        from gateway.mapping.cases import cases_of

        cases = list(cases_of(name, self.registry.roots))
        self.data["cases"][name] = len(cases)
        return self.registry.format(name, self.on), cases

    def update(self, name: str) -> None:
        from gateway.workbench.proof.golden import updated

        table, cases = self.at_work(name)
        for case in cases:
            if updated(table, case):
                self.report.line(f"{case.path.with_suffix('.out')}: look at it, then keep it")
        self.report.line(f"{name}: {counted(len(cases), 'case')}")

    def test(self, name: str, *, mutations: bool) -> None:
        from gateway.findings import Finding
        from gateway.workbench.proof.golden import one_way, rows_without_case

        begun, (table, cases) = time.perf_counter(), self.at_work(name)
        if not cases:
            self.report.finding(Finding("MAP305", "warning", {"format": name}))
        held = [self.holds(table, case) for case in cases]
        for excuse in one_way(table):
            self.report.finding(excuse, self.line_at)
        words = [counted(len(cases), "case")]
        if cases and all(held) and mutations:
            words.append(self.mutate(name, table, cases))
        else:
            for missing in rows_without_case(table, cases) if cases else ():
                self.report.finding(missing, self.line_at)
            words += ["no row was deleted: the cases must hold first"] if cases and mutations else []
        self.data["seconds"][name] = round(time.perf_counter() - begun, 3)
        self.report.line(f"{name}: {', '.join(words)}  ({self.data['seconds'][name]:.1f} s)")

    def holds(self, table: "Format", case: "Case") -> bool:
        """Whether a case is as it was; where not, its difference is shown."""
        from gateway.mapping.cases import told
        from gateway.workbench.proof.golden import run
        from gateway.workbench.proof.unified import differences

        faults = list(run(table, case))
        for fault in faults:
            self.report.finding(fault, self.line_at)
        if faults and (lines := list(differences(case, told(table, case)))):
            self.data["differences"][case.file] = lines
            unified(self.report, lines)
        return not faults

    def mutate(self, name: str, table: "Format", cases: "list[Case]") -> str:
        from gateway.workbench.proof.mutation import tried

        fates: Counter[str] = Counter()
        for one in tried(table, self.registry.merged(name, self.on), self.registry.built, cases):
            fates[one.fate] += 1
            if one.fate == "unnoticed":
                self.report.finding(one.finding(), self.line_at)
        self.data["mutants"][name] = dict(fates)
        deleted = fates.total() - fates["same"]
        return f"{counted(deleted, 'deletion')}, {fates['unnoticed']} unnoticed"
