"""`gateway status`: what goes on, and what waits for a person."""

import shlex
from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

from gateway.cli.configured import config_option
from gateway.cli.report import Report, command_of
from gateway.cli.stateful import gate_of
from gateway.cli.waiting import waiting_files

if TYPE_CHECKING:
    from gateway.steps.overview import LineState, Overview, Waiting

COMMAND = " " * 11
MOST_CODES = 5  # findings that the overview names, the most frequent first


@command_of("status")
@config_option
def command(report: Report, *, config: Path | None) -> dict[str, Any]:
    """Show every connection, what is on its way, and what waits for a person with the next command."""
    import msgspec

    from gateway.steps.force import in_force
    from gateway.steps.overview import overview

    with gate_of(report, config) as gate, gate.journal.read() as conn:
        found, ruleset = overview(gate, conn), in_force(conn)
        files = {f"files {state}": waiting_files(conn, state) for state in ("refused", "suspect")}
        now = gate.now()
    tail = f" --config {shlex.quote(str(config))}" if config else ""
    for line in (*_lines(found, files, now, tail), *_tables(ruleset, gate.ruleset, tail)):
        report.line(line)
    told: dict[str, Any] = msgspec.to_builtins(found)
    return told | {"ruleset": {"in_force": ruleset, "disk": gate.ruleset}}


def _tables(in_force: str, disk: str, tail: str) -> Iterator[str]:
    """Which ruleset files are read by, and what to do where the disk holds another."""
    yield f"\ntables: {f'ruleset {in_force[:12]} is in force' if in_force else 'no gateway has run by any yet'}"
    if disk != in_force:
        yield f"  on disk are others, ruleset {disk[:12]}"
        yield f"{COMMAND}gateway mapping diff in-force disk --journal{tail}   # what they would change"
        yield f"{COMMAND}gateway reload{tail}   # take them up"


def _lines(
    found: "Overview", files: Mapping[str, Sequence[tuple[str, str]]], now: datetime, tail: str
) -> Iterator[str]:
    """The page; `tail` makes the commands in it ready to paste."""
    yield "connections"
    yield from (_connection(line, now) for line in found.lines)
    yield "\non its way"
    yield from (f"  {count:>7,}  {what}" for what, count in found.moving.items())
    if not found.moving:
        yield "  nothing"
    yield "\nwaits for a person"
    yield from (text for one in found.waiting for text in _waiting(one, files.get(one.what, ()), now, tail))
    stopped = [("connection", line.name, line.state) for line in found.lines if line.state != "active"]
    stopped += [("route", name, state) for name, state in found.stopped.items()]
    yield from (f"  {kind} {name} is {state}: `gateway resume {name}`" for kind, name, state in stopped)
    if found.overdue:
        yield f"  {found.overdue:>7,}  filings without an answer in time: ask the authority"
    if not (found.waiting or stopped or found.overdue):
        yield "  nothing"


def _connection(line: "LineState", now: datetime) -> str:
    last = f"last file {_age(now, line.last_in)} ago" if line.last_in else "no file yet"
    state = f"{line.state} ({line.reason})" if line.reason else line.state
    more = [state, last, f"{line.on_the_way:,} to send"]
    more += ["SILENT for too long"] if line.quiet else []
    return f"  {line.name:<28} {line.environment:<11} {', '.join(more)}"


def _waiting(one: "Waiting", files: Sequence[tuple[str, str]], now: datetime, tail: str) -> Iterator[str]:
    since = f", oldest {_age(now, one.oldest)}" if one.oldest else ""
    most = sorted(one.codes, key=lambda pair: (-pair[1], pair[0]))
    codes = ", ".join([*(f"{code} {count:,}" for code, count in most), *["…"][: len(most) >= MOST_CODES]])
    yield f"  {one.count:>7,}  {one.what}{since}: {codes}"
    if files:
        yield from (f"{COMMAND}gateway items show {file}{tail}   # {name}" for file, name in files)
    else:
        yield f"{COMMAND}{one.next}{tail}"


def _age(now: datetime, then: datetime) -> str:
    seconds = int((now - then).total_seconds())
    size, unit = next(((n, u) for n, u in ((86400, "d"), (3600, "h"), (60, "min")) if seconds >= n), (1, "s"))
    return f"{seconds // size} {unit}"
