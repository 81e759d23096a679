"""`gateway partner trust`: the server's key, shown to be compared, pinned only when a person says which one it is."""

import re
from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from gateway.cli.configured import config_option, find_configuration
from gateway.cli.report import Report, command_of
from gateway.cli.rewriting import rewrite

if TYPE_CHECKING:
    from paramiko import PKey

    from gateway.settings.source import Source
    from gateway.settings.values import Sftp

ADVICE = "compare the fingerprint with the partner by another way (telephone, letter), never with what this line showed"


@command_of("trust")
@click.argument("connection", metavar="CONNECTION")
@click.option("--fingerprint", metavar="SHA256:…", help="As the partner told it: pin the key that has it.")
@config_option
def trust(report: Report, *, connection: str, fingerprint: str | None, config: Path | None) -> dict[str, Any]:
    """Show the key of the server of CONNECTION (partner.connection); with --fingerprint pin it in the partner's file.

    A key that is pinned already stays beside the new one: take it out when the rotation is over.
    """
    from gateway.settings.source import read_file
    from gateway.transport.hostkey import line_of

    name, _, label = connection.partition(".")
    path = find_configuration(config)
    file = (path if path.is_dir() else path.parent) / "partners" / f"{name}.yaml"
    source, _ = read_file(file, str(file))
    line = _line(source, label, connection)
    server = _server(line, connection)
    key = _shown(server, connection)
    pins = _pins(line)
    pinned = line_of(key) in pins
    others = {each: its for each, its in pins.items() if each != line_of(key)}
    data = {"key": line_of(key), "fingerprint": key.fingerprint, "pinned": pinned, "file": str(file)}
    data["others"] = [{"key": each, "fingerprint": its} for each, its in others.items()]
    report.line(f"{connection}: {server.host}:{server.port} shows {key.get_name()} {key.fingerprint}")
    report.line(f"  {line_of(key)}")
    for each, its in others.items():
        report.line(f"pinned besides: {each.split()[0]} {its}")
    if pinned:
        report.line("it is pinned already")
        if others:
            report.talk(f"when the rotation is over, take the other out of `host_keys` in {file}")
    elif fingerprint is None:
        report.talk(f"{ADVICE}; then `gateway partner trust {connection} --fingerprint {key.fingerprint}`")
    elif fingerprint != key.fingerprint:
        raise click.BadParameter(
            f"the server shows {key.fingerprint}: nothing was pinned. Somebody may stand between you and the partner",
            param_hint="--fingerprint",
        )
    else:
        _pin(file, source, label, line_of(key))
        report.line(f"pinned in {file}")
        data["pinned"] = True
    return data


def _pins(line: Mapping[str, Any]) -> dict[str, str]:
    """The lines of keys that are pinned, each with its fingerprint; what is no key yet has none."""
    from gateway.findings.errors import ConfigurationInvalid
    from gateway.transport.dial import pins

    found = {}
    for written in line.get("host_keys") or ():
        text = " ".join(str(written).split()[:2])
        try:
            found[text] = pins([text])[0].fingerprint
        except ConfigurationInvalid:
            found[text] = "is no public key"
    return found


def _line(source: "Source", label: str, connection: str) -> Mapping[str, Any]:
    """The connection as its file says it: the file need not be whole yet."""
    lines = (source.data or {}).get("connections") if isinstance(source.data, dict) else None
    found = lines.get(label) if isinstance(lines, dict) else None
    if not isinstance(found, dict):
        raise click.BadParameter(f"there is no connection {connection!r} in {source.file}", param_hint="CONNECTION")
    return found


def _server(line: Mapping[str, Any], connection: str) -> "Sftp":
    from gateway.settings.values import parse_sftp

    found = parse_sftp(str(line.get("sftp", "")))
    if found is None:
        raise click.BadParameter(f"{connection} has no `sftp: user@host`", param_hint="CONNECTION")
    return found


def _shown(server: "Sftp", connection: str) -> "PKey":
    """The key that the server shows. Raises: PartnerUnreachable."""
    from gateway.findings.errors import PartnerUnreachable
    from gateway.transport.hostkey import shown_key

    try:
        return shown_key(server.host, server.port)
    except PartnerUnreachable as error:
        why = f"{server.host} port {server.port} shows no key: {error.__cause__ or 'no answer'}"
        raise PartnerUnreachable(f"{why}; look at `sftp:` of {connection}, our firewall and theirs") from error


def _pin(file: Path, source: "Source", label: str, key: str) -> None:
    """Put the key first into the list, as the file writes it; everything else stays as it is."""
    place = ("connections", label, "host_keys")
    at = source.values.get(place)
    lines = file.read_bytes().decode().splitlines(keepends=True)
    if at is None or not lines[at.line - 1][at.column - 1 :].startswith(("[", "- ")):
        raise click.UsageError(f"add it to {file}: host_keys: [{key}]")
    text = lines[at.line - 1]
    before, after = text[: at.column - 1], text[at.column - 1 :]
    if after.startswith("["):
        rest = after[1:].lstrip()
        lines[at.line - 1] = f"{before}[{key}{'' if rest.startswith(']') else ', '}{rest}"
    else:
        indent = re.sub(r"\S", " ", before)
        lines[at.line - 1] = f"{before}- {key}\n{indent}{after}"
    rewrite(file, "".join(lines))
