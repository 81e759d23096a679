"""Restore: the files of a backup back into a state folder, each as it was saved.

The journal comes last: until then the folder is not taken for a gateway's. Into a folder that has anything in it
nothing is restored, but for one case: the journal alone is lost. Then the spool that is there stays, because it is
newer than the one in the backup; what it lacks is put back.
"""

import os
from pathlib import Path

from gateway.findings.errors import BackupUnusable
from gateway.findings.failpoint import effect
from gateway.journal.folders import make_folder, sync_folder
from gateway.journal.saved import CONFIG, LASTING, Manifest, Saved, copied, hashed
from gateway.journal.sqlite import NAME

HELD = (".lock", ".bell")
BEGUN = "restore.begun"
"""Lies in the state folder until all of a restore is done: what was cut short is begun again."""


def put_back(backup: Path, manifest: Manifest, state: Path, *, keep_spool: bool = False) -> int:
    """Copy what is not there; returns how many files. Its caller removes the mark of a restore (`done`).

    Raises: BackupUnusable when the folder is in use or a file is not as it was saved.
    """
    make_folder(state)
    again = (state / BEGUN).exists()
    if not again:
        _refuse(state, keep_spool=keep_spool)
        (state / BEGUN).touch(mode=0o600)
    files = [one for one in manifest.files if not one.path.startswith(f"{CONFIG}/")]
    count = sum(_put(backup, one, state, again=again) for one in files if one.path != NAME)
    with effect("restore.all"):
        os.sync()  # once for all files, before there is a journal that names them
    return count + sum(_put(backup, one, state) for one in files if one.path == NAME)


def done(state: Path) -> None:
    with effect("restore.done"):
        (state / BEGUN).unlink(missing_ok=True)
    with effect("restore.folder"):
        sync_folder(state)


def _refuse(state: Path, *, keep_spool: bool) -> None:
    found = sorted(one.name for one in state.iterdir() if one.suffix not in HELD)
    journal = [name for name in found if name.startswith(NAME)]  # SQLite would play another journal's -journal back
    if keep_spool and journal:
        raise BackupUnusable(f"there is {', '.join(journal)} in {state}: move all files named {NAME}* away first")
    if found and not keep_spool:
        raise BackupUnusable(
            f"{state} is not empty ({', '.join(found[:5])}): nothing was restored. Only the journal is lost? Move all "
            f"files named {NAME}* away, then `gateway restore --keep-spool`; else move away all that is there"
        )


def _put(backup: Path, one: Saved, state: Path, *, again: bool = False) -> int:
    """A file that is there stays: it is the same, or newer. Done `again`, one that is written once is looked at."""
    target, lasting = state / one.path, one.path.startswith(LASTING)
    if target.exists() and not (again and lasting and hashed(target, one.path) != one):
        return 0
    make_folder(target.parent)
    draft = target.with_name(f".{target.name}.restored")
    if copied(backup / one.path, draft, one.path, sync=not lasting) != one:
        with effect("restore.give_up"):
            draft.unlink()
        raise BackupUnusable(f"{backup / one.path} is not what was saved")
    with effect("restore.rename"):
        draft.rename(target)
    if not lasting:
        with effect("restore.folder_of"):
            sync_folder(target.parent)
    return 1
