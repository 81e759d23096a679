"""`gateway backup`: save a running gateway, or look whether a backup is whole."""

from pathlib import Path
from typing import Any

import click

from gateway.cli.configured import config_option
from gateway.cli.endings import FINDINGS
from gateway.cli.report import Report, command_of, counted
from gateway.findings import Finding

PG_DUMP = "the journal is on a server: save it with `pg_dump` before this, so that the spool has all that it names"


@command_of("backup")
@click.argument("folder", metavar="FOLDER", type=click.Path(file_okay=False, path_type=Path))
@click.option(
    "--verify",
    is_flag=True,
    help="Make none: look at the newest backup in FOLDER, every byte of it; what is damaged is set aside.",
)
@click.option("--with-configuration", is_flag=True, help="Save the configuration too, without private keys.")
@click.option(
    "--keep", type=click.IntRange(1), metavar="N", help="Remove all of this gateway's but the newest N afterwards."
)
@config_option
def command(
    report: Report, *, folder: Path, verify: bool, with_configuration: bool, keep: int | None, config: Path | None
) -> dict[str, Any]:
    """Save journal, spool, rulesets, logbooks and the keys of the audit trail into a new folder below FOLDER.

    The gateway may run meanwhile. Files that an earlier backup in FOLDER has are shared with it. What a purge or an
    erasure takes away stays in backups until they are removed: see --keep.

    Exit codes: 1 bytes are missing or damaged, or the backup cannot be made; 5 another backup is being made.
    """
    return _verify(report, folder) if verify else _make(report, folder, config, with_configuration, keep)


def _make(
    report: Report, folder: Path, config: Path | None, with_configuration: bool, keep: int | None
) -> dict[str, Any]:
    from gateway.cli.stateful import gate_of
    from gateway.journal.backup import make
    from gateway.journal.shelf import of_the_future

    with gate_of(report, config, reads=False) as gate:  # a state disk that is full can be saved, too
        settings = gate.hub.settings
        saved = settings.folder if with_configuration else None
        made = make(gate.journal, folder, settings.gateway.id, saved, keep=keep or 0)
    for one in made.manifest.missing:
        report.finding(Finding("INT950", values={"kind": "blob", "id": one}))
    size = sum(one.size for one in made.manifest.files)
    shared = f", {made.linked:,} of them shared with the one before" if made.linked else ""
    report.line(f"{made.folder}: {counted(len(made.manifest.files), 'file')}, {size:,} bytes{shared}")
    if made.manifest.store != "sqlite":
        report.talk(PG_DUMP)
    for text in of_the_future(folder):
        report.talk(text)
    report.line(f"gateway backup --verify {made.folder}")
    return {
        "folder": str(made.folder), "files": len(made.manifest.files), "bytes": size, "shared": made.linked,
        "missing": list(made.manifest.missing), "removed": [str(one) for one in made.removed],
    }  # fmt: skip


def _verify(report: Report, folder: Path) -> dict[str, Any]:
    from gateway.journal.shelf import newest_of_each, of_the_future

    for text in of_the_future(folder):
        report.talk(text)
    first, *others = [_looked_at(report, backup) for backup in newest_of_each(folder)]
    return {**first, "others": others}


def _looked_at(report: Report, backup: Path) -> dict[str, Any]:
    """Every byte of one backup."""
    from gateway.journal.saved import damaged, manifest_of, set_aside

    manifest = manifest_of(backup)
    broken = list(damaged(backup, manifest))
    for path in broken:
        report.finding(Finding("INT951", values={"path": path}))
    for path in set_aside(backup, broken):
        report.talk(
            f"{backup / path} cannot be set aside: the next backup would share it, give that one another folder"
        )
    state = f"{counted(len(broken), 'file')} damaged" if broken else "every file is as it was saved"
    whose = f" of gateway {manifest.gateway}, {manifest.at:%Y-%m-%d %H:%M} UTC"
    report.line(f"{backup}: {counted(len(manifest.files), 'file')}{whose}; {state}")
    if broken:
        report.ends_with(FINDINGS)
    return {"folder": str(backup), "files": len(manifest.files), "damaged": broken}
