"""A program of the operator's: it gets one text on its input, a time to end in, and next to nothing of our environment.

What it prints is thrown away; an exit code other than 0 means that it has not done its work.
"""

import os
import signal
import subprocess
from pathlib import Path

from gateway.findings.errors import GatewayFault, Retryable

SECONDS = 30.0
KEPT = ("PATH", "LANG", "LANGUAGE", "LC_ALL", "TZ")  # of our environment


class ProgramFailed(GatewayFault, Retryable):
    """A program that the configuration names did not do its work."""


def hand_to(program: Path, data: bytes, seconds: float = SECONDS) -> None:
    """Run it without a shell, in a session of its own, and wait for its end. Raises: ProgramFailed."""
    nothing = subprocess.DEVNULL
    environment = {name: os.environ[name] for name in KEPT if name in os.environ}
    try:
        running = subprocess.Popen(  # noqa: S603  # the program that the configuration names
            [program], stdin=subprocess.PIPE, stdout=nothing, stderr=nothing, env=environment,
            start_new_session=True, cwd="/",
        )  # fmt: skip
    except OSError as error:
        raise ProgramFailed(error.strerror or type(error).__name__) from error
    try:
        running.communicate(data, seconds)
    except subprocess.TimeoutExpired:
        os.killpg(running.pid, signal.SIGKILL)
        running.communicate()
        raise ProgramFailed(f"the program had not ended after {seconds:g} seconds") from None
    if running.returncode:
        raise ProgramFailed(f"the program ended with code {running.returncode}")
