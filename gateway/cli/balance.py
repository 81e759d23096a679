"""`gateway balance`: every item received is in exactly one place; every filing has one LRN and one delivery."""

from pathlib import Path
from typing import Any

import click

from gateway.cli.configured import config_option
from gateway.cli.report import Report, command_of
from gateway.cli.stateful import gate_of


@command_of("balance")
@config_option
@click.option("--file", "file", default=None, metavar="FILE", help="Only what came in this file (its id).")
def command(report: Report, *, config: Path | None, file: str | None) -> dict[str, Any]:
    """Prove that nothing is lost and nothing is twice; exit code 1 when a rule does not hold."""
    import msgspec

    from gateway.findings import Finding
    from gateway.journal.balance import balance

    with gate_of(report, config) as gate, gate.journal.read() as conn:
        found = balance(conn, file)
    if file and not found.files:
        raise click.UsageError(f"there is no file {file!r}; `gateway items show ITEM` names an item's file")
    counts = {f"file {one.id} {one.state}": one.items for one in found.files} if file else found.counts
    for machine, states in counts.items():
        parts = ", ".join(f"{state} {count:,}" for state, count in states.items())
        report.line(f"{machine:<10} {sum(states.values()):>9,}   {parts}".rstrip())
    report.line("balanced" if found.ok else "NOT BALANCED")
    for broken in found.violations:
        values = {"rule": broken.rule, "holds": broken.holds, "count": str(broken.count), "ids": ", ".join(broken.ids)}
        report.finding(Finding("INT903", values=values))
        report.talk(f"   {broken.holds}: {', '.join(broken.ids)}{' …' if broken.count > len(broken.ids) else ''}\n")
    return {"ok": found.ok, **msgspec.to_builtins(found)}
