"""`gateway gaps`: references of senders that did not come, and a person's word that nothing is behind one."""

from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from gateway.cli.configured import config_option
from gateway.cli.report import Report, command_of
from gateway.cli.stateful import gate_of, operator

if TYPE_CHECKING:
    from collections.abc import Sequence

    from gateway.steps.reading.sequence import Gap

SHOWN = 10  # gaps that are named where none of them was


@command_of("list")
@config_option
def list_(report: Report, *, config: Path | None) -> dict[str, Any]:
    """List what is missing. Also what may still be on its way; `!` marks what is missed for too long."""
    from gateway.steps.reading.sequence import gaps

    with gate_of(report, config) as gate, gate.journal.read() as conn:
        found = list(gaps(gate, conn))
    for one in found:
        report.line(f"{'!' if one.overdue else ' '} {_named(one)}  since {one.since.isoformat(timespec='seconds')}")
    if not found:
        report.talk("nothing is missing")
    return {"gaps": [_data(one) for one in found]}


@command_of("close")
@click.argument("sender")
@click.argument("numbers")
@click.option("--run", "prefix", help="Where several runs of the sender lack these: the beginning of its references.")
@config_option
def close(report: Report, *, sender: str, numbers: str, prefix: str | None, config: Path | None) -> dict[str, Any]:
    """Say that nothing is behind NUMBERS of SENDER. Named as in `gateway gaps list`; nobody looks for them any more."""
    from gateway.journal import audit
    from gateway.steps.reading import sequence

    with gate_of(report, config) as gate:
        with gate.journal.read() as conn:
            one = _one(list(sequence.gaps(gate, conn)), sender, numbers, prefix)
        with gate.journal.write("gaps.close") as conn:
            sequence.close(conn, one)
            audit.append(conn, "gap", _named(one), "missing", "closed", operator())
    report.line(f"closed: {_named(one)}")
    return {"closed": _data(one)}


@click.group("gaps", commands=(list_, close))
def command() -> None:
    """List references of senders that are missing, close a gap."""


def _one(found: "Sequence[Gap]", sender: str, numbers: str, prefix: str | None) -> "Gap":
    """Raises: BadParameter where none is meant, or several are. A run that was laid aside is named as it is listed."""
    theirs = [one for one in found if one.sender == sender and prefix in {None, one.prefix, one.run}]
    fits = [one for one in theirs if one.numbers == numbers]
    if not fits:
        listed = ", ".join(f"{one.run} {one.numbers}" for one in theirs[:SHOWN])
        more = f"; name a whole gap of {listed}" if theirs else "; `gateway gaps list` shows what is"
        raise click.BadParameter(f"{numbers} of {sender} is no gap as it is listed{more}")
    if len(fits) > 1:
        raise click.BadParameter(f"several are meant, name one with --run: {', '.join(one.run for one in fits)}")
    return fits[0]


def _named(one: "Gap") -> str:
    return " ".join(filter(None, (one.environment, one.sender, one.kind, one.run, one.numbers)))


def _data(one: "Gap") -> dict[str, Any]:
    plain = {"prefix": one.begins, "run": one.run, "since": one.since.isoformat(timespec="seconds")}
    return {**one._asdict(), **plain, "grace": one.grace.total_seconds()}
