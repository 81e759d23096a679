"""What is kept and what goes: rows that are cleared, a parcel erased, holds, what somebody looked at."""

from datetime import timedelta

from gateway.steps import purge, start
from gateway.steps.gate import Gate
from tests.crash.scenarios import filing
from tests.crash.scenarios.commands import command
from tests.crash.scenarios.disturbed import disturbed
from tests.crash.stage import Scenario
from tests.steps.site import Site

MONTHS = timedelta(days=200)


def _lay_purge(site: Site) -> None:
    site.change("gateway.yaml", "record: 3y, filed: 3y", "record: 1d, filed: 1d")
    filing.lay(site)


def _keeping(site: Site, gate: Gate) -> None:
    """After the exchange: a hold is set and lifted, one parcel erased, the rows of the others cleared."""
    filing.live(site, gate)
    parcel = filing.PARCELS[0]
    command(site, "items", "show", parcel, "--reveal")
    command(site, "hold", parcel)
    command(site, "hold", parcel, "--lift")
    command(site, "erase", parcel, "--force", "--yes")
    site.clock.at += MONTHS
    start.sweep(gate)
    purge.purge(gate)


SCENARIOS: tuple[Scenario, ...] = (disturbed("keeping", _keeping, lay=_lay_purge),)
