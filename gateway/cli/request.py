"""What `read`, `check` and `map` are asked: which files, from which format to which, under which tables and date."""

import functools
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import UTC, date, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from gateway.cli.configured import load_configuration
from gateway.cli.report import Report, file_argument

if TYPE_CHECKING:
    from gateway.cli.shown import Shown
    from gateway.mapping.registry import Registry
    from gateway.steps.outcome import RoutePlan, Setup


@dataclass(frozen=True)
class Request:
    """The options that the stateless commands share."""

    files: tuple[Path, ...]
    config: Path | None
    source_format: str | None
    on: date
    tables: tuple[Path, ...]
    jobs: int
    target: str | None = None
    settings: dict[str, str] = field(default_factory=dict)

    def registry(self) -> "Registry":
        from gateway.steps.translation import registry_for

        return registry_for(tuple(str(folder) for folder in self.tables))

    def check_names(self) -> None:
        """An unknown format is a usage error, before anything is read."""
        known = self.registry().names() if self.source_format or self.target else ()
        for option, name in (("--as", self.source_format), ("--to", self.target)):
            if name and name not in known:
                from gateway.settings.faults import nearest

                raise click.BadParameter(
                    f"there is no format {name!r}; did you mean {nearest(name, known)}?", param_hint=option
                )

    def route(self) -> "RoutePlan":
        """One way for every item: to the target, or nowhere."""
        from gateway.steps.outcome import RoutePlan

        return RoutePlan(
            "here",
            target=self.target or "",
            partner="here",
            connection="here",
            settings=self.settings,
            keep=self.target is None,
        )

    def setup(self, format_name: str) -> "Setup":
        """What a file of a format is read under."""
        from gateway.cli.translate import OWN_FILES
        from gateway.steps.outcome import Setup

        roots = tuple(str(folder) for folder in self.tables)
        return Setup("", roots, format_name, "test", self.on, (self.route(),), OWN_FILES)

    def each(self, report: Report) -> Iterator["Shown"]:
        """Every file, ready to be gone through."""
        from gateway.cli.shown import Shown
        from gateway.cli.sources import format_of, opened

        registry = self.registry()
        for path in self.files:
            with opened(path) as source:
                found = format_of(source, self.source_format, registry, self.on)
                if isinstance(found, str):
                    yield Shown(report, source, self.setup(found), self.jobs)
                else:
                    yield Shown(report, source, None, refused=found)


Body = Callable[..., Any]


def translation(*, target: bool | None, files: Callable[[Body], Body] | None = None) -> Callable[[Body], Body]:
    """The shared options. `target`: True demands `--to`, False allows it, None has none."""

    def wrap(function: Body) -> Body:
        @functools.wraps(function)
        def run(
            report: Report,
            *,
            config: Path | None,
            findings: Any,
            settings: tuple[tuple[str, str], ...] = (),
            tables: tuple[Path, ...],
            on: datetime | None,
            **rest: Any,
        ) -> Any:
            report.write_findings_to(findings)
            own = {name: rest.pop(name) for name in ("files", "source_format", "jobs", "target") if name in rest}
            overlays, known = _configured(report, config, own.get("target"))
            day = on.date() if on else datetime.now(UTC).date()
            request = Request(
                **own, config=config, on=day, tables=(*tables, *overlays), settings={**known, **dict(settings)}
            )
            request.check_names()
            return function(report, request, **rest)

        return _with_options(run, files or file_argument(), target=target)

    return wrap


def _with_options(function: Body, files: Callable[[Body], Body], *, target: bool | None) -> Body:
    options: list[Callable[[Body], Body]] = [
        files,
        click.option("--as", "source_format", metavar="FORMAT", help="Format of the files; else told by their bytes."),
        click.option(
            "--on",
            type=click.DateTime(["%Y-%m-%d"]),
            metavar="DATE",
            help="Date of receipt and declaration; else today.",
        ),
        click.option(
            "--tables",
            type=click.Path(exists=True, file_okay=False, path_type=Path),
            multiple=True,
            metavar="DIR",
            help="Folder with own mapping tables, before the shipped ones.",
        ),
        click.option(
            "--config",
            type=click.Path(exists=True, path_type=Path),
            help="Take own tables and the receiver's settings from this configuration.",
        ),
        click.option(
            "--findings",
            type=click.File("wb"),
            metavar="FILE",
            help="Write every finding there, one JSON object a line.",
        ),
        click.option(
            "--jobs", type=click.IntRange(1, 64), default=1, help="Worker processes; 1 works in this process."
        ),
    ]
    if target is not None:
        options += [
            click.option("--to", "target", metavar="FORMAT", required=target, help="Format to write."),
            click.option(
                "--set",
                "settings",
                type=_Pair(),
                multiple=True,
                metavar="NAME=VALUE",
                help="A setting of the receiver, such as declarant-id=GB123456789000.",
            ),
        ]
    return functools.reduce(lambda inner, option: option(inner), reversed(options), function)


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


def _configured(report: Report, config: Path | None, target: str | None) -> tuple[tuple[Path, ...], dict[str, str]]:
    """Own tables, and the settings of the partner that receives the target."""
    if config is None:
        return (), {}
    settings = load_configuration(report, config, formats=False)
    receiver = next((p for p in settings.partners.values() if target in p.receives), None)
    return settings.overlays, dict(receiver.settings) if receiver else {}
