"""Loads the whole configuration: every file, every fault at once."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, NamedTuple

from pydantic import TypeAdapter, ValidationError

from gateway.findings import Finding, Position
from gateway.settings import partnerchecks, routechecks
from gateway.settings.draft import Draft
from gateway.settings.faults import from_validation
from gateway.settings.formatchecks import Formats, check_formats
from gateway.settings.gateway import GatewayFile
from gateway.settings.mend import mended
from gateway.settings.partner import Partner
from gateway.settings.route import Route
from gateway.settings.settings import Settings
from gateway.settings.source import Source, read_file

Routes = tuple[Route, ...]


def load(path: Path) -> tuple[Settings | None, tuple[Finding, ...]]:
    """The configuration at `path` (`gateway.yaml` or its folder) and all its faults; None if any is an error."""
    found = examine(path)
    return found.settings, found.faults


@dataclass(frozen=True)
class Examined:
    """A configuration looked at: `draft` is what can be told of it, `settings` None where a fault is an error.

    `overlays` are the folders of own tables, None where `gateway.yaml` does not tell them.
    """

    draft: Draft
    settings: Settings | None
    faults: tuple[Finding, ...]
    overlays: tuple[Path, ...] | None

    def with_formats(self, formats: Callable[[tuple[Path, ...]], Formats]) -> tuple[Finding, ...]:
        """All faults, those of names that only the tables know too; a place that is at fault already says no more."""
        if self.overlays is None:
            return self.faults
        said = [fault.source for fault in self.faults]
        more = check_formats(self.draft, formats(self.overlays))
        return (*self.faults, *(fault for fault in more if fault.source not in said))


def examine(path: Path) -> Examined:
    """Read every file and compare them, whatever is at fault in some of them."""
    reading = _Reading(path if path.is_dir() else path.parent)
    gateway = reading.read(path / "gateway.yaml" if path.is_dir() else path, GatewayFile).found
    routes = reading.read(reading.folder / "routes.yaml", Routes)
    files = {file.stem: reading.read(file, Partner) for file in sorted((reading.folder / "partners").glob("*.yaml"))}
    draft = Draft(
        partners={name: one.found for name, one in files.items() if one.found is not None},
        numbered=tuple(_each(routes)),
        routes_known=routes.found is not None,
        files={name: one.source for name, one in files.items()},
        routes_file=routes.source,
    )
    for check in (*partnerchecks.CHECKS, *routechecks.CHECKS):
        reading.faults += [fault for fault in check(draft) if fault.source not in reading.places]
    faults = tuple(reading.faults)
    if gateway is None:
        return Examined(draft, None, faults, None)
    settings = Settings(
        reading.folder, **{name: getattr(gateway, name) for name in GatewayFile.model_fields}, draft=draft
    )
    usable = not any(fault.severity == "error" for fault in faults)
    return Examined(draft, settings if usable else None, faults, settings.overlays)


def _each(routes: "_File") -> Iterator[tuple[int, Route]]:
    """The routes with their numbers; of a list at fault those that can be read alone."""
    if routes.found is not None:
        yield from enumerate(routes.found)
    elif isinstance(routes.source.data, list):
        readable = ((number, mended(entry, Route)) for number, entry in enumerate(routes.source.data))
        yield from ((number, route) for number, route in readable if route is not None)


class _File(NamedTuple):
    """What a file says, or probably means; None where that cannot be told."""

    found: Any
    source: Source


@dataclass
class _Reading:
    folder: Path
    faults: list[Finding] = field(default_factory=list)

    @property
    def places(self) -> list[Position | None]:
        """Where something was said already: one slip gives one finding."""
        return [fault.source for fault in self.faults]

    def read(self, path: Path, model: Any) -> _File:
        source, unreadable = read_file(path, path.relative_to(self.folder.parent).as_posix())
        self.faults += unreadable
        if unreadable and source.data is None:
            return _File(None, source)
        try:
            return _File(TypeAdapter(model).validate_python(source.data), source)
        except ValidationError as error:
            self.faults += from_validation(error, source, model)
            return _File(mended(source.data, model), source)
