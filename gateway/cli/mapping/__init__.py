"""`gateway mapping`: the workbench for tables, a module a command."""

import click

from gateway.cli.mapping.codes import codes
from gateway.cli.mapping.coverage import coverage
from gateway.cli.mapping.diff import diff
from gateway.cli.mapping.document import document
from gateway.cli.mapping.fmt import fmt
from gateway.cli.mapping.lint import lint
from gateway.cli.mapping.names import names
from gateway.cli.mapping.new import new
from gateway.cli.mapping.schema import schema
from gateway.cli.mapping.show import show
from gateway.cli.mapping.test import test


@click.group("mapping", commands=(codes, coverage, diff, document, fmt, lint, names, new, schema, show, test))
def command() -> None:
    """Lint, format, test, compare, document and show mapping tables."""
