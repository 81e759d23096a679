"""How far a file is read, on a terminal only."""

import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager

import click

from gateway.cli.report import Report


@contextmanager
def progress(report: Report, size: int) -> Iterator[Callable[[int], None]]:
    """Gives a function that is told the byte reached."""
    if report.as_json or not sys.stderr.isatty():
        yield lambda _: None
        return
    with click.progressbar(length=size, file=sys.stderr, show_eta=True, update_min_steps=size // 200 + 1) as bar:
        yield lambda reached: bar.update(reached - bar.pos - bar._completed_intervals)  # noqa: SLF001
