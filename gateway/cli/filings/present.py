"""`gateway filings present`: tell customs that the goods of a declaration are here."""

from pathlib import Path
from typing import Any

from gateway.cli.configured import config_option
from gateway.cli.filings.asking import DECLARATION, ask_of
from gateway.cli.report import Report, command_of


@command_of("present")
@DECLARATION
@config_option
def present(report: Report, *, text: str, config: Path | None) -> dict[str, Any]:
    """Tell customs that the goods of a declaration are here."""
    return ask_of(report, config, text, "present")
