"""`gateway mapping document`: pages about the formats for customs officers, in their language."""

from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import click

from gateway.cli.configured import config_option, load_configuration, tables_option
from gateway.cli.mapping.formats import FORMATS
from gateway.cli.report import Report, command_of, counted


@command_of("document")
@FORMATS
@click.option(
    "--out", type=click.Path(file_okay=False, path_type=Path), required=True, help="Folder that the pages go to."
)
@click.option("--csv", "sheets", is_flag=True, help="The same as CSV too.")
@click.option("--on", type=click.DateTime(["%Y-%m-%d"]), metavar="DATE", help="The tables in force then; else today.")
@config_option
@tables_option
def document(
    report: Report,
    *,
    formats: tuple[str, ...],
    out: Path,
    sheets: bool,
    on: datetime | None,
    config: Path | None,
    tables: tuple[Path, ...],
) -> dict[str, Any]:
    """Write pages about formats for officers. One HTML page a format and an index, for screen and paper.

    Each element of the message with its data element, WCO id and name, form, codes, checks and an example; who sends
    what to whom, with --config by the routes. --language says in which language.
    """
    from gateway.mapping.registry import Registry
    from gateway.workbench.document.book import book
    from gateway.workbench.document.words import Words

    settings = load_configuration(report, config) if config is not None else None
    registry = Registry((*tables, *(settings.overlays if settings else ())))
    day = (on or datetime.now(UTC)).date()
    out.mkdir(parents=True, exist_ok=True)
    written: list[str] = []
    for name, text in book(
        registry, formats or registry.names(), day, Words(report.language), settings=settings, sheets=sheets
    ):
        (out / name).write_text(text, "utf-8", newline="")
        written.append(name)
    report.line(f"{counted(len(written), 'file')} in {out}: begin with {out / 'index.html'}")
    return {"folder": str(out), "files": written}
