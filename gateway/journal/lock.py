"""One gateway a state folder: a lock on a file a role, held as long as the process lives, on a local file system.

`mover` moves files, `core` reads and writes them; a process of both roles holds both locks.
"""

import fcntl
import os
import re
import time
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager, suppress
from pathlib import Path

from gateway.findings.errors import StateLocked
from gateway.findings.failpoint import effect

_PROCESS = re.compile(r"[1-9]\d{0,8}", re.ASCII)  # 0 would name whole groups of processes
ROLES = ("mover", "core")
LOOKS, MOMENT = 5, 0.05  # seconds


def holder(state_dir: Path, role: str) -> int | None:
    """The process that holds the role in this state folder; None when nobody does."""
    try:
        handle = os.open(state_dir / f"{role}.lock", os.O_RDWR | os.O_CLOEXEC)
    except FileNotFoundError:
        return None
    try:
        fcntl.flock(handle, fcntl.LOCK_SH | fcntl.LOCK_NB)
    except BlockingIOError:
        said = os.read(handle, 32).decode("ascii", "replace").strip()
        return int(said) if _PROCESS.fullmatch(said) else None
    finally:
        os.close(handle)
    return None


@contextmanager
def hold_locks(state_dir: Path, *roles: str) -> Iterator[None]:
    """Hold all of these roles, or none.

    Raises: StateLocked, saying which process holds one of them.
    """
    with ExitStack() as held:
        for role in roles:
            held.enter_context(hold_lock(state_dir, role))
        yield


@contextmanager
def hold_lock(state_dir: Path, role: str) -> Iterator[None]:
    """Hold the role in this state folder.

    Raises: StateLocked, saying which process holds it.
    """
    with effect("lock.folder"):
        state_dir.mkdir(mode=0o700, parents=True, exist_ok=True)
    path = state_dir / f"{role}.lock"
    handle = os.open(path, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
    try:
        try:
            _lock(handle)
        except BlockingIOError as error:
            said = os.read(handle, 32).decode("ascii", "replace").strip() or "unknown"
            raise StateLocked(f"process {said} works on this state folder as its {role} ({path})") from error
        os.ftruncate(handle, 0)
        os.pwrite(handle, str(os.getpid()).encode(), 0)
        yield
    finally:
        os.close(handle)


def _lock(handle: int) -> None:
    """Whoever asks who holds a lock has it for a moment (`holder`): that is no gateway at work."""
    for _ in range(LOOKS):
        with suppress(BlockingIOError):
            fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
            return
        time.sleep(MOMENT)
    fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
