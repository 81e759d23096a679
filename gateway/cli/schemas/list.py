"""`gateway schemas list`: which official schemas are installed."""

from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import msgspec

from gateway.cli.report import Report, command_of
from gateway.cli.schemas.overlay import overlay_of, overlay_options


@command_of("list")
@overlay_options
def list_(report: Report, *, config: Path | None, into: Path | None) -> dict[str, Any]:
    """Show the installed editions of every format; `*` marks the one that is in force today."""
    from gateway.mapping.editions import editions
    from gateway.mapping.registry import Registry

    overlay, today = overlay_of(report, config, into), datetime.now(UTC).date()
    registry, found = Registry((overlay,)), []
    for one in editions(overlay):
        current = registry.edition(one.format, today) == one
        days = f"{one.valid_from or '…'} to {one.valid_to or '…'}"
        report.line(f"{'*' if current else ' '} {one.format:<32} {days:<24} {one}")
        found.append({**msgspec.to_builtins(one), "in_force": current})
    if not found:
        report.talk(f"no schema is installed in {overlay}")
    return {"editions": found, "overlay": str(overlay)}
