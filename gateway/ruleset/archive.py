"""Rulesets on disk: what was read or filed can be explained years later by the tables of that day."""

import os
import shutil
import time
from collections.abc import Sequence
from pathlib import Path

import msgspec

from gateway.findings.errors import GatewayFault, Permanent
from gateway.findings.failpoint import effect
from gateway.ruleset.manifest import Manifest, data_files, sha256, survey

PART = ".part"
DAY = 86_400.0  # seconds


class RulesetMissing(GatewayFault, Permanent):
    """The archived ruleset is not in the state folder or has been changed."""


class Archive:
    """The folder `rulesets/` of a state folder: one folder a hash, written once, never changed."""

    def __init__(self, state: Path) -> None:
        self.folder = state / "rulesets"

    def pin(self, roots: Sequence[Path], settings: bytes) -> Manifest:
        """Archive what is in force now, unless it is there already.

        Files are copied first and hashed from the copy, so that an edit in between cannot give a hash that its own
        archive does not fulfil.
        """
        known = survey(roots, settings)
        if (self.folder / known.hash).is_dir():
            return known
        self._clear()
        draft = self.folder / f".{os.getpid()}{PART}"
        _drop(draft)
        manifest = self._copy(draft, roots, settings)
        self._publish(draft, self.folder / manifest.hash)
        return manifest

    def roots(self, hash_: str) -> tuple[Path, ...]:
        """The mapping folders of an archived ruleset, overlay first. Raises RulesetMissing."""
        folder = self.folder / hash_ / "mappings"
        if not folder.is_dir():
            raise RulesetMissing(f"ruleset {hash_} is not archived")
        return tuple(sorted(p for p in folder.iterdir() if p.is_dir()))

    def settings(self, hash_: str) -> bytes:
        """The settings of an archived ruleset (JSON, without secrets). Raises RulesetMissing."""
        try:
            return (self.folder / hash_ / "settings.json").read_bytes()
        except FileNotFoundError as error:
            raise RulesetMissing(f"ruleset {hash_} is not archived") from error

    def verify(self, hash_: str) -> bool:
        """True when the archived files still have the hashes of their manifest."""
        folder = self.folder / hash_
        manifest = msgspec.json.decode((folder / "manifest.json").read_bytes(), type=Manifest)
        return manifest.hash == hash_ and all(
            sha256(folder / "mappings" / name) == digest for name, digest in manifest.files.items()
        )

    def _copy(self, draft: Path, roots: Sequence[Path], settings: bytes) -> Manifest:
        for name, path in data_files(roots):
            target = draft / "mappings" / name
            with effect("ruleset.copy"):
                target.parent.mkdir(parents=True, exist_ok=True)
                shutil.copyfile(path, target)
        for number in range(len(roots)):
            with effect("ruleset.folder"):
                (draft / "mappings" / str(number)).mkdir(parents=True, exist_ok=True)
        _write(draft / "settings.json", settings)
        manifest = survey([draft / "mappings" / str(n) for n in range(len(roots))], settings)
        _write(draft / "manifest.json", manifest.encoded())
        return manifest

    def _publish(self, draft: Path, final: Path) -> None:
        """Durable, then visible; another process may have been faster with the same."""
        for path in (draft, *draft.rglob("*")):
            _sync(path)
        try:
            with effect("ruleset.rename"):
                draft.rename(final)
        except OSError:
            if not final.is_dir():
                raise
            _drop(draft)
        _sync(self.folder)
        _sync(self.folder.parent)

    def _clear(self) -> None:
        """Copies that were cut short: what nobody touched for a day."""
        for draft in self.folder.glob(f".*{PART}"):
            if time.time() - draft.stat().st_mtime > DAY:
                _drop(draft)


def _write(path: Path, data: bytes) -> None:
    with effect("ruleset.write"):
        path.write_bytes(data)


def _drop(draft: Path) -> None:
    """What is left of it is cleared away another day."""
    with effect("ruleset.drop"):
        shutil.rmtree(draft, ignore_errors=True)


def _sync(path: Path) -> None:
    handle = os.open(path, os.O_RDONLY)
    try:
        with effect("ruleset.sync"):
            os.fsync(handle)
    finally:
        os.close(handle)
