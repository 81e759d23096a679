"""`gateway doctor`: looks at everything the gateway needs."""

from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from gateway.cli.configured import config_option, load_configuration
from gateway.cli.endings import FINDINGS, UNREACHABLE
from gateway.cli.report import Report, command_of

if TYPE_CHECKING:
    from gateway.findings.errors import GatewayError
    from gateway.settings import Settings
    from gateway.steps.doctor import Diagnosis

COLOURS = {"ok": "green", "warn": "yellow", "fail": "red"}


@command_of("doctor")
@config_option
@click.option("--offline", is_flag=True, help="Do not dial any partner.")
def command(report: Report, *, config: Path | None, offline: bool) -> dict[str, Any]:
    """Look at versions, tables, disk, journal, audit trail and every partner's line; each line says what to do.

    Exit codes: 1 something fails here, 4 only lines to partners fail.
    """
    import msgspec

    settings = load_configuration(report, config)
    here = list(_shown(report, _here(settings)))
    lines = [] if offline else list(_shown(report, _lines(settings)))
    if _fails(here) or _fails(lines):
        report.ends_with(FINDINGS if _fails(here) else UNREACHABLE)
    return {"diagnoses": msgspec.to_builtins([*here, *lines]), "ok": not _fails([*here, *lines])}


def _fails(found: list["Diagnosis"]) -> bool:
    return any(one.grade == "fail" for one in found)


def _shown(report: Report, found: Iterator["Diagnosis"]) -> Iterator["Diagnosis"]:
    for one in found:
        fix = f"\n        = fix: {one.fix}" if one.fix else ""
        report.line(f" {one.what}: {one.found}{fix}", styled=click.style(f"{one.grade:<5}", fg=COLOURS[one.grade]))
        yield one


def _here(settings: "Settings") -> Iterator["Diagnosis"]:
    """All that is on this machine; before the first run there is no journal to look at."""
    from gateway.journal.store import JournalMissing
    from gateway.runner.local import open_gate
    from gateway.steps.doctor import Diagnosis, diagnose

    try:
        with open_gate(settings, create=False) as gate:
            yield from diagnose(gate)
    except JournalMissing:
        yield Diagnosis("journal", "ok", f"none yet in {settings.state}; `gateway run` makes it")


def _lines(settings: "Settings") -> Iterator["Diagnosis"]:
    """Dial every partner: address, host key, login, and each folder."""
    from datetime import UTC, datetime

    from gateway.findings.errors import GatewayError
    from gateway.runner.lines import certificate_left, dial
    from gateway.settings import Credentials
    from gateway.steps.doctor import Diagnosis, certificate, folders

    credentials = Credentials(settings.folder)
    for line in settings.connections():
        try:
            if (left := certificate_left(line, credentials, datetime.now(UTC))) is not None:
                yield certificate(line, left)
            with dial(line, credentials) as wire:
                yield from folders(wire, line, settings.gateway.id)
        except GatewayError as error:
            yield Diagnosis(f"line {line.name}", "fail", str(error), _advice(error, settings))


def _advice(error: "GatewayError", settings: "Settings") -> str:
    """What the catalogue says to do about an error of a line; a key that is missing has its own place."""
    from gateway.findings.catalogue import hint
    from gateway.findings.errors import CredentialMissing
    from gateway.transport.faults import CODES, finding

    if isinstance(error, CredentialMissing):
        return f"put our private key into {settings.folder / 'credentials'} under that name, readable by us alone"
    return f"{hint(finding(error))} (gateway rule {CODES[type(error)]})" if type(error) in CODES else ""
