"""The first start: a state folder with its key and lock, the journal's tables, the ruleset; then the exchange."""

from gateway.journal.lock import hold_lock
from gateway.steps.ground.gate import Gate
from tests.crash.scenarios import filing
from tests.crash.stage import Scenario
from tests.steps.site import Site


def _live(site: Site, gate: Gate) -> None:
    with hold_lock(site.folder / "state/lock", "run"):
        filing.live(site, gate)


SCENARIO = Scenario("first-start", filing.lay, _live, filing.count, fresh=True)
