"""The whole configuration, checked and resolved; what every other part of the gateway reads."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path

from gateway.settings.connection import Connection, resolve
from gateway.settings.draft import Draft
from gateway.settings.gateway import Gateway, Limits
from gateway.settings.keeping import Anchors, AtRest, Retention
from gateway.settings.partner import Environment, Partner
from gateway.settings.route import Route
from gateway.settings.watching import Alerts, Metrics


@dataclass(frozen=True)
class Settings:
    """What is configured. `folder` holds `gateway.yaml`; relative paths count from there."""

    folder: Path
    gateway: Gateway
    retention: Retention
    at_rest: AtRest
    audit: Anchors
    alerts: Alerts
    metrics: Metrics
    limits: Limits
    draft: Draft = field(repr=False)

    @property
    def partners(self) -> Mapping[str, Partner]:
        return self.draft.partners

    @property
    def routes(self) -> tuple[Route, ...]:
        return self.draft.routes

    @property
    def state(self) -> Path:
        return self.folder / self.gateway.state

    @property
    def overlay(self) -> Path:
        """The folder of own tables and of what is installed; where none is configured, one in the state folder."""
        return self.folder / self.gateway.mappings if self.gateway.mappings else self.state / "overlay"

    @property
    def overlays(self) -> tuple[Path, ...]:
        """Folders of own tables, before the shipped ones."""
        return (self.overlay,) if self.gateway.mappings or self.overlay.is_dir() else ()

    @cached_property
    def _connections(self) -> tuple[Connection, ...]:
        return resolve(self.partners, self.gateway.timezone)

    def connections(self) -> tuple[Connection, ...]:
        """Every line to every partner, with the rules of all it carries."""
        return self._connections

    def connection(self, name: str) -> Connection:
        """The line called `partner.connection`."""
        return next(line for line in self._connections if line.name == name)

    def connections_to(self, partner: str, environment: Environment) -> tuple[Connection, ...]:
        """The lines by which a partner (or the one named `partner.connection`) is reached in an environment."""
        return tuple(
            line
            for line in self._connections
            if line.environment == environment and (partner == line.name or partner in line.carries)
        )
