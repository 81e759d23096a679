"""The overlay folder that schemas are installed into."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import click

from gateway.cli.configured import config_option, load_configuration
from gateway.cli.report import Report


def overlay_options(function: Callable[..., Any]) -> Callable[..., Any]:
    into = click.option(
        "--into",
        type=click.Path(file_okay=False, path_type=Path),
        metavar="FOLDER",
        help="Folder of own tables; else that of the configuration.",
    )
    return into(config_option(function))


def overlay_of(report: Report, config: Path | None, into: Path | None) -> Path:
    """The folder named, else that of the configuration. Raises: ConfigurationInvalid."""
    return into or load_configuration(report, config, formats=False).overlay
