"""`gateway filings claim`: answers of customs that lead to no filing, and a person's word on which they are about."""

from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from gateway.cli.configured import config_option
from gateway.cli.endings import FINDINGS
from gateway.cli.report import Report, command_of
from gateway.cli.stateful import gate_of, operator

if TYPE_CHECKING:
    from gateway.steps.ground.gate import Gate


@command_of("claim")
@click.argument("decision", default="")
@click.argument("text", default="", metavar="[LRN|MRN]")
@config_option
def claim(report: Report, *, decision: str, text: str, config: Path | None) -> dict[str, Any]:
    """Say which filing an answer is about that leads to none; without one, list them."""
    if bool(decision) != bool(text):
        raise click.UsageError("name the answer and the declaration that it is about, or neither of them")
    with gate_of(report, config) as gate:
        return _claim(report, gate, decision, text) if decision else _listed(report, gate)


def _claim(report: Report, gate: "Gate", decision: str, text: str) -> dict[str, Any]:
    from gateway.steps.ground.refusal import NotPossible
    from gateway.steps.hearing import collect
    from gateway.steps.hearing.filings import declaration

    try:
        with gate.journal.write("filing.claim") as conn:
            done = collect.assign(gate, conn, decision, declaration(conn, text).id, operator())
    except NotPossible as error:
        raise click.UsageError(str(error)) from None
    if done:
        report.line(f"{decision} is about {text}")
    else:
        report.talk(f"{decision} does not wait for that")
        report.ends_with(FINDINGS)
    return {"decision": decision, "filing": text, "done": done}


def _listed(report: Report, gate: "Gate") -> dict[str, Any]:
    from gateway.steps.ground.notes import findings_of
    from gateway.steps.hearing.filings import unclaimed

    with gate.journal.read() as conn:
        found = unclaimed(conn)
        why = {one["id"]: findings_of(conn, one["id"]) for one in found}
    for one in found:
        report.line(
            f"{one['id']}  {one['state']:<9} {one['outcome']:<20} LRN {one['lrn'] or '-':<22} MRN {one['mrn'] or '-'}"
        )
        for finding in why[one["id"]]:
            report.finding(finding)
    if not found:
        report.talk("nothing waits for that")
    return {"decisions": found}
