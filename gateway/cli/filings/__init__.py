"""`gateway filings`: declarations and requests about them, a module a command."""

import click

from gateway.cli.filings.amend import amend
from gateway.cli.filings.cancel import cancel
from gateway.cli.filings.claim import claim
from gateway.cli.filings.list import list_
from gateway.cli.filings.present import present
from gateway.cli.filings.query import query
from gateway.cli.filings.repay import repay
from gateway.cli.filings.settle import settle
from gateway.cli.filings.show import show
from gateway.cli.filings.withdraw import withdraw


@click.group("filings", commands=(list_, show, amend, cancel, present, query, repay, settle, withdraw, claim))
def command() -> None:
    """List what was filed, ask customs to change, cancel or show it, take it back."""
