"""`gateway partner list`: who is configured, and by which lines they are reached."""

from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any

from gateway.cli.configured import config_option, load_configuration
from gateway.cli.report import Report, command_of

if TYPE_CHECKING:
    from gateway.settings import Partner, Settings


@command_of("list")
@config_option
def list_(report: Report, *, config: Path | None) -> dict[str, Any]:
    """Show every partner with its lines and the formats that go each way."""
    settings = load_configuration(report, config, formats=False)
    partners = [_told(settings, partner) for partner in settings.partners.values()]
    for partner in partners:
        for line in _lines(partner):
            report.line(line)
    return {"partners": partners}


def _told(settings: "Settings", partner: "Partner") -> dict[str, Any]:
    reached = [line for line in settings.connections() if partner.partner in (line.owner, *line.carries)]
    return {
        "partner": partner.partner,
        "name": partner.party.name,
        "role": partner.party.role,
        "country": partner.party.country,
        "timezone": str(partner.timezone or settings.gateway.timezone),
        "connections": [
            {"name": line.name, "environment": line.environment, "target": str(line.target), "every": str(line.every)}
            for line in reached
        ],
        "sends": sorted(partner.sends),
        "receives": sorted(partner.receives),
    }


def _lines(partner: dict[str, Any]) -> Iterator[str]:
    where = f", {partner['country']}" if partner["country"] else ""
    yield f"{partner['partner']}  {partner['name']} ({partner['role']}{where})"
    for line in partner["connections"]:
        yield f"  {line['name']:<28} {line['environment']:<11} {line['target']}, every {line['every']}"
    for way in ("sends", "receives"):
        if partner[way]:
            yield f"  {way:<9} {', '.join(partner[way])}"
