"""`gateway resume deliveries`: after a restore, and only when nothing fails that the doctor looks at."""

from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from gateway.cli.configured import load_configuration
from gateway.cli.diagnoses import fails, shown
from gateway.cli.doctor import here
from gateway.cli.endings import FINDINGS
from gateway.cli.report import Report
from gateway.cli.stateful import gate_of, operator

if TYPE_CHECKING:
    from gateway.steps.ground.gate import Gate
    from gateway.steps.watching.doctor import Diagnosis


def resume_deliveries(report: Report, config: Path | None) -> dict[str, Any]:
    """Let a restored gateway send again. A line that fails may be paused first: paused ones are not looked at."""
    from gateway.cli.lines import diagnosed
    from gateway.steps.ground import standstill, switches

    settings = load_configuration(report, config, formats=False)
    with gate_of(report, config) as gate:
        if not standstill.is_on(gate):
            raise click.UsageError("deliveries do not stand still: nothing was restored")
        paused = switches.paused_lines(gate)
        found = list(shown(report, _learned(gate)))
    found += shown(report, here(settings))
    found += shown(report, diagnosed(settings, [line for line in settings.connections() if line.name not in paused]))
    if fails(found):
        report.talk("nothing is sent yet: mend what fails, or pause its line (`gateway pause CONNECTION`); then again")
        report.ends_with(FINDINGS)
        return {"kind": standstill.KIND, "name": standstill.NAME, "state": standstill.RESTORED}
    with gate_of(report, config) as gate:
        standstill.lift(gate, operator())
    report.line("deliveries go on")
    return {"kind": standstill.KIND, "name": standstill.NAME, "state": "active"}


def _learned(gate: "Gate") -> Iterator["Diagnosis"]:
    """What a restore must have done before anything is sent."""
    from gateway.journal.balance import balance
    from gateway.steps.recovering import adopt
    from gateway.steps.watching.doctor import Diagnosis

    if adopt.behind(gate):
        yield Diagnosis("logbook", "fail", "it knows what the journal does not", "start the gateway: it learns it")
    else:
        yield Diagnosis("logbook", "ok", "the journal knows what it says")
    with gate.journal.read() as conn:
        broken = [violation.rule for violation in balance(conn).violations]
    if broken:
        yield Diagnosis("balance", "fail", ", ".join(broken), "`gateway balance` lists the ids")
    else:
        yield Diagnosis("balance", "ok", "even")
