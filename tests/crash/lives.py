"""Lives of a real process: forked from this one, which has imported everything, and ended by SIGKILL at a crash point.

A fork costs milliseconds where a start costs a second, so that hundreds of deaths take minutes. Whoever forks holds no
thread, no lock and no open journal.
"""

import os
import signal
import threading
import traceback
from collections.abc import Callable
from typing import Any, NamedTuple

import msgspec

from gateway.findings import failpoint

FAILED = 1


class Ended(NamedTuple):
    """How a life ended: killed at its point, or with what it said. `fault` is the trace of what it raised."""

    killed: bool
    said: Any = None
    fault: str = ""


def live(act: Callable[[], object], point: str = "", log: str = "") -> Ended:
    """Live once. What `act` gives comes back as JSON."""
    assert threading.active_count() == 1, threading.enumerate()
    reader, writer = os.pipe()
    child = os.fork()
    if child == 0:
        os.close(reader)
        _live(act, writer, point, log)
    os.close(writer)
    with os.fdopen(reader, "rb") as stream:
        said = stream.read()
    _, status = os.waitpid(child, 0)
    if os.WIFSIGNALED(status):
        assert os.WTERMSIG(status) == signal.SIGKILL, status
        return Ended(killed=True)
    if os.WEXITSTATUS(status):
        return Ended(killed=False, fault=said.decode(errors="replace"))
    return Ended(killed=False, said=msgspec.json.decode(said))


def _live(act: Callable[[], object], writer: int, point: str, log: str) -> None:
    """The child: never returns."""
    code = FAILED
    try:
        failpoint.arm(point, log)
        said = msgspec.json.encode(act())
        failpoint.arm()
        code = 0
    except BaseException:  # noqa: BLE001  # told to whoever forked
        said = traceback.format_exc().encode()
    with os.fdopen(writer, "wb") as stream:
        stream.write(said)
    os._exit(code)
