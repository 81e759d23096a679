"""What of real files no row carries: the answer of `coverage --on FILE…`."""

from collections.abc import Sequence
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from gateway.cli.endings import FINDINGS
from gateway.cli.report import Report, counted
from gateway.cli.sources import OWN_FILES, format_of, opened
from gateway.findings import Finding

if TYPE_CHECKING:
    from gateway.mapping.registry import Registry
    from gateway.workbench.coverage.leftover import Leftover, Rest

WIDEST = 60


def rest(report: Report, registry: "Registry", paths: Sequence[Path], named: str | None, on: date) -> dict[str, Any]:
    """Go through the files, print for each format what is carried and what is not."""
    from gateway.workbench.coverage.leftover import Leftover, look

    found: dict[str, Leftover] = {}
    for path in paths:
        if not path.is_file():
            raise click.UsageError(f"there is no file {path}")
        with opened(path) as source:
            name = format_of(source, named, registry, on)
            if isinstance(name, Finding):
                report.finding(name)
                continue
            look(found.setdefault(name, Leftover()), registry.format(name, on), source.stream, source.name, OWN_FILES)
    for name, one in sorted(found.items()):
        _print(report, name, one)
    if any(one.uncarried or one.unreadable for one in found.values()):
        report.ends_with(FINDINGS)
    return {"files": len(paths), "formats": {name: _data(one) for name, one in found.items()}}


def _print(report: Report, name: str, found: "Leftover") -> None:
    from gateway.cli.columns import columns

    unread = f", {counted(found.unreadable, 'item')} unreadable" if found.unreadable else ""
    report.line(
        f"{name}: {counted(found.units, 'item')}{unread}, {counted(found.values, 'value')}, "
        f"{found.carried:,} carried ({found.share:.2%})"
        + (f", {found.aside:,} left aside on purpose" if found.aside else "")
        + (f", {found.uncarried:,} that no row carries" if found.uncarried else "")
    )
    rows = [
        (
            f"{one.values:,}",
            one.path,
            one.example.text[:WIDEST],
            _place(one),
            f"{one.aside.file}:{one.aside.line}" if one.aside else "",
        )
        for one in found.in_order()
    ]
    for line in columns(rows, ("values", "element", "example", "first at", "left aside by")) if rows else ():
        report.line(f"  {line}")


def _place(one: "Rest") -> str:
    """File and line; what stands around the items is put together from several places and has no line."""
    return one.example.file + (f":{one.example.line}" if one.example.line else "")


def _data(found: "Leftover") -> dict[str, Any]:
    return {
        "items": found.units,
        "unreadable": found.unreadable,
        "values": found.values,
        "carried": found.carried,
        "aside": found.aside,
        "share": round(found.share, 6),
        "rest": [
            {
                "element": one.path,
                "values": one.values,
                "items": one.units,
                "aside": f"{one.aside.file}:{one.aside.line}" if one.aside else "",
                "example": {"file": one.example.file, "line": one.example.line, "text": one.example.text},
            }
            for one in found.in_order()
        ],
    }
