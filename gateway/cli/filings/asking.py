"""What the commands that ask customs something have in common."""

from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from gateway.cli.endings import FINDINGS
from gateway.cli.report import Report
from gateway.cli.stateful import gate_of, operator

if TYPE_CHECKING:
    from gateway.mapping.protocols import Purpose

REASON: Callable[[Any], Any] = click.option(
    "--reason", default="", metavar="CODE", help="Why, by the authority's code; `gateway mapping codes` shows its list."
)
TEXT: Callable[[Any], Any] = click.option("--text", "note", default="", help="Why, in words.")
DECLARATION: Callable[[Any], Any] = click.argument("text", metavar="LRN|MRN")


def ask_of(
    report: Report, config: Path | None, text: str, purpose: "Purpose", *, reason: str = "", note: str = ""
) -> dict[str, Any]:
    """Ask customs something about a declaration; the daemon writes it and sends it."""
    from gateway.steps.declaring import requests
    from gateway.steps.declaring.groupmembers import parcels
    from gateway.steps.ground.refusal import NotPossible
    from gateway.steps.hearing.filings import declaration

    with gate_of(report, config) as gate:
        try:
            with gate.journal.write("request.ask") as conn:
                one = declaration(conn, text)
                item = requests.newest(conn, one.id) if purpose == requests.CHANGE else ""
                asked = requests.ask(gate, conn, one.id, purpose, operator(), reason=reason, note=note, item=item)
                shared = parcels(conn, one.id)
        except NotPossible as error:
            report.talk(f"{text}: not done: {error}")
            report.ends_with(FINDINGS)
            return {"done": {}, "refused": {text: str(error)}}
    report.line(f"{text}: {purpose} is asked; `gateway filings show {text}` tells how it stands")
    if shared > 1:
        report.talk(f"{shared} parcels stand in this declaration: it is asked for all of them")
    if not one.mrn:
        report.talk("customs has not told its MRN yet: the request waits for that")
    return {"done": {text: asked}, "refused": {}}
