"""One gateway a state folder: a lock on a file a role, held as long as the process lives, on a local file system.

`mover` moves files, `core` reads and writes them; a process of both roles holds both locks. Who holds one looks again
and again whether the file is still the one that others would try.
"""

import fcntl
import os
import re
import time
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path

from gateway.findings.errors import StateLocked
from gateway.findings.failpoint import effect

_PROCESS = re.compile(r"[1-9]\d{0,8}", re.ASCII)  # 0 would name whole groups of processes
ROLES = ("mover", "core")
LOOKS, MOMENT = 5, 0.05  # seconds


def holder(state_dir: Path, role: str) -> int | None:
    """The process that holds the role in this state folder; None when nobody does. Writes nothing."""
    try:
        handle = os.open(state_dir / f"{role}.lock", os.O_RDONLY | os.O_CLOEXEC)
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


class LockLost(StateLocked):
    """The lock of this state folder is no longer where others look for it."""


@dataclass(frozen=True, slots=True)
class Held:
    """A lock that is held: the open file, and where it lay."""

    path: Path
    handle: int

    def check(self) -> None:
        """Whoever removes or replaces the file lets another gateway in. Raises: LockLost."""
        mine = os.fstat(self.handle)
        with suppress(OSError):
            there = self.path.stat()
            if (mine.st_dev, mine.st_ino) == (there.st_dev, there.st_ino):
                return
        raise LockLost(
            f"the lock {self.path} was removed or replaced: another gateway may begin here, so this one stops; "
            "start it again, and leave the lock files to the gateway"
        )


@contextmanager
def hold_locks(state_dir: Path, *roles: str) -> Iterator[tuple[Held, ...]]:
    """Hold all of these roles, or none.

    Raises: StateLocked, saying which process holds one of them.
    """
    with ExitStack() as held:
        yield tuple(held.enter_context(hold_lock(state_dir, role)) for role in roles)


@contextmanager
def hold_lock(state_dir: Path, role: str) -> Iterator[Held]:
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
        yield Held(path, handle)
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
