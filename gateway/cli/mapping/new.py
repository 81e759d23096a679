"""`gateway mapping new`: a table proposed for an unknown message."""

from pathlib import Path
from typing import Any

import click

from gateway.cli.configured import tables_option
from gateway.cli.report import Report, command_of, counted


@command_of("new")
@click.option(
    "--like",
    "like",
    multiple=True,
    required=True,
    type=click.Path(exists=True, dir_okay=False, path_type=Path),
    help="A message of the format: XML, JSON, CSV or XLSX; more of them make it surer.",
)
@click.argument("more", nargs=-1, type=click.Path(exists=True, dir_okay=False, path_type=Path), metavar="[FILE…]")
@click.option("--format", "name", default="", metavar="NAME", help="Name of the format; else new/<name of the file>.")
@click.option("--record", type=click.Choice(["Consignment", "Message"]), help="What one message holds; else told.")
@tables_option
@click.option("--out", type=click.Path(dir_okay=False, path_type=Path), metavar="TABLE.yaml", help="Else to stdout.")
def new(
    report: Report,
    *,
    like: tuple[Path, ...],
    more: tuple[Path, ...],
    name: str,
    record: str | None,
    tables: tuple[Path, ...],
    out: Path | None,
) -> dict[str, Any] | None:
    """Propose a table for an unknown message. Names and shapes of values are compared with the model.

    Every row says how sure it is, and why; unsure rows are commented out. A beginning, to be checked by a person.
    """
    from gateway.workbench.propose import draft
    from gateway.workbench.propose.raw import Refused

    files = (*like, *more)
    try:
        found = draft.draft(files, name or f"new/{like[0].stem.lower()}", record, tables)
    except Refused as refused:
        report.finding(refused.finding)
        return None
    if out is not None:
        out.parent.mkdir(parents=True, exist_ok=True)
        out.write_text(found.text, encoding="utf-8")
        report.line(f"{out}: {counted(found.sure, 'row')}, {counted(found.unsure, 'element')} left to you")
        report.talk(f"next: gateway mapping lint {found.name} --tables {_root(out, found.name)}")
    else:
        report.line(found.text.rstrip())
    return {"format": found.name, "table": found.text, "rows": found.sure, "unsure": found.unsure}


def _root(out: Path, name: str) -> Path:
    """The folder of tables that holds this one by its name."""
    depth = name.count("/") + 1
    return out.parents[min(depth, len(out.parents)) - 1]
