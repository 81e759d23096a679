"""A bell wakes a loop that waits, from another thread or from another process. One that is not heard does no harm.

Within a process it is a pipe; with a path a FIFO of that name, which other processes ring by `ring(path)`: no socket is
opened for it. Whoever waits looks at the journal every few seconds as well.
"""

import os
import select
import threading
from contextlib import suppress
from pathlib import Path

from gateway.findings.failpoint import effect

FLAGS = os.O_NONBLOCK | os.O_CLOEXEC


class Bell:
    """The ear. Any thread may ring its own bell, a signal handler too, also after it was closed."""

    def __init__(self, path: Path | None = None) -> None:
        if path is None:
            self._ear, self._rope = os.pipe2(FLAGS)
        else:
            with suppress(FileExistsError), effect("bell.hang"):
                os.mkfifo(path, 0o600)
            self._ear = self._rope = os.open(path, os.O_RDWR | FLAGS)  # held open for writing too: it never ends
        self._gate = threading.RLock()  # re-entrant: a signal handler rings, too
        self._open = True

    def fileno(self) -> int:
        return self._ear

    def ring(self) -> None:
        with self._gate, suppress(BlockingIOError):  # a full pipe holds wake-ups enough
            if self._open:
                os.write(self._rope, b"!")

    def hush(self) -> None:
        """Forget what was rung."""
        with suppress(BlockingIOError):
            while os.read(self._ear, 4096):
                pass

    def wait(self, seconds: float) -> None:
        """Until it rings, at most for so long."""
        select.select([self._ear], [], [], seconds)
        self.hush()

    def close(self) -> None:
        with self._gate:  # afterwards the numbers may belong to another file
            for end in {self._ear, self._rope} if self._open else ():
                os.close(end)
            self._open = False


def ring(path: Path) -> None:
    """Ring the bell of another process; where nobody listens, nobody is woken."""
    with suppress(OSError):
        rope = os.open(path, os.O_WRONLY | FLAGS)
        try:
            os.write(rope, b"!")
        finally:
            os.close(rope)
