"""`gateway doctor`: looks at everything the gateway needs."""

from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from gateway.cli.configured import config_option
from gateway.cli.report import Report, command_of
from gateway.cli.stateful import gate_of

if TYPE_CHECKING:
    from gateway.steps.doctor import Diagnosis
    from gateway.steps.gate import Gate

COLOURS = {"ok": "green", "warn": "yellow", "fail": "red"}


@command_of("doctor")
@config_option
@click.option("--offline", is_flag=True, help="Do not dial any partner.")
def command(report: Report, *, config: Path | None, offline: bool) -> dict[str, Any]:
    """Look at versions, tables, disk, journal, audit trail and every partner's line; each line says what to do."""
    import msgspec

    from gateway.findings.errors import PartnerUnreachable
    from gateway.steps.doctor import diagnose

    with gate_of(report, config) as gate:
        found = [*_shown(report, diagnose(gate)), *([] if offline else _shown(report, _lines(gate)))]
    if any(one.grade == "fail" and one.what.startswith("line ") for one in found):
        raise PartnerUnreachable("a partner cannot be reached")
    return {"diagnoses": msgspec.to_builtins(found), "ok": all(one.grade != "fail" for one in found)}


def _shown(report: Report, found: Iterator["Diagnosis"]) -> Iterator["Diagnosis"]:
    for one in found:
        fix = f"\n        = fix: {one.fix}" if one.fix else ""
        report.line(f"{click.style(f'{one.grade:<5}', fg=COLOURS[one.grade])} {one.what}: {one.found}{fix}")
        yield one


def _lines(gate: "Gate") -> Iterator["Diagnosis"]:
    """Dial every partner: address, host key, login, and each folder."""
    from gateway.findings.errors import GatewayError
    from gateway.runner.lines import dial
    from gateway.settings import Credentials
    from gateway.steps.doctor import Diagnosis, failed

    credentials = Credentials(gate.hub.settings.folder)
    for line in gate.hub.connections.values():
        folders = dict.fromkeys([r.directory for r in line.inbound] + [o.directory for o in line.outbound])
        try:
            with dial(line, credentials) as wire:
                for folder in folders:
                    next(iter(wire.scan(folder)), None)
                yield Diagnosis(f"line {line.name}", "ok", f"{wire.banner}; folders {', '.join(folders)}")
        except GatewayError as error:
            yield failed(f"line {line.name}", error)
