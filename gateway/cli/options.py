"""The options that `read`, `check`, `map` and `explain` share, made into one `Request`."""

import functools
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import click

from gateway.cli.configured import load_configuration, tables_option
from gateway.cli.report import Report
from gateway.cli.request import Request

Body = Callable[..., Any]
Option = Callable[[Body], Body]


class _Pair(click.ParamType[tuple[str, str]]):
    """NAME=VALUE."""

    name = "pair"

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> tuple[str, str]:
        if isinstance(value, tuple):
            return value
        name, equals, text = str(value).partition("=")
        if not (name and equals):
            self.fail(f"{value!r} is not NAME=VALUE", param, ctx)
        return name, text


FILES: Option = click.argument(
    "files",
    metavar="FILE…",
    nargs=-1,
    required=True,
    type=click.Path(exists=True, dir_okay=False, allow_dash=True, path_type=Path),
)
SHARED: tuple[Option, ...] = (
    click.option("--as", "source_format", metavar="FORMAT", help="Format of the files; else told by their bytes."),
    click.option(
        "--on", type=click.DateTime(["%Y-%m-%d"]), metavar="DATE", help="Date of receipt and declaration; else today."
    ),
    tables_option,
    click.option(
        "--config",
        type=click.Path(exists=True, path_type=Path),
        help="Take own tables and the receiver's settings from this configuration.",
    ),
    click.option(
        "--findings", type=click.File("wb"), metavar="FILE", help="Write every finding there, one JSON object a line."
    ),
    click.option(
        "--jobs",
        type=click.IntRange(1, 64),
        default=1,
        show_default=True,
        help="Worker processes; 1 works in this process.",
    ),
)
SETTING: Option = click.option(
    "--set",
    "settings",
    type=_Pair(),
    multiple=True,
    metavar="NAME=VALUE",
    help="A setting of the receiver, such as declarant-id=GB123456789000.",
)


def translation(*, target: bool | None, files: Option = FILES) -> Callable[[Body], Body]:
    """Give a command its request. `target`: True demands `--to`, False allows it, None has none."""

    def wrap(function: Body) -> Body:
        @functools.wraps(function)
        def run(
            report: Report,
            *,
            files: tuple[Path, ...],
            source_format: str | None,
            on: datetime | None,
            tables: tuple[Path, ...],
            config: Path | None,
            findings: Any,
            jobs: int,
            target: str | None = None,
            settings: tuple[tuple[str, str], ...] = (),
            **own: Any,
        ) -> Any:
            report.write_findings_to(findings)
            overlays, known, record = configured(report, config, target)
            request = Request(
                files=files,
                source_format=source_format,
                on=on.date() if on else datetime.now(UTC).date(),
                tables=(*tables, *overlays),
                config=config,
                jobs=jobs,
                target=target,
                settings={**known, **dict(settings)},
                record=record,
            )
            request.check_names()
            return function(report, request, **own)

        command: Body = run
        for option in reversed((files, *SHARED, *_targets(required=target))):
            command = option(command)
        return command

    return wrap


def _targets(*, required: bool | None) -> tuple[Option, ...]:
    if required is None:
        return ()
    return click.option("--to", "target", metavar="FORMAT", required=required, help="Format to write."), SETTING


def configured(
    report: Report, config: Path | None, target: str | None
) -> tuple[tuple[Path, ...], dict[str, str], dict[str, Any]]:
    """Own tables, and what the file of the partner that receives the target says of its filer."""
    if config is None:
        return (), {}, {}
    settings = load_configuration(report, config, formats=False)
    receiver = next((p for p in settings.partners.values() if target in p.receives), None)
    known = (dict(receiver.settings), dict(receiver.record)) if receiver else ({}, {})
    return settings.overlays, *known
