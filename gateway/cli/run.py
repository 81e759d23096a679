"""`gateway run`: the daemon."""

import sys
from pathlib import Path
from typing import Any

import click

from gateway.cli.configured import config_option, find_configuration, load_configuration
from gateway.cli.report import Report, command_of


@command_of("run")
@config_option
@click.option("--once", is_flag=True, help="Look at every line once, do all that can be done, and end.")
@click.option(
    "--role",
    type=click.Choice(["mover", "core"]),
    help="Do one half: mover has keys and network and reads no message, core reads them and has neither.",
)
def command(report: Report, *, config: Path | None, once: bool, role: str | None) -> dict[str, Any]:
    """Exchange with all partners until told to stop (SIGTERM, Ctrl-C); logs go to stderr as JSON.

    Exit codes: 3 the configuration is at fault, 4 a partner could not be reached (with --once), 5 another gateway works
    on this state folder, or may, since the lock was removed; 6 this machine fails, its disk say (with --once). The two
    halves may run as two processes on one state folder; without --role this one is both.
    """
    from gateway.findings.errors import GatewayFault, PartnerUnreachable
    from gateway.observe.logs import configure
    from gateway.runner.local import run
    from gateway.runner.roles import ROLES

    settings = load_configuration(report, config, formats=role != "mover")
    configure(sys.stderr)
    ending = run(find_configuration(config), once=once, roles=(role,) if role else ROLES)
    if once and ending.hindered:
        raise GatewayFault(
            f"failed here, not at the partner: {', '.join(ending.hindered)}; "
            f"is there room in {settings.state}, and can it be written?"
        )
    if once and ending.unreachable:
        raise PartnerUnreachable(f"not reached: {', '.join(ending.unreachable)}; `gateway doctor` says why")
    return {"unreachable": list(ending.unreachable)}
