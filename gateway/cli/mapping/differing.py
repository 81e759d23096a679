"""How differences between two rulesets are told: under what they concern, counted, each with its examples."""

from typing import Any

import msgspec

from gateway.cli.report import Report, counted
from gateway.cli.tree import width
from gateway.findings.catalogue import entry
from gateway.workbench.difference.item import Kind
from gateway.workbench.difference.tally import Differences, Example, Heading

TITLES: dict[Kind, str] = {
    "item": "Items that would fare otherwise",
    "route": "Items that would take another route",
    "finding": "Findings",
    "value": "Values of the records",
    "output": "Values that are written",
    "layout": "Messages that say the same in another order or layout",
}


def told(report: Report, found: Differences, old: str, new: str) -> dict[str, Any]:
    """Print them; gives them as data."""
    headings = list(found.headings())
    over = f"{counted(found.items, 'item')} of {counted(found.files, 'file')}"
    report.line(f"{old} → {new}: {over}, {found.differ:,} would differ")
    for kind, title in TITLES.items():
        _group(report, title, [heading for heading in headings if heading.kind == kind])
    return {
        "old": old, "new": new, "files": found.files, "items": found.items, "differ": found.differ,
        "changes": [msgspec.to_builtins(heading) for heading in headings],
    }  # fmt: skip


def _group(report: Report, title: str, headings: list[Heading]) -> None:
    if not headings:
        return
    report.line(f"\n{title}")
    names = [_named(heading) for heading in headings]
    wide = max(map(width, names))
    for heading, name in zip(headings, names, strict=True):
        report.line(f"  {heading.changes:>8,}  {name}{' ' * (wide - width(name))}  {counted(heading.items, 'item')}")
        for example in heading.examples:
            report.line(f"            {_shown(example)}")


def _named(heading: Heading) -> str:
    """The element with its WCO ids, the code with its name."""
    if heading.kind == "finding":
        _, code, _ = heading.what.split(" ")
        return f"{heading.what}  {entry(code).name}"
    return f"{heading.what}  (WCO {heading.wco})" if heading.wco else heading.what


def _shown(example: Example) -> str:
    """Whose, where, from what to what."""
    texts = " → ".join(filter(None, (example.before, example.after)))
    return "  ".join(filter(None, (example.item_id, example.at, texts, example.file)))
