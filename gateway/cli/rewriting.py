"""A file of the operator's written anew: the old one or the new one, whoever reads it meanwhile, wherever we die."""

import os
import tempfile
from contextlib import suppress
from pathlib import Path

from gateway.findings.failpoint import effect

READABLE = 0o644  # a file that was not there


def rewrite(path: Path, text: str) -> None:
    """Durable; rights and owner stay, and of a link the file that it leads to is written. Raises: OSError."""
    from gateway.journal.folders import sync_folder

    path = path.resolve()
    number, name = tempfile.mkstemp(dir=path.parent, prefix=f".{path.name}.")
    try:
        with os.fdopen(number, "w", encoding="utf-8", newline="") as stream:
            stream.write(text)
            stream.flush()
            _like(number, path)
            with effect("file.sync"):
                os.fsync(number)
        with effect("file.replace"):
            Path(name).replace(path)
    except BaseException:
        with effect("file.drop"):
            Path(name).unlink()
        raise
    with effect("file.enter"):
        sync_folder(path.parent)


def _like(number: int, path: Path) -> None:
    try:
        before = path.stat()
    except FileNotFoundError:
        os.fchmod(number, READABLE)
        return
    with suppress(PermissionError):  # another's file, in a folder where we may write
        os.fchown(number, before.st_uid, before.st_gid)
    os.fchmod(number, before.st_mode & 0o777)
