"""`gateway demo`: the whole exchange, with simulated partners on this machine."""

import shutil
import sys
import time
from pathlib import Path
from typing import Any

import click

from gateway.cli.report import Report, command_of


@command_of("demo")
@click.option(
    "--items", default=300, show_default=True, type=click.IntRange(1, 200_000), help="How many items to send."
)
@click.option("--seed", default=1, show_default=True, help="Another seed: other items, other decisions.")
@click.option(
    "--feed",
    multiple=True,
    type=click.Path(exists=True, dir_okay=False, path_type=Path),
    help="Send this ITMATT file instead; may be repeated.",
)
@click.option(
    "--state",
    default=Path("gateway-demo"),
    show_default=True,
    type=click.Path(file_okay=False, path_type=Path),
    help="Folder for everything; it stays.",
)
def command(report: Report, *, items: int, seed: int, feed: tuple[Path, ...], state: Path) -> dict[str, Any]:
    """Run the whole exchange and end: a post sends items, customs answers, the post is told. Real SFTP, loopback only.

    Everything stays in the state folder to be looked at; the next demonstration begins afresh there.
    """
    from gateway.demo import story
    from gateway.demo.play import FolderTaken, play

    began = time.monotonic()
    try:
        played = play(state, items, seed, feed, report.talk)
    except FolderTaken as error:
        raise click.BadParameter(str(error), param_hint="--state") from None
    report.line()
    for line in story.numbers(played.tally):
        report.line(line)
    report.line()
    told = f"{played.customs_received:,} declarations in customs' own log, {played.post_received:,} answers at the post"
    report.line(f"{told}; {time.monotonic() - began:.0f} s")
    explained = _explain(report, played.settings, played.rejected)
    report.line("\nlook further:")
    for line in story.commands(_program(), played.settings, played.rejected):
        report.line(f"  {line}")
    return {"settings": str(played.settings), "rejected": explained, **_counts(played)}


def _explain(report: Report, settings: Path, lrn: str) -> dict[str, Any] | None:
    """One rejection, from customs' pointer down to the line that the sender wrote."""
    if not lrn:
        return None
    from gateway.cli.explained import explain_subject

    report.line("\none rejection, down to the sender's line:\n")
    return explain_subject(report, settings, lrn)


def _counts(played: Any) -> dict[str, Any]:
    import msgspec

    return {
        "journal": msgspec.to_builtins(played.tally),
        "partners": {"customs": played.customs_received, "post": played.post_received},
    }


def _program() -> str:
    """How this program can be called again from here."""
    return "gateway" if shutil.which("gateway") else sys.argv[0]
