"""`gateway pause` and `gateway resume`: stop a connection or a route, and let it go on. Both outlive the daemon."""

import difflib
from pathlib import Path
from typing import Any

import click

from gateway.cli.configured import config_option
from gateway.cli.report import Report, command_of
from gateway.cli.stateful import gate_of, operator

DELIVERIES = "deliveries"


@command_of("pause")
@click.argument("name", metavar="CONNECTION|ROUTE")
@click.option("--reason", default="", help="Why; shown in `gateway status`.")
@config_option
def pause(report: Report, *, name: str, reason: str, config: Path | None) -> dict[str, Any]:
    """Stop a connection (no file moves on it) or a route (nothing more is filed on it)."""
    return _switch(report, config, name, "paused", reason)


@command_of("resume")
@click.argument("name", metavar="CONNECTION|ROUTE|deliveries")
@config_option
def resume(report: Report, *, name: str, config: Path | None) -> dict[str, Any]:
    """Let a paused, braked or unreachable connection or route go on at once.

    After a restore `deliveries` lets the gateway send again, when nothing fails that `gateway doctor` looks at.
    """
    if name == DELIVERIES:
        from gateway.cli.resuming import resume_deliveries

        return resume_deliveries(report, config)
    return _switch(report, config, name, "active", "")


def _switch(report: Report, config: Path | None, name: str, state: str, reason: str) -> dict[str, Any]:
    from gateway.steps.repeating import operate

    with gate_of(report, config) as gate:
        kinds = {**dict.fromkeys(gate.hub.routes, "route"), **dict.fromkeys(gate.hub.connections, "connection")}
        if name not in kinds:
            close = difflib.get_close_matches(name, kinds, n=1)
            way = f"did you mean {close[0]!r}?" if close else "`gateway status` lists connections, routes.yaml routes"
            raise click.UsageError(f"there is no connection or route {name!r}; {way}")
        operate.switch(gate, kinds[name], name, state, operator(), reason)
    report.line(f"{kinds[name]} {name} is {state}")
    return {"kind": kinds[name], "name": name, "state": state}
