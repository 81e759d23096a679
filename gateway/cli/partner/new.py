"""`gateway partner new`: a file to start from."""

import json
import re
from functools import partial
from pathlib import Path
from typing import Any

import click

from gateway.cli.configured import config_option, find_configuration
from gateway.cli.report import Report, command_of
from gateway.cli.rewriting import rewrite

NAME = re.compile(r"[a-z0-9]+(-[a-z0-9]+)*")
ROLES = ("post", "carrier", "platform", "customs", "network")


@command_of("new")
@click.argument("name")
@click.option("--called", metavar="TEXT", help="What people call the partner.")
@click.option("--role", type=click.Choice(ROLES), help="What it is in the exchange.")
@click.option("--country", metavar="XX", help="ISO 3166 alpha-2.")
@click.option("--sftp", metavar="USER@HOST", help="Our account at its server, as user@host, user@host:2222/folder.")
@config_option
def new(report: Report, *, name: str, config: Path | None, **given: str | None) -> dict[str, Any]:
    """Write the file of partner NAME beside the others: every key with its meaning, optional ones switched off.

    What is told here is filled in. No key of a server is pinned: `gateway partner trust` does that.
    """
    path = find_configuration(config)
    file = (path if path.is_dir() else path.parent) / "partners" / f"{name}.yaml"
    if not NAME.fullmatch(name):
        raise click.BadParameter(f"{name!r}: small letters, digits and dashes", param_hint="NAME")
    if file.exists():
        raise click.BadParameter(f"{file} is there already; nothing was written", param_hint="NAME")
    text = _filled(name, given)
    file.parent.mkdir(exist_ok=True)
    rewrite(file, text)
    report.line(str(file))
    for number, step in enumerate(_steps(name, file), 1):
        report.talk(f"{number}. {step}")
    return {"file": str(file)}


def _filled(name: str, given: dict[str, str | None]) -> str:
    """The sample with this partner's own values."""
    from gateway.settings.sample import sample
    from gateway.settings.values import parse_sftp

    if given["sftp"] and parse_sftp(given["sftp"]) is None:
        raise click.BadParameter(f"{given['sftp']!r} is not an account such as user@host", param_hint="--sftp")
    if given["country"] and not re.fullmatch(r"[A-Z]{2}", given["country"]):
        raise click.BadParameter("two capital letters, ISO 3166 alpha-2", param_hint="--country")
    text = sample("partner").replace("sftp.example-post", f"sftp.{name}")
    called = json.dumps(given["called"], ensure_ascii=False) if given["called"] else None  # YAML takes it so
    values = {"partner": name, "name": called, "role": given["role"], "sftp": given["sftp"]}
    for key, value in {**values, "country": given["country"], "host_keys": "[]"}.items():
        if value is not None:
            written = re.compile(rf"^( *)(?:# )?{key}: .*?(  +#|$)", re.MULTILINE)
            text = written.sub(partial(_put, f"{key}: {value}"), text, count=1)
    return text.replace("\ntimezone:", "\n# timezone:", 1)  # the sample's is nobody's; absent, the gateway's counts


def _put(said: str, found: re.Match[str]) -> str:
    """As it is: what a person tells may hold a backslash."""
    return found[1] + said + found[2]


def _steps(name: str, file: Path) -> tuple[str, ...]:
    return (
        f"ssh-keygen -t ed25519 -N '' -f {file.parent.parent}/credentials/sftp.{name}    the .pub is for the partner",
        f"fill in {file.name}: account, time zone, folders, formats; ask for a folder to try the server in (`probe:`)",
        f"gateway partner trust {name}.live    shows the server's key, to be compared by another way, and pins it",
        "gateway config validate",
        f"gateway partner test {name}    dials, looks into the folders, tries what the server can do",
    )
