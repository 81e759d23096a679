"""`gateway purge`: what is over its time goes now; or what would go."""

from pathlib import Path
from typing import Any

import click

from gateway.cli.configured import config_option
from gateway.cli.report import Report, command_of
from gateway.cli.stateful import gate_of, operator


@command_of("purge")
@click.option("--dry-run", is_flag=True, help="Count what would go; change nothing.")
@config_option
def command(report: Report, *, dry_run: bool, config: Path | None) -> dict[str, Any]:
    """Purge what is over its time (`retention`). The daemon does so by itself, every hour."""
    import msgspec

    from gateway.steps.keeping.overdue import overdue
    from gateway.steps.keeping.purge import purge

    with gate_of(report, config) as gate:
        due = overdue(gate)
        done = 0
        while not dry_run and (piece := purge(gate, operator())):
            done += piece
    for one in due:
        size = f"{one.bytes:,} bytes" if one.what == "bytes" else ""
        what = f"{one.count:>8,} {'blobs' if one.what == 'bytes' else 'files: rows'}"
        report.line(f"{one.kind:<12}{one.connection:<24}{what:<22}{size:>20}  since {one.oldest:%Y-%m-%d}")
    if not due:
        report.talk("nothing is over its time")
    elif dry_run:
        report.talk("nothing was changed; without --dry-run this goes")
    return {"due": msgspec.to_builtins(due), "done": done}
