"""Folders that outlive a crash: for us alone, and synced into the folder that holds them."""

import os
from pathlib import Path

from gateway.findings.failpoint import effect


def make_folder(folder: Path) -> None:
    """Make a folder and its parents."""
    if folder.is_dir():
        return
    make_folder(folder.parent)
    with effect("folder.make"):
        folder.mkdir(mode=0o700, exist_ok=True)
    with effect("folder.enter"):
        sync_folder(folder.parent)


def sync_folder(folder: Path) -> None:
    handle = os.open(folder, os.O_RDONLY | os.O_DIRECTORY | os.O_CLOEXEC)
    try:
        with effect("folder.sync"):
            os.fsync(handle)
    finally:
        os.close(handle)
