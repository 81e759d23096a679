"""`gateway init`: a sample configuration to start from."""

import shutil
from pathlib import Path
from typing import Any

import click

from gateway.cli.report import Report, command_of


@command_of("init")
@click.argument("folder", metavar="DIR", type=click.Path(file_okay=False, path_type=Path))
def command(report: Report, *, folder: Path) -> dict[str, Any]:
    """Write a sample configuration into DIR: a post, a mailbox with a post behind it, an administration, a route."""
    from gateway.settings.shipped import shipped_configuration

    if folder.exists() and any(folder.iterdir()):
        raise click.BadParameter(f"{folder} is not empty; nothing was written", param_hint="DIR")
    shutil.copytree(shipped_configuration(), folder, dirs_exist_ok=True, ignore=shutil.ignore_patterns("demo"))
    (folder / "credentials").mkdir(mode=0o700)
    files = sorted(str(path.relative_to(folder)) for path in folder.rglob("*.yaml"))
    for name in files:
        report.line(str(folder / name))
    report.line(f"{folder / 'credentials'}/")
    report.talk(
        f"next: put your own partners there and their keys into credentials/, then `gateway config validate {folder}`"
    )
    return {"folder": str(folder), "files": files}
