"""`gateway filings repay`: ask customs for money back."""

from pathlib import Path
from typing import Any

from gateway.cli.configured import config_option
from gateway.cli.filings.asking import DECLARATION, REASON, TEXT, ask_of
from gateway.cli.report import Report, command_of


@command_of("repay")
@DECLARATION
@REASON
@TEXT
@config_option
def repay(report: Report, *, text: str, reason: str, note: str, config: Path | None) -> dict[str, Any]:
    """Ask customs to pay back what it assessed on a declaration."""
    return ask_of(report, config, text, "repay", reason=reason, note=note)
