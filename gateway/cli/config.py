"""`gateway config`: the configuration checked, shown, described."""

from pathlib import Path
from typing import Any

import click

from gateway.cli.configured import config_option, find_configuration, load_configuration
from gateway.cli.report import Report, command_of, counted

KIND = click.argument("kind", type=click.Choice(["gateway", "partner", "routes"]), default="partner")


@command_of("validate")
@click.argument("path", metavar="[CONFIG]", required=False, type=click.Path(path_type=Path))
@config_option
def validate(report: Report, *, path: Path | None, config: Path | None) -> dict[str, Any]:
    """Show the faults of every file at once. CONFIG is gateway.yaml or its folder, as with --config."""
    config = path or config
    settings = load_configuration(report, config)
    counts = {
        "partners": len(settings.partners),
        "connections": len(settings.connections()),
        "routes": len(settings.routes),
    }
    told = ", ".join(counted(count, name.removesuffix("s")) for name, count in counts.items())
    report.line(f"{find_configuration(config)}: {told}: no faults")
    report.talk("next: `gateway doctor` looks at keys, folders and partners")
    return counts


@command_of("show")
@config_option
def show(report: Report, *, config: Path | None) -> dict[str, Any]:
    """Show what is in force. Defaults are included; secrets stay where they are."""
    from gateway.settings.show import as_data, as_yaml

    data = as_data(load_configuration(report, config, formats=False))
    report.line(as_yaml(data))
    return data


@command_of("sample")
@KIND
def sample(report: Report, *, kind: Any) -> dict[str, Any]:
    """Print a sample of a kind of file. Every key is there with its meaning and an example."""
    from gateway.settings.sample import sample as sample_of

    text = sample_of(kind)
    report.line(text)
    return {"sample": text}


@command_of("schema", enveloped=False)
@KIND
def schema(report: Report, *, kind: Any) -> None:
    """Print the JSON Schema of a kind of file, for editors."""
    import json

    from gateway.settings.schema import json_schema

    report.raw(json.dumps(json_schema(kind), indent=2, ensure_ascii=False).encode() + b"\n")


@click.group("config", commands=(validate, show, sample, schema))
def command() -> None:
    """Validate, show and describe the configuration."""
