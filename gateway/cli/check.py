"""`gateway check`: findings only."""

from typing import Any

from gateway.cli.options import translation
from gateway.cli.report import Report, command_of
from gateway.cli.request import Request


@command_of("check")
@translation(target=False)
def command(report: Report, request: Request) -> dict[str, Any]:
    """Say what is wrong with FILEs; with --to also what the target would lack."""
    looked = []
    for shown in request.each(report):
        for _ in shown.items():
            pass  # its findings are shown on the way
        looked.append({"file": shown.source.name, "format": shown.format, **shown.counts})
        report.line("{file}: {format}: {records} records, {held} held, {quarantined} quarantined".format(**looked[-1]))
    return {"files": looked}
