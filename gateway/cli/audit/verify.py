"""`gateway audit verify`: every row of the trail fits the one before it, and the trail fits its anchors."""

from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from gateway.cli.configured import config_option
from gateway.cli.report import Report, command_of, counted
from gateway.cli.stateful import gate_of

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping

    from gateway.findings import Finding
    from gateway.journal.anchors import Anchor, Kept, Misfit
    from gateway.journal.audit import Verdict


@command_of("verify")
@click.option(
    "--anchors", "files", multiple=True, type=click.Path(path_type=Path, exists=True, dir_okay=False),
    help="Compare with this file of anchors, too: a copy that lies elsewhere.",
)  # fmt: skip
@click.option("--quick", is_flag=True, help="Only what came after the newest anchor that fits.")
@config_option
def verify(report: Report, *, files: tuple[Path, ...], quick: bool, config: Path | None) -> dict[str, Any]:
    """Prove that no row was changed, inserted, removed or cut off. Exit code 1 when one was."""
    from gateway.journal import anchors
    from gateway.journal.audit import BEGIN
    from gateway.steps.watching import anchor

    with gate_of(report, config) as gate:
        own = anchor.place(gate.hub.settings)
        kept = {file: anchors.kept(file) for file in (own, *files)}
        _said(files, kept)
        known = [one for each in kept.values() for one in each.anchors]
        wrong = anchor.compared(gate, known)
        start = anchors.fitting(known, wrong) if quick else BEGIN
        found = anchor.walk(gate, start)
    fits = found.broken_at is None
    report.line(f"{counted(found.rows, 'row')}, head {found.head}" + ("" if fits else ": the rest does not fit"))
    if quick:
        report.line(f"from row {start.seq + 1:,} on, the anchor before it fits")
    report.line(_told(known, wrong))
    for file, each in kept.items():
        if each.torn:
            report.line(f"{file}: {counted(each.torn, 'line')} cut off, as a crash leaves them: no anchors")
    for finding in _findings(found, wrong):
        report.finding(finding)
    report.line("sound" if fits and not wrong else "NOT SOUND")
    return {
        "ok": fits and not wrong, "rows": found.rows, "head": found.head, "broken_at": found.broken_at,
        "from_row": start.seq + 1, "anchors": len(known),
        "torn": sum(each.torn for each in kept.values()), "misfits": [_plain(one) for one in wrong],
    }  # fmt: skip


def _said(files: "Iterable[Path]", kept: "Mapping[Path, Kept]") -> None:
    """Raises: BadParameter where a file that was named says nothing."""
    for file in files:
        if not kept[file].anchors:
            raise click.BadParameter(f"{file} holds no anchor", param_hint="--anchors")


def _told(known: "list[Anchor]", wrong: "list[Misfit]") -> str:
    if not known:
        return "no anchors: a tail that was cut off would not be seen; the daemon writes one a day"
    newest = max(known, key=lambda one: one.at)
    return f"{counted(len(known), 'anchor')}, the newest of {newest.at:%Y-%m-%d %H:%M} UTC ({newest.rows:,} rows): " + (
        "all fit" if not wrong else f"{counted(len(wrong), 'misfit')}"
    )


def _findings(found: "Verdict", wrong: "Iterable[Misfit]") -> "Iterator[Finding]":
    from gateway.findings import Finding

    if found.broken_at is not None:
        yield Finding("INT904", values={"seq": str(found.broken_at)})
    for one in wrong:
        at = f"{one.anchor.at:%Y-%m-%d %H:%M} UTC"
        if one.what == "shorter":
            values = {"rows": str(found.rows), "anchored": str(one.anchor.rows), "at": at}
            yield Finding("INT956", values=values)
        else:
            yield Finding("INT957", values={"row": str(one.anchor.rows), "at": at})


def _plain(one: "Misfit") -> dict[str, Any]:
    return {"at": one.anchor.at.isoformat(), "rows": one.anchor.rows, "what": one.what}
