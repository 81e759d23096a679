"""Reload: a daemon at work takes up changed tables, code lists and filers, without missing a poll.

A file is read to its end by the ruleset it was opened with, and answered by it; files opened afterwards are read by the
new one. Nothing is taken up that has a fault. Lines, routes, limits and retention are those of the start: movers live
by them, and items under way; a change of these needs a restart, and is refused here so that nobody thinks it counts.
"""

from collections.abc import Callable
from dataclasses import replace
from typing import Any

from gateway.findings.errors import ConfigurationInvalid, GatewayError
from gateway.journal import audit
from gateway.mapping.registry import Registry, invalid
from gateway.settings import Settings, check_formats, load
from gateway.settings.partner import Partner
from gateway.steps.ground.force import REFUSED, enforce, in_force
from gateway.steps.ground.gate import Gate
from gateway.steps.ground.hub import Hub

Pin = Callable[[Settings], str]


def renewed(gate: Gate, pin: Pin) -> Gate:
    """The gate with what the disk holds now, in force from here on. `pin` archives a configuration's ruleset.

    Raises: ConfigurationInvalid, MappingInvalid; the journal then says that it was refused.
    """
    try:
        settings = as_started(gate)
        ruleset = pin(settings)
        _check(gate, settings, ruleset)
    except GatewayError as error:
        with gate.journal.write("reload.refuse") as conn:
            audit.append(conn, "refuse", REFUSED, in_force(conn), type(error).__name__, "T")
        raise
    with gate.journal.write("reload.enforce") as conn:
        enforce(conn, ruleset, "T", "reload")
    return replace(gate, hub=Hub(settings), ruleset=ruleset)


def as_started(gate: Gate) -> Settings:
    """What the disk holds now, when only tables and filers have changed. Raises: ConfigurationInvalid."""
    before = gate.hub.settings
    settings, faults = load(before.folder)
    if settings is None or any(fault.severity == "error" for fault in faults):
        raise ConfigurationInvalid("the configuration has faults: `gateway config validate` shows them")
    if _of_the_start(settings) != _of_the_start(before):
        raise ConfigurationInvalid("more than tables and filers has changed: restart the gateway")
    return settings


def _of_the_start(settings: Settings) -> tuple[Any, ...]:
    """What a daemon keeps from its start to its end."""
    partners = {name: _lasting(partner) for name, partner in settings.partners.items()}
    kept = settings.retention, settings.at_rest, settings.audit
    return settings.gateway, kept, settings.limits, settings.routes, settings.connections(), partners


def _lasting(partner: Partner) -> Partner:
    return partner.model_copy(update={"settings": {}, "record": {}})


def _check(gate: Gate, settings: Settings, ruleset: str) -> None:
    """Look at the archived copy: that is what will be read by, whatever happens on the disk meanwhile."""
    registry = Registry(gate.archive.roots(ruleset), whole=True)
    faults = (*registry.faults(), *registry.list_faults(), *check_formats(settings.draft, registry))
    errors = tuple(fault for fault in faults if fault.severity == "error")
    if errors:
        raise invalid(ruleset, errors)
