"""`gateway audit`: who did what, and the proof that nobody changed it since."""

import click

from gateway.cli.audit.shown import list_, show
from gateway.cli.audit.verify import verify


@click.group("audit", commands=(verify, list_, show))
def command() -> None:
    """Prove the audit trail, list it, show one subject's."""
