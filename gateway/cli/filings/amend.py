"""`gateway filings amend`: amend a declaration to what its parcel's newest version and today's tables say."""

from pathlib import Path
from typing import Any

from gateway.cli.configured import config_option
from gateway.cli.filings.asking import DECLARATION, REASON, TEXT, ask_of
from gateway.cli.report import Report, command_of


@command_of("amend")
@DECLARATION
@REASON
@TEXT
@config_option
def amend(report: Report, *, text: str, reason: str, note: str, config: Path | None) -> dict[str, Any]:
    """Amend a declaration to what its parcel's newest version and today's tables say."""
    return ask_of(report, config, text, "amend", reason=reason, note=note)
