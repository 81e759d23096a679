"""Courses of events. Together they pass every crash point there is."""

from tests.crash.scenarios import (
    batches,
    changing,
    commands,
    core,
    filing,
    first,
    grouped,
    keeping,
    lines,
    linked,
    restored,
    running,
    tools,
)
from tests.crash.stage import Scenario

ALL = (filing.SCENARIO, batches.SCENARIO, grouped.SCENARIO, changing.SCENARIO, *lines.SCENARIOS, *core.SCENARIOS,
       *commands.SCENARIOS, *running.SCENARIOS, *keeping.SCENARIOS, first.SCENARIO,
       *restored.SCENARIOS, tools.SCENARIO, *linked.SCENARIOS)  # fmt: skip
SCENARIOS: dict[str, Scenario] = {one.name: one for one in ALL}
