"""`gateway doctor`: looks at everything the gateway needs."""

from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from gateway.cli.configured import config_option, load_configuration
from gateway.cli.diagnoses import fails, shown
from gateway.cli.endings import FINDINGS, UNREACHABLE
from gateway.cli.report import Report, command_of

if TYPE_CHECKING:
    from gateway.settings import Settings
    from gateway.steps.watching.doctor import Diagnosis


@command_of("doctor")
@config_option
@click.option("--offline", is_flag=True, help="Do not dial any partner.")
def command(report: Report, *, config: Path | None, offline: bool) -> dict[str, Any]:
    """Look at versions, tables, disk, journal, audit trail and every partner's line; each line says what to do.

    Exit codes: 1 something fails here, 4 only lines to partners fail.
    """
    import msgspec

    from gateway.cli.lines import diagnosed

    settings = load_configuration(report, config)
    found = list(shown(report, here(settings)))
    lines = [] if offline else list(shown(report, diagnosed(settings, settings.connections())))
    if fails(found) or fails(lines):
        report.ends_with(FINDINGS if fails(found) else UNREACHABLE)
    return {"diagnoses": msgspec.to_builtins([*found, *lines]), "ok": not fails([*found, *lines])}


def here(settings: "Settings") -> Iterator["Diagnosis"]:
    """All that is on this machine; before the first run there is no journal to look at."""
    from gateway.findings.errors import GatewayError, Retryable
    from gateway.journal.store import JournalMissing
    from gateway.mapping.registry import Registry
    from gateway.runner.gates import open_gate
    from gateway.steps.watching.doctor import Diagnosis, dated, diagnose, tables
    from gateway.steps.watching.machine import machine

    yield from machine(settings)
    yield from _sealing(settings)
    registry = Registry(settings.overlays)
    yield tables(registry)
    yield dated(settings, registry)
    try:
        with open_gate(settings, create=False) as gate:
            yield from diagnose(gate)
    except JournalMissing:
        yield Diagnosis("journal", "ok", f"none yet in {settings.state}; `gateway run` makes it")
    except GatewayError as error:
        soon = "is its server up, is the disk full? Then look again"
        never = "stop the gateway, keep the state folder as it is, restore the last backup"
        yield Diagnosis("journal", "fail", str(error), soon if isinstance(error, Retryable) else never)
    except OSError as error:
        fix = "is the disk full, read-only or broken? Is this the gateway's own user?"
        yield Diagnosis("state folder", "fail", f"{error.filename or settings.state}: {error.strerror}", fix)


def _sealing(settings: "Settings") -> Iterator["Diagnosis"]:
    """Whether this user can open what is sealed: a service may have a credential that a shell has not, so no fault."""
    from gateway.findings.errors import SpoolSealed
    from gateway.runner.gates import seal_of
    from gateway.steps.watching.doctor import Diagnosis

    if not settings.at_rest.recipients:
        return
    try:
        seal_of(settings).prove()
    except SpoolSealed as error:
        fix = "the gateway does not start without it: mend `at_rest:` in gateway.yaml, or lend it to this command, too"
        yield Diagnosis("sealing", "warn", str(error), fix)
    else:
        yield Diagnosis("sealing", "ok", "what is stored is sealed and can be opened")
