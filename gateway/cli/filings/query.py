"""`gateway filings query`: ask customs how a declaration stands."""

from pathlib import Path
from typing import Any

from gateway.cli.configured import config_option
from gateway.cli.filings.asking import DECLARATION, ask_of
from gateway.cli.report import Report, command_of


@command_of("query")
@DECLARATION
@config_option
def query(report: Report, *, text: str, config: Path | None) -> dict[str, Any]:
    """Ask customs how a declaration stands."""
    return ask_of(report, config, text, "query")
