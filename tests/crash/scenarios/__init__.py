"""Courses of events. Together they pass every crash point there is."""

from tests.crash.scenarios import changing, commands, core, filing, first, grouped, lines, tools
from tests.crash.stage import Scenario

ALL = (filing.SCENARIO, grouped.SCENARIO, changing.SCENARIO, *lines.SCENARIOS, *core.SCENARIOS,
       *commands.SCENARIOS, first.SCENARIO, tools.SCENARIO)  # fmt: skip
SCENARIOS: dict[str, Scenario] = {one.name: one for one in ALL}
