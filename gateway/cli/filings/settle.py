"""`gateway filings settle`: a person's word on a request that customs does not answer."""

from pathlib import Path
from typing import Any

import click

from gateway.cli.configured import config_option
from gateway.cli.endings import FINDINGS
from gateway.cli.report import Report, command_of
from gateway.cli.stateful import gate_of, operator


@command_of("settle")
@click.argument("text", metavar="LRN")
@click.option("--granted", "word", flag_value="granted", default=None, help="Customs has done what was asked.")
@click.option("--denied", "word", flag_value="denied", default=None, help="Customs will not do it.")
@click.option("--note", default="", help="How you know it.")
@config_option
def settle(report: Report, *, text: str, word: str | None, note: str, config: Path | None) -> dict[str, Any]:
    """Say what became of a request that customs does not answer; what waits for it goes on."""
    if word is None:
        raise click.UsageError("say what became of it: --granted or --denied")
    from gateway.steps.ground.refusal import NotPossible
    from gateway.steps.hearing import settled

    with gate_of(report, config) as gate:
        try:
            with gate.journal.write("filing.settle") as conn:
                done = settled.settle(conn, text, operator(), granted=word == "granted", note=note)
        except NotPossible as error:
            report.talk(f"{text}: not done: {error}")
            report.ends_with(FINDINGS)
            return {"done": {}, "refused": {text: str(error)}}
    report.line(f"{text} is settled: {word}; its sender is not told")
    return {"done": {text: done}, "refused": {}}
