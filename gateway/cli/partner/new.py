"""`gateway partner new`: a file to start from."""

import re
from pathlib import Path
from typing import Any

import click

from gateway.cli.configured import config_option, find_configuration
from gateway.cli.report import Report, command_of

NAME = re.compile(r"[a-z0-9]+(-[a-z0-9]+)*")


@command_of("new")
@click.argument("name")
@config_option
def new(report: Report, *, name: str, config: Path | None) -> dict[str, Any]:
    """Write the file of partner NAME beside the others: every key with its meaning, optional ones switched off."""
    from gateway.settings.sample import sample

    path = find_configuration(config)
    file = (path if path.is_dir() else path.parent) / "partners" / f"{name}.yaml"
    if not NAME.fullmatch(name):
        raise click.BadParameter(f"{name!r}: small letters, digits and dashes", param_hint="NAME")
    if file.exists():
        raise click.BadParameter(f"{file} is there already; nothing was written", param_hint="NAME")
    text = re.sub(r"^partner: \S+", f"partner: {name}", sample("partner"), count=1, flags=re.MULTILINE)
    file.parent.mkdir(exist_ok=True)
    file.write_text(text, encoding="utf-8")
    report.line(str(file))
    report.talk(f"next: fill it in, then `gateway partner trust {name}.live` and `gateway config validate`")
    return {"file": str(file)}
