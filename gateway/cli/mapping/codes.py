"""`gateway mapping codes`: the lists there are, or one of them with its codes, labels, source and users."""

import csv
import sys
from collections.abc import Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click
import msgspec

from gateway.cli.columns import columns
from gateway.cli.configured import tables_option
from gateway.cli.report import Report, command_of, counted

if TYPE_CHECKING:
    from gateway.mapping.listing import Listing
    from gateway.mapping.registry import Registry
    from gateway.workbench.listed import Use

FACTS = "checks and rules"


@command_of("codes")
@click.argument("name", metavar="[LIST]", required=False)
@click.option("--csv", "as_csv", is_flag=True, help="The codes, or the lists, as CSV.")
@tables_option
def codes(report: Report, *, name: str | None, as_csv: bool, tables: tuple[Path, ...]) -> dict[str, Any]:
    """List the code lists, or show LIST: each code both ways, what it means, where it comes from, which rows use it.

    Labels are in the language of --lang where the list has them, else in English. Of several pairs of one code the
    one marked ✓ counts. Lists without a column for the message's code are facts for checks and rules.
    """
    from gateway.mapping.registry import Registry
    from gateway.workbench.listed import uses

    registry = Registry(tables)
    used = uses(registry, datetime.now(UTC).date())
    if name is None:
        return _all(report, registry, used, as_csv=as_csv)
    _known(registry, name)
    return _one(report, registry, registry.listing(name), used.get(name, ()), as_csv=as_csv)


def _known(registry: "Registry", name: str) -> None:
    from gateway.mapping.names import nearest

    if name not in registry.list_names():
        meant = nearest(name, registry.list_names())
        raise click.UsageError(f"there is no list {name!r}" + (f"; did you mean {meant!r}?" if meant else ""))


def _all(report: Report, registry: "Registry", used: Any, *, as_csv: bool) -> dict[str, Any]:
    """Every list in a line."""
    found = [(registry.listing(name), used.get(name, ())) for name in registry.list_names()]
    head = ("list", "codes", "kind", "date", "used by", "source")
    rows = [
        (one.name, f"{len(one.rows):,}", _kind(one), one.date, _users(one, users), one.source) for one, users in found
    ]
    _print(report, head, rows, as_csv=as_csv)
    return {"lists": [_told(one, users) for one, users in found]}


def _kind(listing: "Listing") -> str:
    return "two-way" if listing.two_way else "facts"


def _users(listing: "Listing", users: "tuple[Use, ...]") -> str:
    if not listing.two_way:
        return FACTS
    return ", ".join(dict.fromkeys(use.format for use in users)) or "no row"


def _told(listing: "Listing", users: "tuple[Use, ...]") -> dict[str, Any]:
    return {
        "name": listing.name, "file": listing.file, "title": listing.title, "source": listing.source,
        "date": listing.date, "two_way": listing.two_way, "codes": len(listing.rows),
        "used_by": msgspec.to_builtins(users),
    }  # fmt: skip


def _one(
    report: Report, registry: "Registry", listing: "Listing", users: "tuple[Use, ...]", *, as_csv: bool
) -> dict[str, Any]:
    """One list with every code."""
    head, rows = _codes(report, registry, listing)
    if not as_csv:
        report.line(f"{listing.name}: {listing.title}")
        report.line(f"source: {listing.source or 'not said'}, {listing.date or 'no date'}")
        report.line(f"file: {listing.file}, {counted(len(rows), 'row')}\n")
    _print(report, head, rows, as_csv=as_csv)
    if not as_csv:
        report.line()
        for use in users:
            report.line(f"used by {use.format}: {use.element} = {use.field}  {use.row.file}:{use.row.line}")
        if not users:
            report.line(f"used by {_users(listing, users)}")
    rows_told = [dict(row.cells) | {"line": row.line} for row in listing.rows]
    return {**_told(listing, users), "columns": list(listing.columns), "rows": rows_told}


def _codes(report: Report, registry: "Registry", listing: "Listing") -> tuple[tuple[str, ...], list[tuple[str, ...]]]:
    """Two-way: message, model, mark, label, what is set along; else the columns as they are."""
    from gateway.locale import chosen
    from gateway.workbench.listed import preferred

    if not listing.two_way:
        return listing.columns, [tuple(row[column] for column in listing.columns) for row in listing.rows]
    marked = preferred(listing, registry.codes(listing.name))
    language = chosen(report.language)
    head = ("message", "model", "preferred", "label", *listing.along, "note")
    rows = [
        (
            row["message"],
            row["model"],
            "✓" if row.line in marked else "",
            listing.label(row, language),
            *(row[column] for column in listing.along),
            row["note"],
        )
        for row in listing.rows
    ]
    return head, rows


def _print(report: Report, head: tuple[str, ...], rows: Sequence[tuple[str, ...]], *, as_csv: bool) -> None:
    if as_csv and not report.as_json:
        csv.writer(sys.stdout, lineterminator="\n").writerows([head, *rows])
        return
    for line in columns(rows, head):
        report.line(line)
