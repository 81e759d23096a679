"""`gateway check`: findings only."""

from typing import Any

from gateway.cli.options import translation
from gateway.cli.report import Report, command_of
from gateway.cli.request import Request


@command_of("check")
@translation(target=False)
def command(report: Report, request: Request) -> dict[str, Any]:
    """Say what is wrong with FILEs; with --to also what the target would lack."""
    from gateway.cli.shown import told

    looked = []
    for shown in request.each(report):
        for _ in shown.items():
            pass  # its findings are shown on the way
        looked.append({"file": shown.source.name, "format": shown.format, **shown.counts})
        format_name = shown.format or "no known format"
        report.line(f"{shown.source.name}: {format_name}, {told(shown.counts)}")
    return {"files": looked}
