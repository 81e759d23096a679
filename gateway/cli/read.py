"""`gateway read`: records as JSON Lines."""

from gateway.cli.options import translation
from gateway.cli.report import Report, command_of
from gateway.cli.request import Request


@command_of("read", enveloped=False)
@translation(target=None)
def command(report: Report, request: Request) -> None:
    """Print the records of FILEs as JSON Lines, one item a line; findings go to stderr (or --findings FILE)."""
    for shown in request.each(report):
        for item in shown.items():
            if item.record:
                report.raw(item.record + b"\n")
