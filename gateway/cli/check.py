"""`gateway check`: findings, and what a target would lack."""

from typing import Any

from gateway.cli.options import translation
from gateway.cli.report import Report, command_of
from gateway.cli.request import Request


@command_of("check")
@translation(target=False)
def command(report: Report, request: Request) -> dict[str, Any]:
    """Say what is wrong with FILEs; with --to also what the target would lack, element by element."""
    from gateway.cli.missing import Missed, data, lines
    from gateway.cli.shown import told

    looked, missed = [], Missed(request)
    for shown in request.each(report):
        lacking: list[dict[str, Any]] = []
        for item in shown.items():  # its findings are shown on the way
            if found := missed.of(shown, item):
                name = item.item_id or f"#{item.ordinal}"
                lacking += data(name, found, report.language)
                for line in lines(name, found, request.target or "", report.language):
                    report.line(line)
        more = {"missing": lacking} if request.target else {}
        looked.append({"file": shown.source.name, "format": shown.format, **shown.counts, **more})
        format_name = shown.format or "no known format"
        report.line(f"{shown.source.name}: {format_name}, {told(shown.counts)}")
    return {"files": looked}
