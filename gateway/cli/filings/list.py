"""`gateway filings list`: what was filed and asked, the newest first."""

from datetime import datetime
from pathlib import Path
from typing import Any, get_args

import click

from gateway.cli import narrowing
from gateway.cli.configured import config_option
from gateway.cli.filings.rows import data, line
from gateway.cli.filings.since import Since
from gateway.cli.report import Report, command_of
from gateway.cli.stateful import gate_of

LIMIT = 50


@command_of("list")
@click.option(
    "--ruleset",
    callback=narrowing.said,
    metavar="HASH",
    help="Made under this ruleset; its first characters are enough.",
)
@click.option("--since", type=Since(), metavar="TIME", help="Made since a moment, or for so long: 6h, 2d.")
@click.option("--route", callback=narrowing.said, help="Filed on this route.")
@click.option("--state", callback=narrowing.said, help="In this state: waiting, held, written, lodged, settled …")
@click.option("--outcome", callback=narrowing.said, help="With this outcome: accepted, rejected, released …")
@click.option("--purpose", callback=narrowing.said, help="declare, amend, cancel, present, query or repay.")
@click.option("--limit", default=LIMIT, show_default=True, type=click.IntRange(1, 10_000), help="Show so many.")
@config_option
def list_(report: Report, *, since: datetime | None, limit: int, config: Path | None, **wanted: str) -> dict[str, Any]:
    """List filings, the newest first."""
    from gateway.mapping.protocols import Purpose
    from gateway.model.outcomes import outcomes
    from gateway.steps.ground.refusal import NotPossible
    from gateway.steps.ground.states import NEW, states
    from gateway.steps.hearing.filings import Wanted, listed

    narrowing.word(wanted["state"], [state for state in states("filing") if state != NEW], "--state")
    narrowing.word(wanted["outcome"], [one.name for one in outcomes()], "--outcome")
    narrowing.word(wanted["purpose"], get_args(Purpose), "--purpose")
    with gate_of(report, config) as gate:
        narrowing.route(gate, wanted["route"])
        try:
            with gate.journal.read() as conn:
                found = listed(conn, Wanted(since=since, **wanted), limit + 1)
        except NotPossible as error:
            raise click.BadParameter(str(error), param_hint="--ruleset") from None
    for one in found[:limit]:
        report.line(line(one))
    if len(found) > limit:
        report.talk(f"the newest {limit}; --limit shows more")
    elif not found:
        report.talk("nothing found")
    return {"filings": [data(one) for one in found[:limit]]}
