"""The exchange of `filing` with a disturbance before it: whatever that was, nothing is lost and nothing doubled."""

from collections.abc import Callable

from gateway.steps.ground.gate import Gate
from tests.crash.scenarios import filing
from tests.crash.stage import Counts, Scenario
from tests.steps.site import Site

Disturb = Callable[[Site, Gate], None]


def disturbed(
    name: str,
    disturb: Disturb,
    *,
    lay: Callable[[Site], None] = filing.lay,
    count: Callable[[Site], Counts] = filing.count,
) -> Scenario:
    """The disturbance comes in each life, as long as there is something left to disturb."""

    def live(site: Site, gate: Gate) -> None:
        disturb(site, gate)
        filing.live(site, gate)

    return Scenario(name, lay, live, count)
