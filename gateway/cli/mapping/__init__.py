"""`gateway mapping`: the workbench for tables, a module a command."""

import click

from gateway.cli.mapping.lint import lint
from gateway.cli.mapping.show import show
from gateway.cli.mapping.test import test


@click.group("mapping", commands=(lint, test, show))
def command() -> None:
    """Lint, test and show mapping tables."""
