"""What was saved: the manifest of a backup, a hash for every file in it, and files copied with their hash.

A backup is a folder of its own, named by its moment, below the folder that an operator gives. It is there whole or not
at all: its last step is its name.
"""

import hashlib
import os
import sqlite3
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from datetime import datetime
from pathlib import Path

import msgspec

from gateway.findings.errors import BackupUnusable
from gateway.findings.failpoint import effect

MANIFEST = "manifest.json"
STAMP = "%Y%m%dT%H%M%SZ"
CONFIG = "config"  # the configuration, where it was asked for; everything else is as in the state folder
LASTING = ("spool/", "rulesets/")  # folders whose files are written once
ASIDE = ".damaged"
BLOCK = 1 << 20


class Saved(msgspec.Struct, frozen=True):
    """One file: its path below the backup, its bytes."""

    path: str
    size: int
    sha256: str


class Manifest(msgspec.Struct, frozen=True):
    """What a backup holds.

    `store` is where the journal lies: on a server it is not among the files. Blobs that were `purged` while the backup
    was made are named by its journal and gone; those that are `missing` were lost before.
    """

    at: datetime
    gateway: str
    package: str
    version: str
    store: str
    files: tuple[Saved, ...]
    purged: tuple[str, ...] = ()
    missing: tuple[str, ...] = ()


def manifest_of(backup: Path) -> Manifest:
    """Raises: BackupUnusable."""
    try:
        manifest = msgspec.json.decode((backup / MANIFEST).read_bytes(), type=Manifest)
    except (OSError, msgspec.MsgspecError) as error:
        raise BackupUnusable(f"{backup / MANIFEST} cannot be read") from error
    for one in manifest.files:  # whoever can write to a backup must not write anywhere else with its restore
        if Path(one.path).is_absolute() or ".." in Path(one.path).parts:
            raise BackupUnusable(f"{backup / MANIFEST} names a file outside of the backup")
    return manifest


def hashed(path: Path, name: str) -> Saved:
    with path.open("rb") as stream:
        digest = hashlib.file_digest(stream, "sha256").hexdigest()
        return Saved(name, stream.tell(), digest)


def has_size(backup: Path, one: Saved) -> bool:
    """Whether the file is there, as long as it was saved: what can be asked of all of them in no time."""
    try:
        return (backup / one.path).stat().st_size == one.size
    except OSError:
        return False


def damaged(backup: Path, manifest: Manifest) -> Iterator[str]:
    """Paths of files that are gone or not what was saved."""
    for one in manifest.files:
        try:
            whole = hashed(backup / one.path, one.path) == one
        except OSError:
            whole = False
        if not whole:
            yield one.path


def set_aside(backup: Path, paths: Iterable[str]) -> list[str]:
    """Rename damaged files that the next backup would share: it copies them anew; returns those that cannot be."""
    kept = []
    for path in paths:
        file = backup / path
        if path.startswith(LASTING) and file.exists():
            try:
                with effect("backup.set_aside"):
                    file.rename(file.with_name(f"{file.name}{ASIDE}"))
            except OSError:  # a disk or a person that only reads
                kept.append(path)
    return kept


@contextmanager
def placed(place: Path, before: str = "") -> Iterator[None]:
    """What the disk or SQLite refuses is said with its place. Raises: BackupUnusable."""
    try:
        yield
    except sqlite3.DatabaseError as error:
        raise BackupUnusable(f"{before}{place}: copying the journal failed: {error}") from error
    except OSError as error:
        named = error.filename if isinstance(error.filename, str | bytes) else place
        raise BackupUnusable(f"{before}{os.fsdecode(named)}: {error.strerror or type(error).__name__}") from error


def copied(source: Path, target: Path, name: str, *, sync: bool = False) -> Saved:
    """Copy a file for us alone; gives what was copied. With `sync` it is on disk then. Raises: FileNotFoundError."""
    sha, size = hashlib.sha256(), 0
    with source.open("rb") as stream:
        handle = os.open(target, os.O_WRONLY | os.O_CREAT | os.O_TRUNC | os.O_CLOEXEC, 0o600)
        with os.fdopen(handle, "wb") as out:
            while block := stream.read(BLOCK):
                sha.update(block)
                size += out.write(block)
            out.flush()
            if sync:
                with effect("saved.sync"):
                    os.fsync(out.fileno())
    return Saved(name, size, sha.hexdigest())
