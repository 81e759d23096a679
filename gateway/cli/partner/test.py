"""`gateway partner test`: one partner's lines, tried from here."""

from pathlib import Path
from typing import Any

import click

from gateway.cli.configured import config_option, load_configuration
from gateway.cli.diagnoses import fails, shown
from gateway.cli.endings import UNREACHABLE
from gateway.cli.report import Report, command_of


@command_of("test")
@click.argument("name", metavar="PARTNER|CONNECTION")
@config_option
def test(report: Report, *, name: str, config: Path | None) -> dict[str, Any]:
    """Dial a partner: address, host key, login, folders; what its server can do, where `probe:` names a folder.

    What the server can do is kept for the daemon, which uses it from its next turn on. Nothing is fetched and nothing
    is sent; what is tried is tried in that folder and removed. Exit code 4: something fails.
    """
    import msgspec

    from gateway.cli.lines import diagnosed
    from gateway.runner.trial import trial
    from gateway.settings.faults import nearest

    settings = load_configuration(report, config, formats=False)
    lines = [line for line in settings.connections() if name in (line.name, line.owner, *line.carries)]
    if not lines:
        known = [*settings.partners, *(line.name for line in settings.connections())]
        problem = f"there is no partner or connection {name!r}; did you mean {nearest(name, known)}?"
        raise click.BadParameter(problem, param_hint="PARTNER|CONNECTION")
    found = list(shown(report, diagnosed(settings, lines)))
    dead = {one.what.partition(":")[0] for one in found if one.grade == "fail"}
    for line in lines:
        if line.name not in dead:
            found += shown(report, trial(settings, line))
    if fails(found):
        report.ends_with(UNREACHABLE)
    return {"diagnoses": msgspec.to_builtins(found), "ok": not fails(found)}
