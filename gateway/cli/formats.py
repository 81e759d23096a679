"""`gateway formats`: what can be read and written."""

from typing import Any

from gateway.cli.configured import tables_option
from gateway.cli.report import Report, command_of


@command_of("formats")
@tables_option
def command(report: Report, *, tables: tuple[Any, ...]) -> dict[str, Any]:
    """List every format: direction, record, syntax, what it is based on."""
    from gateway.mapping.registry import Registry

    found = Registry(tables).heads()
    heads = sorted((head for head in found if head.format), key=lambda head: head.format)
    width = max((len(head.format) for head in heads), default=0)
    for head in heads:
        report.line(f"{head.format:{width}}  {_direction(head):11} {head.record:12} {head.syntax:8} {head.title}")
    for head in found:
        if not head.format:
            report.talk(f"{head.file}: no table; `gateway mapping lint` says why")
    rows = [
        {
            "format": head.format,
            "title": head.title,
            "basis": head.basis,
            "syntax": head.syntax,
            "record": head.record,
            "reads": head.reads,
            "writes": head.writes,
            "valid_from": head.valid_from,
            "valid_to": head.valid_to,
        }
        for head in heads
    ]
    return {"formats": rows}


def _direction(head: Any) -> str:
    return " ".join(word for word, able in (("read", head.reads), ("write", head.writes)) if able)
