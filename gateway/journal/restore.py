"""Restore: the files of a backup back into a state folder, each as it was saved.

The journal comes last: until then the folder is not taken for a gateway's. Into a folder that has anything in it
nothing is restored, but for one case: the journal alone is lost. Then the spool that is there stays, because it is
newer than the one in the backup; what it lacks is put back. What was cut short goes on with the same backup only.
"""

import os
from collections.abc import Sequence
from pathlib import Path

import msgspec

from gateway.findings.errors import BackupUnusable
from gateway.findings.failpoint import effect
from gateway.journal.folders import make_folder, sync_folder
from gateway.journal.saved import CONFIG, LASTING, MANIFEST, Manifest, Saved, copied, has_size, hashed, placed
from gateway.journal.sqlite import NAME

HELD = (".lock", ".bell")
BEGUN = "restore.begun"
"""Lies in the state folder until all of a restore is done, and names its backup: what was cut short is begun again."""


class Begun(msgspec.Struct, frozen=True):
    """What a restore was begun with. The hash of the manifest is the backup, wherever a copy of it lies."""

    backup: str
    manifest: str
    keep_spool: bool

    def __str__(self) -> str:
        return f"{self.backup}{' with --keep-spool' if self.keep_spool else ''}"


def put_back(backup: Path, manifest: Manifest, state: Path, *, keep_spool: bool = False) -> int:
    """Copy what is not there; returns how many files. Its caller removes the mark of a restore (`done`).

    Raises: BackupUnusable when the folder is in use, a file is not as it was saved, or another restore was begun.
    """
    files = [one for one in manifest.files if not one.path.startswith(f"{CONFIG}/")]
    with placed(state):
        make_folder(state)
        again = _begin(Begun(backup.name, hashed(backup / MANIFEST, MANIFEST).sha256, keep_spool), backup, files, state)
        count = sum(_put(backup, one, state, again=again) for one in files if one.path != NAME)
        with effect("restore.all"):
            os.sync()  # once for all files, before there is a journal that names them
        return count + sum(_put(backup, one, state) for one in files if one.path == NAME)


def done(state: Path) -> None:
    with effect("restore.done"):
        (state / BEGUN).unlink(missing_ok=True)
    with effect("restore.folder"):
        sync_folder(state)


def _begin(ours: Begun, backup: Path, files: Sequence[Saved], state: Path) -> bool:
    """Whether this very restore was begun before; else nothing is touched until all that can be known is looked at."""
    theirs = _begun(state)
    if theirs is None:
        _refuse(state, keep_spool=ours.keep_spool)
    elif (theirs.manifest, theirs.keep_spool) != (ours.manifest, ours.keep_spool):
        cut = f"a restore of {theirs} into {state} was cut short, this is {ours}"
        raise BackupUnusable(f"{cut}: give that one once more, or {_away(state)}")
    if broken := [one.path for one in files if not has_size(backup, one)]:
        raise BackupUnusable(_damaged(backup, broken) + (f": {_away(state)}" if theirs else ""))
    if theirs is None:
        _mark(ours, state)
    return theirs is not None


def _begun(state: Path) -> Begun | None:
    """None as well where a mark was cut short: nothing is put back before it is whole."""
    try:
        return msgspec.json.decode((state / BEGUN).read_bytes(), type=Begun)
    except (FileNotFoundError, msgspec.MsgspecError):
        return None


def _mark(ours: Begun, state: Path) -> None:
    handle = os.open(state / BEGUN, os.O_WRONLY | os.O_CREAT | os.O_TRUNC | os.O_CLOEXEC, 0o600)
    with effect("restore.begin"), os.fdopen(handle, "wb") as out:
        out.write(msgspec.json.encode(ours))
        out.flush()
        os.fsync(handle)
    with effect("restore.begun"):
        sync_folder(state)


def _away(state: Path) -> str:
    return f"move {state / BEGUN} and all files there that are newer than it away, and begin anew"


def _damaged(backup: Path, paths: Sequence[str]) -> str:
    return (
        f"{backup} is damaged (missing or not what was saved: {', '.join(paths[:5])}{', …' if paths[5:] else ''}): "
        f"`gateway backup --verify {backup}` shows all of it. Restore another backup"
    )


def _refuse(state: Path, *, keep_spool: bool) -> None:
    found = sorted(one.name for one in state.iterdir() if one.suffix not in HELD and one.name != BEGUN)
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
        raise BackupUnusable(f"{_damaged(backup, [one.path])}: {_away(state)}")
    with effect("restore.rename"):
        draft.rename(target)
    if not lasting:
        with effect("restore.folder_of"):
            sync_folder(target.parent)
    return 1
