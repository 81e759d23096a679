"""Crash points by name: kill this process the n-th time a step is passed (`GATEWAY_FAILPOINT=deliver.published:3`).

They stand before and after every durable or remote effect, so that tests can show what a crash there does. A point
costs one comparison. `GATEWAY_FAILPOINT_LOG` names a file to which every passed point of `NAMES` is appended: a clean
run must pass each of them. Points that hang on an item have its number in their name and are not written down.
"""

import os
import signal

NAMES = (
    "pickup.sighted",
    "pickup.intent",
    "pickup.part",
    "pickup.raw",
    "pickup.received",
    "pickup.tidied_remote",
    "pickup.tidied",
    "intake.scanned",
    "intake.opened",
    "translate.claimed",
    "translate.blobs",
    "translate.settled",
    "assemble.reserved",
    "assemble.rendered",
    "assemble.queued",
    "deliver.claimed",
    "deliver.temp",
    "deliver.publishing",
    "deliver.published",
    "deliver.sent",
    "collect.matched",
    "answer.blob",
    "answer.queued",
    "purge.marked",
    "purge.unlinked",
    "purge.purged",
)

GROUPED = ("group.blobs", "group.joined")
"""Passed where several parcels are declared together."""

_name, _, _count = os.environ.get("GATEWAY_FAILPOINT", "").partition(":")
_left = int(_count or 1)
_log = os.environ.get("GATEWAY_FAILPOINT_LOG", "")
ARMED = bool(_name or _log)


def failpoint(name: str) -> None:
    """Die here when this is the chosen point and the chosen time."""
    if ARMED:
        _pass(name)


def _pass(name: str) -> None:
    global _left  # noqa: PLW0603  # one counter a process is the point
    if _log and name in NAMES:
        with open(_log, "a", encoding="ascii") as log:  # noqa: PTH123  # before any of our own code is at work
            log.write(f"{name}\n")
    if name == _name:
        _left -= 1
        if _left == 0:
            os.kill(os.getpid(), signal.SIGKILL)
