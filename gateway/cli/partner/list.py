"""`gateway partner list`: who is configured, and by which lines they are reached."""

from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any

from gateway.cli.configured import config_option, load_configuration
from gateway.cli.report import Report, command_of

if TYPE_CHECKING:
    from gateway.settings import Connection, Partner, Settings
    from gateway.transport.capabilities import Capabilities


@command_of("list")
@config_option
def list_(report: Report, *, config: Path | None) -> dict[str, Any]:
    """Show every partner with its lines, what their servers were found to bear, and the formats that go each way."""
    from gateway.runner.trial import stored

    settings = load_configuration(report, config, formats=False)
    known = stored(settings)
    partners = [_told(settings, partner, known) for partner in settings.partners.values()]
    for partner in partners:
        for line in _lines(partner):
            report.line(line)
    return {"partners": partners}


def _told(settings: "Settings", partner: "Partner", known: Mapping[str, "Capabilities"]) -> dict[str, Any]:
    reached = [line for line in settings.connections() if partner.partner in (line.owner, *line.carries)]
    return {
        "partner": partner.partner,
        "name": partner.party.name,
        "role": partner.party.role,
        "country": partner.party.country,
        "timezone": str(partner.timezone or settings.gateway.timezone),
        "connections": [
            {
                "name": line.name,
                "environment": line.environment,
                "target": str(line.target),
                "every": str(line.every),
                "server": _server(known.get(line.name)),
                "certificate_days": _certificate_days(settings, line),
            }
            for line in reached
        ],
        "sends": sorted(partner.sends),
        "receives": sorted(partner.receives),
    }


def _server(found: "Capabilities | None") -> dict[str, Any] | None:
    """What was found, as it is used; None where the server was never tried."""
    return {"banner": found.banner, "lacks": list(found.lacks), **found.profile} if found else None


def _certificate_days(settings: "Settings", line: "Connection") -> int | None:
    """How long the certificate beside our key holds; None without one, or where it cannot be read."""
    from datetime import UTC, datetime

    from gateway.findings.errors import GatewayError
    from gateway.runner.lines import certificate_left
    from gateway.settings import Credentials

    try:
        left = certificate_left(line, Credentials(settings.folder), datetime.now(UTC))
    except GatewayError:
        return None  # `gateway partner test` says why
    return left.days if left is not None else None


def _lines(partner: dict[str, Any]) -> Iterator[str]:
    where = f", {partner['country']}" if partner["country"] else ""
    yield f"{partner['partner']}  {partner['name']} ({partner['role']}{where})"
    for line in partner["connections"]:
        yield f"  {line['name']:<28} {line['environment']:<11} {line['target']}, every {line['every']}"
        if server := line["server"]:
            yield f"  {'':<28} {server['banner']}: {server['publish']}, {server['requests']} x {server['channels']}"
        if line["certificate_days"] is not None:
            yield f"  {'':<28} our certificate holds for {line['certificate_days']} days"
    for way in ("sends", "receives"):
        if partner[way]:
            yield f"  {way:<9} {', '.join(partner[way])}"
