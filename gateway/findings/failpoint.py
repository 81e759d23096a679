"""Crash points: this process dies the n-th time a point is passed (`GATEWAY_FAILPOINT=deliver.publish.after:3`).

Every durable or remote effect stands between two points. `with effect("deliver.publish"):` passes
`deliver.publish.before` and, when nothing was raised, `deliver.publish.after`; a transaction that is named
(`journal.write("deliver.sent")`) passes `deliver.sent.commit` just before its COMMIT, too. While nothing is chosen an
effect costs one comparison. `GATEWAY_FAILPOINT_LOG` names a file to which every point is appended as it is passed.
"""

import os
import signal
import threading
from contextlib import AbstractContextManager, nullcontext

ARMED = False
_NOTHING = nullcontext()
_turn = threading.Lock()
_name, _left, _log = "", 0, ""


def arm(point: str = "", log: str = "") -> None:
    """Choose where to die (`name:n`, n is 1 when it is left out), and where to write down what is passed."""
    global ARMED, _name, _left, _log  # noqa: PLW0603  # one choice a process is the point
    _name, _, count = point.partition(":")
    _left, _log = int(count or 1), log
    ARMED = bool(_name or _log)


def effect(name: str) -> AbstractContextManager[None]:
    """What is done in it outlives this process. `name` is a literal used nowhere else: `step.verb`."""
    return _Effect(name) if ARMED and name else _NOTHING


def passing(name: str, moment: str) -> None:
    """Pass a point within an effect."""
    if ARMED and name:
        _pass(f"{name}.{moment}")


def passing_item(item: str) -> None:
    """The point at which a worker understands one item. It names a parcel: it is never written down."""
    if ARMED:
        _count(f"worker.item.{item}")


class _Effect:
    __slots__ = ("_of",)

    def __init__(self, name: str) -> None:
        self._of = name

    def __enter__(self) -> None:
        _pass(f"{self._of}.before")

    def __exit__(self, kind: type[BaseException] | None, *_: object) -> None:
        if kind is None:
            _pass(f"{self._of}.after")


def _pass(point: str) -> None:
    if _log:
        with open(_log, "a", encoding="ascii") as log:  # noqa: PTH123  # before any of our own code is at work
            log.write(f"{point}\n")
    _count(point)


def _count(point: str) -> None:
    global _left  # noqa: PLW0603
    if point == _name:
        with _turn:
            _left -= 1
            if _left == 0:
                os.kill(os.getpid(), signal.SIGKILL)


arm(os.environ.get("GATEWAY_FAILPOINT", ""), os.environ.get("GATEWAY_FAILPOINT_LOG", ""))
