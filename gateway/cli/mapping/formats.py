"""The argument that most commands of the workbench share."""

import click

FORMATS = click.argument("formats", nargs=-1, metavar="[FORMAT…]")
