"""`gateway mapping diff`: what other tables would change, over real messages or the journal's own files."""

from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import click

from gateway.cli.configured import config_option
from gateway.cli.endings import FINDINGS
from gateway.cli.options import SETTING
from gateway.cli.report import Report, command_of

FILES = click.argument("files", metavar="[FILE…]", nargs=-1, type=click.Path(exists=True, path_type=Path))


@command_of("diff")
@click.argument("old", metavar="OLD")
@click.argument("new", metavar="NEW")
@FILES
@click.option("--journal", is_flag=True, help="Over the files of the journal that are still in the spool.")
@config_option
@click.option(
    "--from", "connection", default="", metavar="CONNECTION", help="As if FILEs had come over it: its routes count."
)
@click.option("--as", "source_format", metavar="FORMAT", help="Format of the files; else told by their bytes.")
@click.option("--to", "target", metavar="FORMAT", help="Compare what is written in this format, too.")
@click.option("--on", type=click.DateTime(["%Y-%m-%d"]), metavar="DATE", help="Date of receipt; else today.")
@SETTING
@click.option("--examples", type=click.IntRange(0), default=3, show_default=True, help="So many of each difference.")
@click.option("--show-values", is_flag=True, help="Show values of persons and companies as they are.")
def diff(report: Report, *, on: datetime | None, examples: int, show_values: bool, **asked: Any) -> dict[str, Any]:
    """Show what NEW tables make of messages that OLD ones do not: values, findings, routes, fates, written messages.

    FILEs may be folders. OLD and NEW are folders of tables laid over the shipped ones, `shipped` alone, or by the
    configuration: `disk` (the tables it names, as they are now), `in-force` (those the daemon works by) or the first
    digits of an archived ruleset. Both are run as the daemon runs them; whether an item came before is not asked.

    Exit codes: 0 nothing would change, 1 something would.
    """
    from gateway.cli.mapping.differing import told
    from gateway.cli.mapping.sides import work_of
    from gateway.cli.progress import progress
    from gateway.workbench.difference.tally import Differences

    found = Differences(examples, show_values=show_values)
    day = on.date() if on else datetime.now(UTC).date()
    with work_of(report, on=day, **asked) as work, progress(report, work.size) as reached:
        for step in work.run():
            found.add(step.file, step.one)
            reached(step.bytes)
    if found:
        report.ends_with(FINDINGS)
    return told(report, found, *(side.name for side in work.comparison.sides))
