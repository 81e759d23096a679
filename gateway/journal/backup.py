"""Backup of a running gateway: its journal first, then the spool and what else lies in the state folder.

A blob is on disk before its row, so a spool that is copied after the journal has every blob that the copy names, but
for those that are purged meanwhile: the live journal says which. Files of the spool and rulesets never change; those
that an earlier backup beside this one has are linked, not copied. Locks, bells and keys of partners are left out. A
journal on a server is saved by that server's own means, before this.
"""

import os
import shutil
import sqlite3
from collections.abc import Iterator, Sequence
from contextlib import closing
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import NamedTuple

import msgspec
from sqlalchemy import select

from gateway import __version__
from gateway.findings.errors import BackupUnusable
from gateway.findings.failpoint import effect
from gateway.journal.folders import make_folder, sync_folder
from gateway.journal.lock import hold_lock
from gateway.journal.saved import (
    CONFIG,
    LASTING,
    MANIFEST,
    STAMP,
    Manifest,
    Saved,
    copied,
    has_size,
    hashed,
    manifest_of,
    placed,
)
from gateway.journal.schema import VERSION
from gateway.journal.schema.files import blob
from gateway.journal.shelf import is_backup, of_gateway
from gateway.journal.sqlite import BUSY_SECONDS, NAME
from gateway.journal.store import Journal

LEFT_OUT = (".lock", ".bell", ".part")
SECRETS = "credentials"


class Made(NamedTuple):
    """A backup that was made: how many of its files it shares with the one before, which ones were removed for it."""

    folder: Path
    manifest: Manifest
    linked: int
    removed: tuple[Path, ...]


def make(journal: Journal, folder: Path, gateway: str, config: Path | None = None, *, keep: int = 0) -> Made:
    """Save the gateway of an open journal below `folder`; with `config` its configuration, without keys.

    With `keep`, so many of this gateway's backups stay, this one among them. Raises: StateLocked while another backup
    is made, BackupUnusable.
    """
    state = journal.state_dir
    _refuse(folder, state)
    with placed(state), hold_lock(state, "backup"), placed(folder):
        make_folder(folder)
        _clear(folder, gateway)
        copy = _Copy(folder, state, gateway)
        manifest = _fill(journal, copy, gateway, config)
        final = copy.publish()
        with placed(folder, f"{final} was made, an older one could not be removed: "):
            removed = _prune(final, gateway, keep) if keep else ()
    return Made(final, manifest, copy.linked, removed)


def _refuse(folder: Path, state: Path) -> None:
    if folder.resolve().is_relative_to(state.resolve()):
        raise BackupUnusable(f"{folder} lies in the state folder: a backup belongs on another disk")
    if is_backup(folder):
        raise BackupUnusable(f"{folder} is a backup itself, and would hide the new one: give {folder.parent}")


def _prune(made: Path, gateway: str, keep: int) -> tuple[Path, ...]:
    """Remove the oldest of this gateway's backups, never the one that was just made; returns those that went."""
    others = [one for one in of_gateway(made.parent, gateway) if one != made]
    old = others[: max(0, len(others) - keep + 1)]
    for one in old:
        draft = _draft(one, gateway)
        with effect("backup.forget"):  # first of all: what is left of it is no backup, and the next one clears it away
            one.rename(draft)
        with effect("backup.drop"):
            shutil.rmtree(draft)
    return tuple(old)


class _Copy:
    """A backup in the making: the folder it is made in, the files that are in it."""

    def __init__(self, folder: Path, state: Path, gateway: str) -> None:
        self.state, self.at, self._folder = state, datetime.now(UTC), folder
        self.draft = _draft(_free(folder, self.at), gateway)
        self._before = next(reversed(of_gateway(folder, gateway)), None)
        self._known = {one.path: one for one in manifest_of(self._before).files} if self._before else {}
        self.files: list[Saved] = []
        self.linked = 0
        with effect("backup.begin"):
            self.draft.mkdir(mode=0o700)

    def take(self, source: Path, name: str) -> bool:
        """Link or copy a file under its name in the backup; False when it is not there."""
        target = self.draft / name
        with effect("backup.folders"):
            target.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        known = self._known.get(name) if name.startswith(LASTING) else None
        if known is not None and source.exists() and self._linked(target, known):
            self.files.append(known)
            return True
        try:
            self.files.append(copied(source, target, name))
        except FileNotFoundError:
            return False
        return True

    def publish(self) -> Path:
        """Durable, then under its name: another gateway may have taken that of the beginning."""
        with effect("backup.sync"):
            os.sync()  # once for all files
        with effect("backup.publish"):
            self.draft.rename(final := _free(self._folder, self.at))
        with effect("backup.folder"):
            sync_folder(self._folder)
        return final

    def _linked(self, target: Path, known: Saved) -> bool:
        assert self._before is not None
        if not has_size(self._before, known):  # or was set aside as damaged: what is alive is copied once more
            return False
        try:
            with effect("backup.link"):
                os.link(self._before / known.path, target)
        except OSError:  # another disk, too many names
            return False
        self.linked += 1
        return True


def _fill(journal: Journal, copy: _Copy, gateway: str, config: Path | None) -> Manifest:
    """The journal before all else."""
    here = journal.state_dir / NAME
    store = "sqlite" if here.exists() else "a server"
    if store == "sqlite":
        _save(here, copy.draft / NAME)
        copy.files.append(hashed(copy.draft / NAME, NAME))
        with closing(sqlite3.connect(copy.draft / NAME)) as saved:
            blobs = dict(saved.execute("select id, path from blob where purging_at is null").fetchall())
    else:
        with journal.read() as conn:
            blobs = {row.id: row.path for row in conn.execute(select(blob).where(blob.c.purging_at.is_(None)))}
    absent = [ulid for ulid, path in blobs.items() if not copy.take(copy.state / path, path)]
    for path in _others(copy.state):
        copy.take(copy.state / path, str(path))
    for path in _configuration(config):
        copy.take(config / path if config else path, f"{CONFIG}/{path}")
    purged, missing = _since(journal, copy, absent)
    whole = (copy.at, gateway, __version__, VERSION, store, tuple(copy.files), purged, missing)
    manifest = Manifest(*whole)
    with effect("backup.manifest"):
        (copy.draft / MANIFEST).write_bytes(msgspec.json.format(msgspec.json.encode(manifest)))
    return manifest


def _since(journal: Journal, copy: _Copy, absent: Sequence[str]) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """Of the blobs that are not there: those that were purged since the journal was saved, and those that are missing.

    One that was written anew since is saved under its new name: a restore looks for it there.
    """
    purged, missing = [], []
    for ulid in absent:
        with journal.read() as conn:
            path, purging = conn.execute(select(blob.c.path, blob.c.purging_at).where(blob.c.id == ulid)).one()
        if purging is not None:
            purged.append(ulid)
        elif not copy.take(copy.state / path, path):
            missing.append(ulid)
    return tuple(sorted(purged)), tuple(missing)


def _save(source: Path, target: Path) -> None:
    """One state of the journal, whoever writes to it meanwhile. Raises: BackupUnusable."""
    os.close(os.open(target, os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_CLOEXEC, 0o600))
    with (
        closing(sqlite3.connect(f"{source.absolute().as_uri()}?mode=ro", uri=True, timeout=BUSY_SECONDS)) as live,
        closing(sqlite3.connect(target)) as copy,
    ):
        live.backup(copy)
        if copy.execute("pragma quick_check(1)").fetchone() != ("ok",):
            raise BackupUnusable("the journal that is to be saved is damaged: `gateway doctor` shows it")


def _others(state: Path) -> Iterator[Path]:
    """What else lies in the state folder: keys of the audit trail, rulesets, logbooks, what was installed."""
    for path in sorted(state.rglob("*")):
        name = path.relative_to(state)
        if path.is_file() and name.parts[0] != "spool" and not name.name.startswith(NAME) and not _left_out(name):
            yield name


def _left_out(name: Path) -> bool:
    return name.suffix in LEFT_OUT or any(part.startswith(".") for part in name.parts)


def _configuration(folder: Path | None) -> Iterator[Path]:
    for path in sorted(folder.rglob("*")) if folder else ():
        name = path.relative_to(folder or path)
        if path.is_file() and SECRETS not in name.parts and path.suffix in {".yaml", ".csv", ".xsd"}:
            yield name


def _clear(folder: Path, gateway: str) -> None:
    """Of this gateway, what was cut short, in the making or on its way out; older versions named no gateway."""
    for form in (f".[0-9]*Z.{gateway}.part", ".????????T??????Z.part"):
        for draft in folder.glob(form):
            with effect("backup.clear"):
                shutil.rmtree(draft, ignore_errors=True)


def _draft(backup: Path, gateway: str) -> Path:
    return backup.with_name(f".{backup.name}.{gateway}.part")


def _free(folder: Path, at: datetime) -> Path:
    """A name that no backup has: two may be made within a second."""
    while (named := folder / f"{at:{STAMP}}").exists():
        at += timedelta(seconds=1)
    return named
