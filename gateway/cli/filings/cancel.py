"""`gateway filings cancel`: ask customs to cancel a declaration."""

from pathlib import Path
from typing import Any

from gateway.cli.configured import config_option
from gateway.cli.filings.asking import DECLARATION, REASON, TEXT, ask_of
from gateway.cli.report import Report, command_of


@command_of("cancel")
@DECLARATION
@REASON
@TEXT
@config_option
def cancel(report: Report, *, text: str, reason: str, note: str, config: Path | None) -> dict[str, Any]:
    """Ask customs to cancel a declaration."""
    return ask_of(report, config, text, "cancel", reason=reason, note=note)
