"""`gateway items retry`: do one thing again, or many, counted first; what customs has is never declared again."""

import sys
from collections import Counter
from collections.abc import Collection, Iterable, Mapping, Sequence
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from gateway.cli import narrowing
from gateway.cli.configured import config_option
from gateway.cli.endings import FINDINGS
from gateway.cli.filings.since import Since
from gateway.cli.report import Report, command_of
from gateway.cli.stateful import gate_of, operator
from gateway.cli.subject import Unclear, code_of, subject_of

if TYPE_CHECKING:
    from gateway.steps.ground.gate import Gate
    from gateway.steps.repeating.fates import Way
    from gateway.steps.repeating.replay import Planned, Wanted

WAYS: Mapping["Way", str] = {
    "read": "read again by today's tables; what is accepted is filed",
    "accept": "taken as it is: compared with the sender's copy",
    "file": "declarations written again by today's tables",
    "send": "sent again: same bytes, name and reference",
    "match": "answers of customs that look for their filing again",
    "due": "set aside before, due again",
    "filed": "left alone: customs has it already",
    "suspect": "left alone: may be cut short; compare it with the sender's copy, then name it by itself",
    "none": "left alone: neither waits nor failed",
}
WOULD: Mapping[str, str] = {
    "accept": "would be taken as it is",
    "file": "would be written again",
    "send": "would be sent again",
    "match": "would look for its filing again",
    "due": "would be due again",
}
"""What a plan says where no state is known beforehand."""
LEFT = ("filed", "suspect", "none")
ALL = "selection"  # what is chosen by options, in the audit trail and where it cannot be done
SHOWN = 5  # names of what was done again, in the audit trail
NEITHER = "name something, or choose with --file, --connection, --code or --since"
BOTH = "either name things or choose with options, not both"


@command_of("retry")
@click.argument("texts", metavar="[ITEM…]", nargs=-1, callback=narrowing.each_said)
@click.option("--file", "file", callback=narrowing.said, metavar="ID", help="All that came in this file.")
@click.option("--connection", callback=narrowing.said, metavar="NAME", help="All that came or goes by this connection.")
@click.option("--code", callback=narrowing.said, help="All with this finding, by its code or name.")
@click.option("--since", type=Since(), metavar="TIME", help="All since a moment, or for so long: 6h, 2d.")
@click.option("--dry-run", is_flag=True, help="Only say what would be done.")
@click.option("--yes", is_flag=True, help="Do not ask before doing it with all that was chosen.")
@config_option
def retry(
    report: Report, *, texts: tuple[str, ...], file: str, connection: str, code: str, since: datetime | None,
    dry_run: bool, yes: bool, config: Path | None,
) -> dict[str, Any]:  # fmt: skip
    """Do it again by today's tables: an item, file, interchange, batch, filing, delivery, decision or answer.

    Named by id or any reference of an item, or chosen by options. What customs has is never declared again.
    """
    from gateway.steps.repeating import replay

    chosen = replay.Wanted(file=file, connection=connection, code=code_of(code) if code else "", since=since)
    if bool(texts) == (chosen != replay.Wanted()):
        raise click.UsageError(BOTH if texts else NEITHER)
    with gate_of(report, config) as gate:
        narrowing.connection(gate, connection)
        found, refused = _planned(gate, texts, chosen)
        many = not texts or len(found) > len(texts)
        quiet = {text for text, one in found.items() if many and one.fate.way in LEFT}
        if dry_run:
            found = dict(zip(found, replay.tried(gate, found.values()), strict=True))
        if many or dry_run:
            _counts(report, found.values())
        if not found and not refused:
            report.talk("nothing fits")
        if found and not dry_run:
            if not texts and not yes:
                _ask()
            subject = ", ".join(texts[:SHOWN]) or ALL
            found = dict(zip(found, replay.carry_out(gate, found.values(), operator(), subject), strict=True))
    return _told(report, found, refused, texts, dry_run=dry_run, quiet=quiet)


def _planned(gate: "Gate", texts: Sequence[str], chosen: "Wanted") -> tuple[dict[str, "Planned"], dict[str, str]]:
    """What would become of each thing, by the text that names it (where that names several, by its id); the unknown."""
    from gateway.steps.ground.refusal import NotPossible
    from gateway.steps.repeating.replay import Wanted, plan

    found: dict[str, Planned] = {}
    refused: dict[str, str] = {}
    for text in texts or (ALL,):
        try:
            wanted = Wanted(named=(subject_of(gate, text),)) if texts else chosen
            several = plan(gate, wanted)
        except (NotPossible, Unclear) as error:
            refused[text] = str(error)
            continue
        found |= {text if texts and len(several) == 1 else one.fate.id: one for one in several}
    return found, refused


def _counts(report: Report, found: Iterable["Planned"]) -> None:
    ways = Counter(one.fate.way for one in found)
    for way, words in WAYS.items():
        if ways[way]:
            report.line(f"{ways[way]:>7,}  {words}")


def _ask() -> None:
    """Raises: UsageError without a terminal, Abort when the answer is no."""
    if not sys.stdin.isatty():
        raise click.UsageError("this does it with all of them: look with --dry-run, then say --yes")
    click.confirm("Do it?", abort=True, err=True)


def _told(
    report: Report, found: Mapping[str, "Planned"], refused: Mapping[str, str], typed: Collection[str], *,
    dry_run: bool, quiet: Collection[str],
) -> dict[str, Any]:  # fmt: skip
    """One line each, what was not done on stderr; a plan says what would be. What is `quiet` is only counted."""
    left = {text: one.fate.why for text, one in found.items() if one.fate.way in LEFT}
    done = {text: one.state or one.fate.way for text, one in found.items() if text not in left}
    for text, state in done.items():
        report.line(f"{text if text in typed else found[text].fate.name}: {WOULD.get(state, state)}")
    not_done = {**refused, **left}
    for text, why in not_done.items():
        if text not in quiet:
            report.talk(f"{text}: not done: {why}")
    if not_done.keys() - set(quiet):
        report.ends_with(FINDINGS)
    return {
        "dry_run": dry_run,
        "counts": Counter(one.fate.way for one in found.values()),
        "done": {} if dry_run else done,
        "would": done if dry_run else {},
        "refused": not_done,
    }
