"""`gateway filings show`: one declaration from all sides, with what was asked about it and what it replaces."""

from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from gateway.cli.configured import config_option
from gateway.cli.filings.rows import PURPOSES, data
from gateway.cli.report import Report, command_of
from gateway.cli.stateful import gate_of

if TYPE_CHECKING:
    from gateway.steps.answering.dossier import Filed
    from gateway.steps.hearing.filings import Listed


@command_of("show")
@click.argument("text", metavar="LRN|MRN")
@config_option
def show(report: Report, *, text: str, config: Path | None) -> dict[str, Any]:
    """Show a declaration, its requests, and what customs said to each."""
    from gateway.cli.explained import decision_told
    from gateway.steps.answering.dossier import filed_as
    from gateway.steps.answering.unseen import filed as unseen
    from gateway.steps.hearing.filings import named

    with gate_of(report, config) as gate, gate.journal.read() as conn:
        found = named(conn, text)
        if not found:
            raise click.UsageError(f"there is no filing of LRN or MRN {text!r}; `gateway filings list` shows them")
        sides = [(one, unseen(filed_as(gate, conn, one.id))) for one in found]
    for one, filed in sides:
        for fact in _facts(one, filed):
            report.line(fact)
        for finding in filed.findings:
            report.finding(finding)
        for said in filed.decisions:
            for told in decision_told(said):
                report.line(told)
    return {"filings": [data(one) | {"decisions": _decisions(filed)} for one, filed in sides]}


def _facts(one: "Listed", filed: "Filed") -> Iterator[str]:
    what = "declaration" if one.purpose == "declare" else PURPOSES.get(one.purpose, one.purpose)
    yield f"{what} {one.lrn or '(not written yet)'}  {one.state}  {one.outcome}".rstrip()
    yield f"  parcel {one.parcel}, route {one.route}, attempt {one.attempt}, {one.format}, {one.environment}"
    for word, value in (("about", one.about), ("replaces", one.replaces), ("MRN", one.mrn), ("version", one.version)):
        if value:
            yield f"  {word} {value}"
    if one.reason:
        yield f"  reason {one.reason}"
    yield f"  made {one.made_at.isoformat(timespec='seconds')} under ruleset {one.ruleset}"
    if filed.delivery:
        yield f"  in {filed.delivery}"
    if filed.edition:
        yield f"  checked against schema {filed.edition}"


def _decisions(filed: "Filed") -> list[dict[str, Any]]:
    import msgspec

    return [dict(msgspec.to_builtins(said, enc_hook=str)) for said in filed.decisions]
