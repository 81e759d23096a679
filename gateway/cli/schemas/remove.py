"""`gateway schemas remove`: documents of a format are not held against an edition any more."""

from pathlib import Path
from typing import Any

import click
import msgspec

from gateway.cli.report import Report, command_of
from gateway.cli.schemas.overlay import overlay_of, overlay_options


@command_of("remove")
@click.argument("formats", metavar="FORMAT…", nargs=-1, required=True)
@click.option("--name", default="", help="Only this edition; else every one of the formats.")
@overlay_options
def remove(
    report: Report, *, formats: tuple[str, ...], name: str, config: Path | None, into: Path | None
) -> dict[str, Any]:
    """Take editions of FORMATs out. Archived rulesets keep theirs: what was filed stays explained."""
    from gateway.mapping.editions import editions
    from gateway.ruleset.installing import remove as take_out

    overlay = overlay_of(report, config, into)
    gone = [one for one in editions(overlay) if one.format in formats and name in {"", one.name}]
    if not gone:
        raise click.BadParameter(f"no such edition is installed in {overlay}", param_hint="FORMAT")
    take_out(overlay, gone)
    for one in gone:
        left = "" if one.apart else f"; its row names no folder of its own ({one.folder!r}), no file was deleted"
        report.line(f"{one.format}: {one} removed{left}")
    report.talk("next: `gateway reload`, where a gateway runs")
    return {"removed": [msgspec.to_builtins(one) for one in gone]}
