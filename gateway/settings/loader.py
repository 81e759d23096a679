"""Loads the whole configuration: every file, every fault at once."""

from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, TypeVar

from pydantic import TypeAdapter, ValidationError

from gateway.findings import Finding
from gateway.settings import partnerchecks, routechecks
from gateway.settings.draft import Draft
from gateway.settings.faults import from_validation
from gateway.settings.gateway import GatewayFile
from gateway.settings.partner import Partner
from gateway.settings.route import Route
from gateway.settings.settings import Settings
from gateway.settings.source import Source, read_file

T = TypeVar("T")

Routes = tuple[Route, ...]


def load(path: Path) -> tuple[Settings | None, tuple[Finding, ...]]:
    """The configuration at `path` (`gateway.yaml` or its folder) and all its faults; None if any is an error."""
    reading = _Reading(path if path.is_dir() else path.parent)
    gateway, _ = reading.read(path / "gateway.yaml" if path.is_dir() else path, GatewayFile)
    routes, routes_file = reading.read(reading.folder / "routes.yaml", Routes)
    files = {file.stem: reading.read(file, Partner) for file in sorted((reading.folder / "partners").glob("*.yaml"))}
    draft = Draft(
        partners={name: partner for name, (partner, _) in files.items() if partner is not None},
        routes=routes or (),
        files={name: source for name, (_, source) in files.items()},
        routes_file=routes_file,
    )
    for check in (*partnerchecks.CHECKS, *routechecks.CHECKS):
        reading.faults += check(draft)
    faults = tuple(reading.faults)
    if gateway is None or any(fault.severity == "error" for fault in faults):
        return None, faults
    return Settings(reading.folder, gateway.gateway, gateway.retention, gateway.alerts, gateway.limits, draft), faults


@dataclass
class _Reading:
    folder: Path
    faults: list[Finding] = field(default_factory=list)

    def read(self, path: Path, model: Any) -> tuple[Any, Source]:
        """The model of one file, None where it is at fault."""
        source, unreadable = read_file(path, path.relative_to(self.folder.parent).as_posix())
        self.faults += unreadable
        if unreadable and source.data is None:
            return None, source
        try:
            found = TypeAdapter(model).validate_python(source.data)
        except ValidationError as error:
            self.faults += from_validation(error, source, model)
            return None, source
        return None if unreadable else found, source
