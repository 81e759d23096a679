"""Courses of events. Together they pass every crash point there is."""

from tests.crash.scenarios import changing, filing, grouped
from tests.crash.stage import Scenario

SCENARIOS: dict[str, Scenario] = {
    one.name: one for one in (filing.SCENARIO, grouped.SCENARIO, changing.SCENARIO)
}
