"""`gateway reload`: a daemon at work takes up changed tables, code lists and filers."""

import os
import signal
import time
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from gateway.cli.configured import config_option, line_of, load_configuration
from gateway.cli.endings import FINDINGS
from gateway.cli.report import Report, command_of, counted
from gateway.cli.stateful import gate_of
from gateway.findings import Position
from gateway.findings.errors import MappingInvalid

if TYPE_CHECKING:
    from gateway.steps.ground.gate import Gate

SOON = 0.1


@command_of("reload")
@config_option
@click.option("--wait", default=60, show_default=True, metavar="SECONDS", help="How long to wait until it has.")
def command(report: Report, *, config: Path | None, wait: int) -> dict[str, Any]:
    """Take up changed tables, code lists and partners' settings, while files are on their way.

    Files that are being read are read to their end, and answered, by the ruleset they were opened with. Nothing is
    taken up that has a fault. `gateway mapping diff in-force disk --journal` shows beforehand what would change.

    Exit codes: 1 not taken up (no gateway runs, or it needs a restart), 3 the configuration or a table is at fault.
    """
    from gateway.journal.lock import holder
    from gateway.steps.ground.force import in_force

    _lint(report, config)
    with gate_of(report, config) as gate:
        with gate.journal.read() as conn:
            before = in_force(conn)
        process = holder(gate.journal.state_dir, "core")
        if process is None:
            return _not(report, before, before, "no gateway runs on this state folder: its next start takes it up")
        if before == gate.ruleset:
            report.line(f"ruleset {before[:12]} is in force already")
            return {"before": before, "in_force": before, "reloaded": False}
        now = _ask(gate, process, wait)
    if now != gate.ruleset:
        return _not(report, before, now, "not taken up: more than tables and filers has changed, or it changed again")
    report.line(f"ruleset {now[:12]} is in force; files that were opened before are finished by {before[:12]}")
    return {"before": before, "in_force": now, "reloaded": True}


def _not(report: Report, before: str, now: str, why: str) -> dict[str, Any]:
    report.talk(why)
    report.ends_with(FINDINGS)
    return {"before": before, "in_force": now, "reloaded": False}


def _lint(report: Report, config: Path | None) -> None:
    """Every fault, where a person looks; the daemon looks again and only refuses."""
    from gateway.mapping.registry import Registry

    registry = Registry(load_configuration(report, config).overlays)

    def line_at(place: Position) -> str | None:
        return next((line for root in registry.roots if (line := line_of(root / place.file, place.line))), None)

    found = (*registry.faults(), *registry.list_faults())
    faults = [fault for fault in found if fault.severity == "error"]
    for fault in faults:
        report.finding(fault, line_at)
    if faults:
        raise MappingInvalid(f"{counted(len(faults), 'fault')} in the tables: nothing is taken up")


def _ask(gate: "Gate", process: int, wait: int) -> str:
    """Tell the daemon, and wait for what it says in the audit trail; gives the ruleset that is in force then."""
    from gateway.steps.ground.force import in_force, said

    with gate.journal.read() as conn:
        before = said(conn)
    os.kill(process, signal.SIGHUP)
    until = time.monotonic() + wait
    while time.monotonic() < until:
        with gate.journal.read() as conn:
            if said(conn) > before:
                return in_force(conn)
        time.sleep(SOON)
    raise click.ClickException(f"process {process} has not answered within {wait} s: its log says why")
