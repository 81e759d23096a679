"""What `read`, `check` and `map` are asked: which files, from which format to which, under which tables and date."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from gateway.cli.report import Report

if TYPE_CHECKING:
    from gateway.cli.shown import Shown
    from gateway.mapping.registry import Registry
    from gateway.steps.working.filer import Filer
    from gateway.steps.working.outcome import RoutePlan, Setup


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
    record: Mapping[str, Any] = field(default_factory=dict)

    def registry(self) -> "Registry":
        from gateway.steps.working.translation import registry_for

        return registry_for(tuple(str(folder) for folder in self.tables))

    def check_names(self) -> None:
        """An unknown format is a usage error, before anything is read."""
        heads = self.registry().heads() if self.source_format or self.target else ()
        for option, name, able, use in (
            ("--as", self.source_format, "reads", "read"),
            ("--to", self.target, "writes", "written"),
        ):
            known = {head.format: getattr(head, able) for head in heads}
            if name and name not in known:
                from gateway.settings.faults import nearest

                raise click.BadParameter(
                    f"there is no format {name!r}; did you mean {nearest(name, known)}?", param_hint=option
                )
            if name and not known[name]:
                raise click.BadParameter(f"{name} is never {use}: `gateway formats`", param_hint=option)

    def filer(self) -> "Filer":
        """Whoever files with the receiver of the target."""
        from gateway.steps.working.filer import Filer

        if not self.record:  # settings are a third of a second that files alone do not need
            return Filer(self.settings)
        from gateway.settings.filer import record_of

        return Filer(self.settings, record_of(self.record))

    def route(self) -> "RoutePlan":
        """One way for every item: to the target, or nowhere."""
        from gateway.steps.working.outcome import RoutePlan

        return RoutePlan(
            "here",
            target=self.target or "",
            partner="here",
            connection="here",
            filer=self.filer(),
            keep=self.target is None,
        )

    def setup(self, format_name: str) -> "Setup":
        """What a file of a format is read under."""
        from gateway.cli.sources import OWN_FILES
        from gateway.steps.working.outcome import Setup

        roots = tuple(str(folder) for folder in self.tables)
        return Setup("", roots, format_name, "test", self.on, (self.route(),), OWN_FILES)

    def _check_kinds(self, registry: "Registry", path: Path, found: str) -> None:
        """What a file says must be of the kind that the target is written from."""
        if not self.target:
            return
        said, wanted = (registry.plan(name, self.on).unit_record for name in (found, self.target))
        if said != wanted:
            problem = f"{path} is {found} and gives a {said}; {self.target} is written from a {wanted}"
            raise click.BadParameter(problem, param_hint="--to")

    def each(self, report: Report) -> Iterator["Shown"]:
        """Every file, ready to be gone through."""
        from gateway.cli.shown import Shown
        from gateway.cli.sources import format_of, opened

        registry = self.registry()
        for path in self.files:
            with opened(path) as source:
                found = format_of(source, self.source_format, registry, self.on)
                if isinstance(found, str):
                    self._check_kinds(registry, path, found)
                    yield Shown(report, source, self.setup(found), self.jobs)
                else:
                    yield Shown(report, source, None, refused=found)
