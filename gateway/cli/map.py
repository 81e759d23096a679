"""`gateway map`: translate files without any state."""

from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from gateway.cli.options import translation
from gateway.cli.report import Report, command_of
from gateway.cli.request import Request

if TYPE_CHECKING:
    from gateway.cli.shown import Shown
    from gateway.steps.working.outcome import ItemOutcome

FOLDER = click.Path(file_okay=False, path_type=Path)


@command_of("map")
@translation(target=True)
@click.option("--out", type=FOLDER, metavar="DIR", help="One file a document, named by its LRN; else all on stdout.")
@click.option("--quarantine", type=FOLDER, metavar="DIR", help="Bytes of items that cannot be used, as received.")
def command(report: Report, request: Request, *, out: Path | None, quarantine: Path | None) -> dict[str, Any]:
    """Translate FILEs to a format, one document an item, exactly as the daemon does."""
    from gateway.cli.documents import Documents
    from gateway.cli.progress import progress
    from gateway.cli.shown import told

    assert request.target is not None
    target = request.registry().format(request.target, request.on)
    documents = Documents(target, out, silent=report.as_json)
    total = {"records": 0, "written": 0, "held": 0, "quarantined": 0}
    files: list[str] = []
    for number, shown in enumerate(request.each(report), 1):
        with progress(report, shown.source.size) as reached:
            items = _watched(shown, reached, quarantine and quarantine / str(number))
            for name in documents.write(shown, items):
                files += [name] if name and report.as_json else []
        for name, count in shown.counts.items():
            total[name] += count
    total["written"] = documents.written
    report.talk(told(total))
    return {**total, "files": files}


def _watched(shown: "Shown", reached: Any, quarantine: Path | None) -> Iterator["ItemOutcome"]:
    """The items, their progress told and the bytes of unusable ones kept."""
    for item in shown.items():
        reached(item.offset + item.length)
        if quarantine and item.state == "quarantined":
            quarantine.mkdir(parents=True, exist_ok=True)
            kept = quarantine / f"{item.ordinal:07}-{item.offset}-{item.length}.raw"
            kept.write_bytes(shown.source.cut(item.offset, item.length))
        yield item
