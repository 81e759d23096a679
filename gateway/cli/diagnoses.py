"""Diagnoses on the terminal: each a line with its grade, and what to do about it."""

from collections.abc import Iterable, Iterator
from typing import TYPE_CHECKING

import click

from gateway.cli.report import Report

if TYPE_CHECKING:
    from gateway.steps.watching.doctor import Diagnosis

COLOURS = {"ok": "green", "warn": "yellow", "fail": "red"}


def shown(report: Report, found: Iterable["Diagnosis"]) -> Iterator["Diagnosis"]:
    """Print each as it comes, and hand it on."""
    for one in found:
        fix = f"\n        = fix: {one.fix}" if one.fix else ""
        report.line(f" {one.what}: {one.found}{fix}", styled=click.style(f"{one.grade:<5}", fg=COLOURS[one.grade]))
        yield one


def fails(found: Iterable["Diagnosis"]) -> bool:
    return any(one.grade == "fail" for one in found)
