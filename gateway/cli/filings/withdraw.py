"""`gateway filings withdraw`: take back what was filed under a ruleset since a moment, as far as that can be done."""

from collections import Counter
from collections.abc import Mapping, Sequence
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from gateway.cli import narrowing
from gateway.cli.configured import config_option
from gateway.cli.endings import FINDINGS
from gateway.cli.filings.asking import REASON, TEXT
from gateway.cli.filings.rows import data, line
from gateway.cli.filings.since import Since
from gateway.cli.report import Report, command_of
from gateway.cli.stateful import gate_of, operator

if TYPE_CHECKING:
    from gateway.steps.declaring.withdrawal import Fate, Way

WAYS: Mapping["Way", str] = {
    "withdrawn": "not sent yet: withdrawn, their items wait for a person",
    "cancellation": "with customs: a cancellation is asked",
    "none": "cannot be taken back",
}
LEAST = 4  # characters of a hash


@command_of("withdraw")
@click.option(
    "--ruleset",
    required=True,
    metavar="HASH",
    callback=narrowing.at_least(LEAST),
    help=f"Made under this ruleset; its first characters are enough, {LEAST} at least.",
)
@click.option(
    "--since", required=True, type=Since(), metavar="TIME", help="Made since a moment, or for so long: 6h, 2d."
)
@click.option("--route", callback=narrowing.said, help="Only those of this route.")
@click.option("--dry-run", is_flag=True, help="Only say what would be done.")
@REASON
@TEXT
@config_option
def withdraw(
    report: Report, *, ruleset: str, since: datetime, route: str, dry_run: bool, reason: str, note: str,
    config: Path | None,
) -> dict[str, Any]:  # fmt: skip
    """Take back filings. Unsent ones are withdrawn, of lodged ones cancellations are asked, the rest is listed."""
    from gateway.steps.declaring.withdrawal import carry_out, plan
    from gateway.steps.ground.refusal import NotPossible
    from gateway.steps.hearing.filings import Wanted

    with gate_of(report, config) as gate:
        narrowing.route(gate, route)
        try:
            with gate.journal.read() as conn:
                fates = plan(conn, Wanted(ruleset=ruleset, since=since, route=route))
        except NotPossible as error:
            raise click.BadParameter(str(error), param_hint="--ruleset") from None
        _counts(report, fates)
        if not dry_run:
            fates = carry_out(gate, fates, operator(), reason, note)
    for one in fates:
        report.line(f"  {one.way:<12} {line(one.filing)}" + (f"  ({one.why})" if one.why else ""))
    if any(one.way == "none" for one in fates):
        report.ends_with(FINDINGS)
    return {
        "dry_run": dry_run,
        "counts": Counter(one.way for one in fates),
        "filings": [data(one.filing) | {"way": one.way, "why": one.why} for one in fates],
    }


def _counts(report: Report, fates: Sequence["Fate"]) -> None:
    counted = Counter(one.way for one in fates)
    for way, words in WAYS.items():
        report.line(f"{counted[way]:>7,}  {words}")
