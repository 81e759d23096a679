"""`gateway partner`: the partners of a configuration, a module a command."""

import click

from gateway.cli.partner.list import list_
from gateway.cli.partner.new import new
from gateway.cli.partner.test import test
from gateway.cli.partner.trust import trust


@click.group("partner", commands=(list_, new, test, trust))
def command() -> None:
    """List, begin and try partners, and pin their servers' keys."""
