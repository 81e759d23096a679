"""Unified differences in colour, on a terminal that wants it (NO_COLOR, FORCE_COLOR: no-color.org)."""

from collections.abc import Sequence

from gateway.cli.endings import harmless
from gateway.cli.report import Report

STYLES = (("---", "bold"), ("+++", "bold"), ("@@", "cyan"), ("-", "red"), ("+", "green"))


def unified(report: Report, lines: Sequence[str]) -> None:
    """Print the lines of a difference; the longest of its marks says the style of a line."""
    if report.as_json:
        return
    from rich.console import Console
    from rich.text import Text

    console = Console(highlight=False, soft_wrap=True)
    for line in lines:
        style = next((style for mark, style in STYLES if line.startswith(mark)), "")
        console.print(Text(harmless(line), style=style))
    console.print()
