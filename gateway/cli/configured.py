"""The configuration and the tables a command works with."""

import os
from collections.abc import Callable
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from gateway.cli.endings import STATE
from gateway.cli.report import Report
from gateway.findings import Position
from gateway.findings.errors import ConfigurationInvalid

if TYPE_CHECKING:
    from gateway.settings import Settings

# Where a configuration is looked for when none is named, in this order.
NAMED = "GATEWAY_CONFIG"
PLACES = (Path("gateway.yaml"), Path("config/gateway.yaml"), Path("/etc/gateway/gateway.yaml"))


def config_option(function: Callable[..., Any]) -> Callable[..., Any]:
    return click.option(
        "--config",
        "config",
        type=click.Path(path_type=Path),
        help=f"gateway.yaml or its folder; else ${NAMED}, ./, ./config/, /etc/gateway/.",
    )(function)


def tables_option(function: Callable[..., Any]) -> Callable[..., Any]:
    return click.option(
        "--tables",
        type=click.Path(exists=True, file_okay=False, path_type=Path),
        multiple=True,
        help="Folder with own mapping tables, before the shipped ones.",
    )(function)


def find_configuration(config: Path | None) -> Path:
    """The path named, here or in the environment, or the first place that has one. Raises ConfigurationInvalid."""
    named = os.environ.get(NAMED)
    places = [Path(named)] if named else [place for place in PLACES if place.is_file()]
    found = config or next(iter(places), None)
    if found is None:
        raise ConfigurationInvalid(
            "there is no configuration here: name one with --config, or begin with `gateway init DIR`"
        )
    return found


def load_configuration(report: Report, config: Path | None, *, formats: bool = True) -> "Settings":
    """The settings, with every fault shown. Raises ConfigurationInvalid when one is an error."""
    from gateway.mapping.registry import Registry
    from gateway.settings import examine
    from gateway.settings.source import read_file

    path = find_configuration(config)
    found = examine(path)
    settings, faults = found.settings, found.with_formats(Registry) if formats else found.faults
    folder = (path if path.is_dir() else path.parent).parent

    @cache
    def unquoted(file: str) -> set[int]:
        return read_file(folder / file, file)[0].unquoted

    def line_at(place: Position) -> str | None:
        return None if place.line in unquoted(place.file) else line_of(folder / place.file, place.line)

    for fault in faults:
        report.finding(fault, line_at)
    if settings is None or any(fault.severity == "error" for fault in faults):
        count = sum(fault.severity == "error" for fault in faults)
        raise ConfigurationInvalid(f"{count} fault{'s' if count != 1 else ''} in the configuration at {path}")
    STATE.set(settings.state)
    return settings


def line_of(file: Path, number: int | None) -> str | None:
    """A line of a file of ours, None where it has none."""
    if number is None or not file.is_file():
        return None
    lines = file.read_text("utf-8", "replace").splitlines()
    return lines[number - 1] if number <= len(lines) else None
