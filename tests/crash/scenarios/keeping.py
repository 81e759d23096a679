"""What is kept and what goes: rows that are cleared, a parcel erased, holds, what somebody looked at."""

from datetime import timedelta

from gateway.steps.ground.gate import Gate
from gateway.steps.keeping import purge
from gateway.steps.recovering import start
from tests.crash.partners import Partner
from tests.crash.scenarios import filing
from tests.crash.scenarios.commands import command
from tests.crash.scenarios.disturbed import disturbed
from tests.crash.stage import Scenario
from tests.steps.site import Site

MONTHS = timedelta(days=200)


def _lay_purge(site: Site) -> None:
    """The post calls its file by the number of a parcel, which is to be forgotten."""
    site.change("gateway.yaml", "raw: 90d, record: 3y, filed: 3y", "raw: 0m, record: 1d, filed: 1d")
    Partner(site.folder / "post").say(f"{filing.PARCELS[0]}.xml", filing.MAIL)


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
