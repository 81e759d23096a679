"""Keys of the state folder: 32 bytes of chance, made once, whole or not at all, readable by us alone."""

import os
import secrets
from contextlib import suppress
from pathlib import Path

from gateway.findings.errors import JournalFault
from gateway.findings.failpoint import effect
from gateway.journal.folders import sync_folder

LENGTH = 32


def load(path: Path, without: str) -> bytes:
    """The key of a file. Raises: JournalFault when it is missing or not whole, which says what is lost `without` it."""
    try:
        key = path.read_bytes()
    except FileNotFoundError:
        raise JournalFault(f"{path} is gone: restore it, without it {without}") from None
    if len(key) != LENGTH:
        raise JournalFault(f"{path} is damaged: restore it, without it {without}")
    return key


def make(path: Path) -> None:
    """Make a key; one that is there stays."""
    draft = path.with_name(f".{path.name}.{secrets.token_hex(4)}")
    with os.fdopen(os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_CLOEXEC, 0o600), "wb") as out:
        out.write(secrets.token_bytes(LENGTH))
        out.flush()
        with effect("key.sync"):
            os.fsync(out.fileno())
    with suppress(FileExistsError), effect("key.link"):
        os.link(draft, path)
    with effect("key.drop"):
        draft.unlink()
    with effect("key.enter"):
        sync_folder(path.parent)
