"""A process that dies at a named step, without a process: the step raises what nothing catches."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager

import pytest

from gateway.findings import failpoint as module


class Killed(BaseException):
    """SIGKILL."""


@contextmanager
def passing(monkeypatch: pytest.MonkeyPatch, act: Callable[[str], None]) -> Iterator[None]:
    """While this holds, `act` is told of every step that is passed."""
    with monkeypatch.context() as patch:
        patch.setattr(module, "ARMED", True)
        patch.setattr(module, "_pass", act)
        yield


@contextmanager
def dying(monkeypatch: pytest.MonkeyPatch, name: str, times: int = 1) -> Iterator[list[str]]:
    """Die when the step is passed for the n-th time; gives the steps that were passed until then."""
    passed: list[str] = []

    def act(step: str) -> None:
        passed.append(step)
        if step == name and passed.count(name) == times:
            raise Killed(name)

    with passing(monkeypatch, act):
        yield passed
