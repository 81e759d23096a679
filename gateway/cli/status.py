"""`gateway status`: what goes on, and what waits for a person."""

from collections.abc import Iterator
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

from gateway.cli.configured import config_option
from gateway.cli.report import Report, command_of
from gateway.cli.stateful import gate_of

if TYPE_CHECKING:
    from gateway.steps.overview import LineState, Overview, Waiting


@command_of("status")
@config_option
def command(report: Report, *, config: Path | None) -> dict[str, Any]:
    """Show every connection, what is on its way, and what waits for a person with the next command."""
    import msgspec

    from gateway.steps.overview import overview

    with gate_of(report, config) as gate, gate.journal.read() as conn:
        found = overview(gate, conn)
        now = gate.now()
    for line in _lines(found, now):
        report.line(line)
    told: dict[str, Any] = msgspec.to_builtins(found)
    return told


def _lines(found: "Overview", now: datetime) -> Iterator[str]:
    yield "connections"
    yield from (_connection(line, now) for line in found.lines)
    yield "\non its way"
    yield from (f"  {count:>7,}  {what}" for what, count in found.moving.items())
    if not found.moving:
        yield "  nothing"
    yield "\nwaits for a person"
    yield from (text for one in found.waiting for text in _waiting(one, now))
    yield from (f"  route {name} is {state}: `gateway resume {name}`" for name, state in found.stopped.items())
    if found.overdue:
        yield f"  {found.overdue:>7,}  filings without an answer in time: ask the authority"
    if not (found.waiting or found.stopped or found.overdue):
        yield "  nothing"


def _connection(line: "LineState", now: datetime) -> str:
    last = f"last file {_age(now, line.last_in)} ago" if line.last_in else "no file yet"
    more = [line.state, last, f"{line.on_the_way:,} to send"]
    more += ["SILENT for too long"] if line.quiet else []
    more += [line.reason] if line.reason else []
    return f"  {line.name:<28} {line.environment:<11} {', '.join(more)}"


def _waiting(one: "Waiting", now: datetime) -> Iterator[str]:
    since = f", oldest {_age(now, one.oldest)}" if one.oldest else ""
    codes = ", ".join(f"{code} {count:,}" for code, count in one.codes)
    yield f"  {one.count:>7,}  {one.what}{since}: {codes}"
    yield f"           {one.next}"


def _age(now: datetime, then: datetime) -> str:
    seconds = int((now - then).total_seconds())
    size, unit = next(((n, u) for n, u in ((86400, "d"), (3600, "h"), (60, "min")) if seconds >= n), (1, "s"))
    return f"{seconds // size} {unit}"
