"""`gateway schemas`: official schemas that declarations and answers are held against, a module a command."""

import click

from gateway.cli.schemas.add import add
from gateway.cli.schemas.list import list_
from gateway.cli.schemas.remove import remove


@click.group("schemas", commands=(add, list_, remove))
def command() -> None:
    """Install, list and remove official schemas."""
