"""`gateway filings claim`: a person says which declaration an answer of customs is about."""

from pathlib import Path
from typing import Any

import click

from gateway.cli.configured import config_option
from gateway.cli.endings import FINDINGS
from gateway.cli.filings.asking import DECLARATION
from gateway.cli.report import Report, command_of
from gateway.cli.stateful import gate_of, operator


@command_of("claim")
@click.argument("decision", metavar="DECISION")
@DECLARATION
@config_option
def claim(report: Report, *, decision: str, text: str, config: Path | None) -> dict[str, Any]:
    """Say which filing an unclaimed answer of customs is about."""
    from gateway.steps import collect
    from gateway.steps.filings import declaration
    from gateway.steps.refusal import NotPossible

    with gate_of(report, config) as gate:
        try:
            with gate.journal.write() as conn:
                done = collect.assign(gate, conn, decision, declaration(conn, text).id, operator())
        except NotPossible as error:
            raise click.UsageError(str(error)) from None
    if not done:
        report.talk(f"{decision} does not wait for that")
        report.ends_with(FINDINGS)
    else:
        report.line(f"{decision} is about {text}")
    return {"decision": decision, "filing": text, "done": done}
