"""`gateway mapping coverage`: what formats carry, what a target lacks from a source, what of files no row carries."""

from datetime import UTC, date, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from gateway.cli.configured import tables_option
from gateway.cli.options import SETTING, configured
from gateway.cli.report import Report, command_of, counted

if TYPE_CHECKING:
    from gateway.mapping.registry import Registry

LETTERS = "abcdefghijklmnopqrstuvwxyz"


@command_of("coverage")
@click.argument("named", nargs=-1, metavar="[FORMAT…]")
@click.option("--csv", "as_csv", is_flag=True, help="The whole matrix as CSV on stdout.")
@click.option(
    "--html", "page", type=click.Path(dir_okay=False, path_type=Path), metavar="FILE", help="The matrix as a page."
)
@click.option("--all", "whole", is_flag=True, help="Elements that no format carries, too.")
@click.option("--from", "source", metavar="FORMAT", help="With --to: the format that is read.")
@click.option("--to", "target", metavar="FORMAT", help="With --from: what it requires, and who gives it.")
@click.option(
    "--on", "files", multiple=True, metavar="FILE…", type=click.Path(exists=True, path_type=Path),
    help="Every value of these files that no row carries.",
)  # fmt: skip
@click.option(
    "--as", "source_format", metavar="FORMAT", help="With --on: format of the files; else told by their bytes."
)
@tables_option
@click.option(
    "--config",
    type=click.Path(exists=True, path_type=Path),
    help="With --to: take own tables and the receiver's settings from this configuration.",
)
@SETTING
def coverage(
    report: Report,
    *,
    named: tuple[str, ...],
    as_csv: bool,
    page: Path | None,
    whole: bool,
    source: str | None,
    target: str | None,
    files: tuple[Path, ...],
    source_format: str | None,
    tables: tuple[Path, ...],
    config: Path | None,
    settings: tuple[tuple[str, str], ...],
) -> dict[str, Any]:
    """Show what formats carry of the model. One matrix: r is read, w is written.

    --from and --to: all that the target requires, by its grammar, its rows, the checks and the authority's rules, and
    who gives it; with --config or --set, what the filer says counts as given.

    --on: every value of real files, as their syntax finds them, less those in the traces of their records; more FILEs
    may follow it.

    Exit codes: 0 done; 1 something required has no source, something is not carried, or an item cannot be read.
    """
    from gateway.mapping.registry import Registry

    overlays, known, record = configured(report, config, target)
    registry, today = Registry((*tables, *overlays)), datetime.now(UTC).date()
    if bool(source) != bool(target):
        raise click.UsageError("--from and --to belong together")
    if source and target:
        from gateway.cli.mapping.needs import needs
        from gateway.settings.filer import record_of
        from gateway.steps.working.filer import Filer

        filer = Filer({**known, **dict(settings)}, record_of(record))
        return needs(report, registry, source, target, today, filer)
    if files:
        from gateway.cli.mapping.rest import rest

        return rest(report, registry, (*files, *map(Path, named)), source_format, today)
    return _matrix(report, registry, named, today, as_csv=as_csv, page=page, whole=whole)


def _matrix(
    report: Report,
    registry: "Registry",
    named: tuple[str, ...],
    on: date,
    *,
    as_csv: bool,
    page: Path | None,
    whole: bool,
) -> dict[str, Any]:
    import msgspec

    from gateway.workbench.coverage import matrix as coverage
    from gateway.workbench.coverage import page as coverage_page
    from gateway.workbench.document.words import Words

    found = coverage.coverage([registry.plan(name, on) for name in named or registry.names()])
    if page is not None:
        page.write_text(coverage_page.page(found, on.isoformat(), Words(report.language)), "utf-8")
        report.line(f"{page}: {counted(len(found.formats), 'format')}, {counted(len(found.lines), 'element')}")
    elif as_csv and not report.as_json:
        report.raw(coverage.sheet(found).encode())
    else:
        _print(report, found, whole=whole)
    return {"formats": list(found.formats), "elements": [msgspec.to_builtins(line) for line in found.lines]}


def _print(report: Report, found: Any, *, whole: bool) -> None:
    """The matrix: a letter for each format, explained above; elements by record."""
    from gateway.cli.columns import columns

    for number, name in enumerate(found.formats):
        report.line(f"{LETTERS[number % 26]}  {name}: {counted(found.carried(number), 'element')}")
    shown = [line for line in found.lines if whole or line.is_carried]
    rows = [
        (
            *(mark or "·" for mark in line.marks),
            f"{line.record}.{line.path}",
            " ".join(line.wco),
            " / ".join(line.wco_names),
        )
        for line in shown
    ]
    head = (*(LETTERS[number % 26] for number in range(len(found.formats))), "element", "WCO", "name")
    report.line()
    for line in columns(rows, head):
        report.line(line)
    if left := len(found.lines) - len(shown):
        report.line(f"\n{counted(left, 'element')} of the model in none of these formats; --all lists them")
