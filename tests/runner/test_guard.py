"""A step that fails rests, longer each time, and is well again by one success."""

from datetime import timedelta

from gateway.runner.guard import FIRST, TOP, Guard
from tests.steps.site import TestClock


class Steps:
    def __init__(self):
        self.fails, self.calls = True, 0

    def __call__(self):
        self.calls += 1
        if self.fails:
            raise OSError(28, "No space left on device")
        return 3


def after(clock, seconds):
    clock.at += timedelta(seconds=seconds)


def test_it_rests_longer_each_time_up_to_a_minute(caplog):
    clock, step = TestClock(), Steps()
    guard = Guard(clock)
    assert guard.run("a", step) == 0 and guard.run("a", step) == 0 and step.calls == 1
    pause = FIRST
    for number in range(2, 10):
        after(clock, pause)
        guard.run("a", step)
        assert step.calls == number
        pause = min(TOP, pause * 2)
    assert caplog.messages == ["core.trouble"] * 9


def test_one_success_ends_it_and_others_never_rested():
    clock, step = TestClock(), Steps()
    guard = Guard(clock)
    guard.run("a", step)
    assert guard.run("b", lambda: 1) == 1
    after(clock, FIRST)
    step.fails = False
    assert guard.run("a", step) == 3 and guard.run("a", step) == 3
