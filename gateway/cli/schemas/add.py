"""`gateway schemas add`: an official schema into the overlay folder."""

from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click
import msgspec

from gateway.cli.endings import FINDINGS
from gateway.cli.report import Report, command_of, counted
from gateway.cli.schemas.overlay import overlay_of, overlay_options
from gateway.findings import Finding, Position

if TYPE_CHECKING:
    from gateway.mapping.protocols import Validator

DAY = click.DateTime(["%Y-%m-%d"])


@command_of("add")
@click.argument("formats", metavar="FORMAT…", nargs=-1, required=True)
@click.argument("path", metavar="FILE|FOLDER|ZIP", type=click.Path(exists=True, path_type=Path))
@click.option("--root", default="", metavar="FILE", help="The schema to begin with, by its path in FOLDER or ZIP.")
@click.option("--name", default="", help="What the edition is called; else the name of FILE, FOLDER or ZIP.")
@click.option("--from", "since", type=DAY, metavar="DATE", help="First day that it is in force; else always.")
@click.option("--to", "until", type=DAY, metavar="DATE", help="Last day that it is in force; else for ever.")
@overlay_options
def add(
    report: Report,
    *,
    formats: tuple[str, ...],
    path: Path,
    root: str,
    name: str,
    since: datetime | None,
    until: datetime | None,
    config: Path | None,
    into: Path | None,
) -> dict[str, Any]:
    """Install an official schema for FORMATs. Each document written for one is held against it from then on.

    Includes and imports are looked up in what is given, never in the network. A schema that does not load is refused;
    nothing is installed then. A FILE is taken with those beside and below it that it names.
    """
    from gateway.cli.schemas.gathered import gathered
    from gateway.mapping.editions import Edition
    from gateway.ruleset.installing import folder_name, install

    overlay = overlay_of(report, config, into)
    files, begun = gathered(report, path, _validator(formats, overlay), root)
    if not files:
        report.ends_with(FINDINGS)
        return {"installed": []}
    days = (one.date().isoformat() if one else "" for one in (since, until))
    new = Edition("", name or path.stem, folder_name(files), begun, *days)
    installed = [msgspec.structs.replace(new, format=one) for one in formats]
    try:
        install(overlay, installed, files)
    except OSError as error:  # a name that the disk does not take, no room, no right
        problem = f"the files cannot be kept in {overlay}: {error.strerror or error}"
        report.finding(Finding("CFG130", values={"problem": problem}, source=Position(str(path))))
        report.ends_with(FINDINGS)
        return {"installed": []}
    for one in installed:
        report.line(f"{one.format}: {one}, {counted(len(files), 'file')} in {overlay}")
    report.talk("next: `gateway reload`, where a gateway runs")
    return {"installed": [msgspec.to_builtins(one) for one in installed], "overlay": str(overlay)}


def _validator(formats: tuple[str, ...], overlay: Path) -> "Validator":
    """What holds documents of these formats against schemas. Raises: BadParameter."""
    from datetime import date

    from gateway.mapping.plugins import syntaxes
    from gateway.mapping.protocols import Validator
    from gateway.mapping.registry import Registry
    from gateway.settings.faults import nearest

    registry = Registry((overlay,))
    known = {head.format: head for head in registry.heads()}
    found: Validator | None = None
    for name in formats:
        if name not in known:
            problem = f"there is no format {name!r}; did you mean {nearest(name, known)}?"
            raise click.BadParameter(problem, param_hint="FORMAT")
        syntax = syntaxes()[known[name].syntax]
        if not isinstance(syntax, Validator) or registry.plan(name, known[name].day or date.today()).framed:  # noqa: DTZ011
            problem = f"a document of {name} is not held against a schema: it holds several messages or has no schemas"
            raise click.BadParameter(problem, param_hint="FORMAT")
        found = syntax
    assert found is not None  # click demands a format
    return found
