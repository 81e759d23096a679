"""`gateway explain`: where each value came from, by which row of which table."""

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from gateway.cli.endings import readable
from gateway.cli.options import translation
from gateway.cli.report import Report, command_of
from gateway.cli.request import Request
from gateway.cli.tree import tree

if TYPE_CHECKING:
    from gateway.cli.traced import Traced, Way
    from gateway.findings import Row
    from gateway.mapping.trace import Entry

WIDEST = 44
SUBJECT: Callable[[Any], Any] = click.argument(
    "files",
    metavar="FILE|ITEM|LRN|MRN|DECISION",
    nargs=1,
    type=click.Path(path_type=Path),
    callback=lambda *a: (a[-1],),
)


@command_of("explain")
@translation(target=False, files=SUBJECT)
@click.option("--item", metavar="ID", help="The item of a FILE, by its id or #NUMBER in it.")
@click.option("--value", "value", default="", metavar="PATH", help="Only the values at this path of message or model.")
def command(report: Report, request: Request, *, item: str | None, value: str) -> dict[str, Any]:
    """Show where each value of an item came from and, with --to, where each value that is written came from.

    `<-` is the same value, `<~` what an authority's rule made it of.

    With FILE and --item by the tables of today; an ITEM, LRN, MRN or DECISION is looked up in the journal and explained
    under the tables that it was read and filed with.
    """
    subject = request.files[0]
    if item is None and not subject.is_file():
        from gateway.cli.explained import explain_subject

        readable([str(subject)])
        return explain_subject(report, request.config, str(subject))
    if item is None:
        raise click.UsageError(f"name the item of {subject}: `--item ID`, or `--item '#1'` for the first")
    return _file(report, request, item, value)


def _file(report: Report, request: Request, item: str, value: str) -> dict[str, Any]:
    from gateway.cli.shown import fate
    from gateway.cli.traced import chosen, entry_data, find_item, findings_of, ways, with_target

    for shown in request.each(report):
        found = find_item(shown.source, shown.setup, item, shown.jobs) if shown.setup else None
        if found is None or shown.setup is None:
            continue
        read = [entry for entry in found.read.entries if not value or chosen(value, entry)]
        written = []
        if request.target:
            found = with_target(found, request.registry(), request.target, request.filer(), request.on)
            written = [
                way for way in ways(found, request.target) if not value or chosen(value, way.written, way.source)
            ]
        if value and not (read or written):
            raise click.BadParameter(f"{found.item.item_id} has no value at {value!r}", param_hint="--value")
        for line in _page(found, shown.source.name, shown.format, read, written, request.target):
            report.line(line)
        shown.also(found.item, findings_of(found), found.read)
        return {
            "item": found.item.item_id,
            "state": fate(found.item),
            "source": {"file": shown.source.name, "format": shown.format, **_span(found)},
            "values": [entry_data(entry) for entry in read],
            "written": [
                {
                    **entry_data(way.written),
                    "from": entry_data(way.source) if way.source else None,
                    "by_rule": way.by_rule,
                }
                for way in written
            ],
        }
    raise click.BadParameter(f"there is no item {item!r} in {request.files[0]}", param_hint="--item")


def _span(found: "Traced") -> dict[str, int]:
    return {"offset": found.item.offset, "length": found.item.length, "line": found.item.line}


def _page(
    found: "Traced", file: str, format_name: str, read: list["Entry"], written: list["Way"], target: str | None
) -> Iterator[str]:
    from gateway.cli.shown import fate

    item = found.item
    yield f"{item.item_id}: {fate(item)}"
    yield f"{file}:{item.line}  bytes {item.offset}+{item.length}, read as {format_name}"
    yield ""
    yield from tree([_read_row(entry) for entry in read])
    if written:
        yield f"\nwritten as {target}\n"
        yield from tree([_written_row(way) for way in written])


def _read_row(entry: "Entry") -> tuple[str, ...]:
    line = f":{entry.span.line}" if entry.span else ""
    return entry.message_path, _short(entry.text), line, f"-> {_model(entry)}", _row(entry.row), entry.note


def _written_row(way: "Way") -> tuple[str, ...]:
    source = way.source
    came = (
        f"{'<~' if way.by_rule else '<-'} {source.message_path}{f':{source.span.line}' if source.span else ''}"
        if source
        else ""
    )
    return (
        way.written.message_path,
        _short(way.written.text),
        f"<- {_model(way.written)}",
        came,
        _row(way.written.row),
        way.written.note or ("by rule" if way.by_rule else ""),
    )


def _model(entry: "Entry") -> str:
    """The place in the model with its WCO id; a constant of the table has none."""
    wco = f" ({entry.wco_ids[-1]})" if entry.wco_ids and entry.wco_ids[-1] else ""
    return entry.model_path + wco if entry.model_path else "table"


def _short(text: str) -> str:
    return text if len(text) <= WIDEST else f"{text[: WIDEST - 1]}…"


def _row(row: "Row") -> str:
    return f"{Path(row.file).name}:{row.line}" if row.line else ""
