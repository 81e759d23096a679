"""Bytes on their way to the disk: written as `.part`, then synced, renamed, and the folder synced, once each.

A part is its writer's alone (`<id>.<token>.part`): two hosts may be at the same id, one of them late. Whoever takes the
work over takes the other's part away.
"""

import hashlib
import os
import secrets
from contextlib import suppress
from pathlib import Path
from types import TracebackType
from typing import NamedTuple, Self

from gateway.findings.failpoint import effect
from gateway.journal.folders import sync_folder
from gateway.journal.seal import SUFFIX, Seal, Sealing

CHUNK = 1 << 20
PART = ".part"


class Blob(NamedTuple):
    """The facts of a blob on disk: what its row says. Size and hash are those of the plain bytes."""

    id: str
    kind: str
    connection: str
    path: str
    size: int
    sha256: str


class Draft:
    """Bytes on their way to the disk, sealed on the way. Leaving the `with` block without `keep()` removes them."""

    def __init__(self, root: Path, final: Path, connection: str, seal: Seal) -> None:
        self._final = final.with_name(final.name + SUFFIX) if seal.seals else final
        self._part = final.with_suffix(f".{secrets.token_hex(4)}{PART}")
        self._facts = (final.stem, final.suffix[1:], connection, str(self._final.relative_to(root)))
        self._sha = hashlib.sha256()
        self._out = os.fdopen(
            os.open(self._part, os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_CLOEXEC, 0o600), "wb", buffering=CHUNK
        )
        self._sealing = Sealing(self._out, seal) if seal.seals else None
        self.size = 0

    def write(self, part: bytes) -> int:
        """Add a part; returns the offset it begins at."""
        at = self.size
        (self._sealing or self._out).write(part)
        self._sha.update(part)
        self.size += len(part)
        return at

    def keep(self) -> Blob:
        """Make it durable under its name: sync the file, rename, sync the folder."""
        if self._sealing is not None:
            self._sealing.finish()
        self._out.flush()
        with effect("draft.sync"):
            os.fsync(self._out.fileno())
        self._out.close()
        with effect("draft.rename"):
            self._part.rename(self._final)
        with effect("draft.enter"):
            sync_folder(self._final.parent)
        return Blob(*self._facts, self.size, self._sha.hexdigest())

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        try:
            self._out.close()
        finally:  # what is buffered may find no room
            with suppress(FileNotFoundError), effect("draft.drop"):
                self._part.unlink()
