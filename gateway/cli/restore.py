"""`gateway restore`: a backup back into the state folder."""

from contextlib import AbstractContextManager, nullcontext
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from gateway.cli.configured import config_option, load_configuration
from gateway.cli.report import Report, command_of, counted

if TYPE_CHECKING:
    from gateway.settings import Settings
    from gateway.steps.ground.gate import Gate


@command_of("restore")
@click.argument("folder", metavar="FOLDER", type=click.Path(exists=True, file_okay=False, path_type=Path))
@click.option("--keep-spool", is_flag=True, help="Only the journal is lost: today's spool stays and is asked.")
@config_option
def command(report: Report, *, folder: Path, keep_spool: bool, config: Path | None) -> dict[str, Any]:
    """Put the newest backup in FOLDER (or FOLDER itself) back; the state folder must be empty.

    Afterwards nothing is sent until `gateway resume deliveries`: look at `gateway doctor` first. Files that today's
    spool holds and the restored journal does not know are adopted; what was sent since the backup is not sent again.
    Cut short, it is begun again by the same command.

    Exit codes: 1 the folder is in use or the backup is damaged, 5 a gateway works on this state folder, or another host
    on this journal.
    """
    from gateway.journal import restore
    from gateway.journal.lock import ROLES, hold_locks
    from gateway.journal.saved import manifest_of
    from gateway.journal.shelf import newest, of_the_future
    from gateway.runner.gates import open_gate
    from gateway.steps.recovering.restore import come_back

    settings = load_configuration(report, config, formats=False)
    backup = newest(folder, settings.gateway.id)
    manifest = manifest_of(backup)
    for text in of_the_future(folder):
        report.talk(text)
    with hold_locks(settings.state, *ROLES):
        with _nobody_else(settings):
            count = restore.put_back(backup, manifest, settings.state, keep_spool=keep_spool)
        with open_gate(settings, create=False) as gate, _alone(gate) as mine:
            learned = come_back(mine, manifest, keep_spool=keep_spool)
        restore.done(settings.state)
    report.line(f"{counted(count, 'file')} of {manifest.at:%Y-%m-%d %H:%M} UTC put back into {settings.state}")
    report.line(f"{counted(learned.files, 'file')} adopted that came since")
    report.line(f"{learned.published:,} sent since and known again")
    report.line(f"{counted(learned.numbers, 'control reference')} left out that partners may have seen")
    for path in learned.nobody:
        report.line(f"nobody knows whose this is: {path}")
    report.line("nothing is sent until `gateway resume deliveries`; `gateway doctor` says whether all is well")
    return {"backup": str(backup), "files": count, **learned._asdict()}


def _nobody_else(settings: "Settings") -> AbstractContextManager[object]:
    """Locks of a state folder say nothing of other hosts: where the journal is on a server, that one is asked."""
    if not settings.gateway.journal:
        return nullcontext()
    from gateway.runner.queue.sole import nobody_else

    return nobody_else(settings)


def _alone(gate: "Gate") -> "AbstractContextManager[Gate]":
    """The gate of whoever has every duty; what it writes is refused once that is over."""
    if not gate.hub.settings.gateway.journal:
        return nullcontext(gate)
    from gateway.journal.lock import ROLES
    from gateway.runner.queue.sole import Sole

    return Sole(gate, ROLES).held()
