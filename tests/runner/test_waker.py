"""Movers are woken in their interval; what a step of the clock delayed is woken all the same."""

import threading
from dataclasses import dataclass, field
from datetime import timedelta
from types import SimpleNamespace
from zoneinfo import ZoneInfo

import pytest

from gateway.runner.waker import DAY, STEP_BOUND, Waker, period
from gateway.settings.values import Schedule

UTC = ZoneInfo("UTC")
SECOND, HOUR = Schedule(timedelta(seconds=1)), Schedule(timedelta(hours=1))
NIGHTLY = Schedule(cron="0 3 * * mon-fri")


@dataclass
class Clock:
    time: float = 1000.0

    def monotonic(self):
        return self.time


@dataclass
class StubMover:
    """Counts how often it is woken."""

    every: Schedule
    timezone: ZoneInfo = UTC
    busy: bool = False
    beat: float = 1000.0
    woken: threading.Semaphore = field(default_factory=lambda: threading.Semaphore(0))

    @property
    def connection(self):
        return SimpleNamespace(every=self.every, timezone=self.timezone)

    def look(self):
        self.woken.release()


@pytest.fixture
def waking():
    """Start a waker for some movers; it is stopped after the test."""
    started = []

    def start(clock, **movers):
        waker = Waker(movers, clock)
        waker.start()
        started.append(waker)
        return waker

    yield start
    for waker in started:
        waker.stop()


def test_every_mover_is_woken_at_once_and_then_in_its_interval(waking):
    often, seldom = StubMover(SECOND), StubMover(HOUR)
    waking(Clock(), often=often, seldom=seldom)
    assert seldom.woken.acquire(timeout=20)
    assert all(often.woken.acquire(timeout=20) for _ in range(3))
    assert not seldom.woken.acquire(blocking=False)


def test_a_cron_line_waits_for_its_time(waking):
    nightly, other = StubMover(NIGHTLY), StubMover(SECOND)
    waking(Clock(), nightly=nightly, other=other)
    assert other.woken.acquire(timeout=20)
    assert other.woken.acquire(timeout=20)
    assert not nightly.woken.acquire(blocking=False)
    assert period(NIGHTLY) == DAY


def test_a_cron_line_is_read_in_the_zone_of_the_partner(waking):
    mover = StubMover(NIGHTLY, ZoneInfo("Indian/Mauritius"))
    waker = waking(Clock(), nightly=mover)
    (job,) = waker._scheduler.get_jobs()
    assert (job.next_run_time.hour, job.next_run_time.utcoffset()) == (3, timedelta(hours=4))


def test_one_that_is_late_by_the_steady_clock_is_woken_again(waking):
    """The clock on the wall was set back an hour: the schedule would wait that long."""
    clock, seldom = Clock(), StubMover(HOUR)
    waker = waking(clock, seldom=seldom)
    assert seldom.woken.acquire(timeout=20)
    clock.time += 2 * 3600 + 1
    assert waker.guard()
    assert seldom.woken.acquire(timeout=20)


def test_a_mover_that_is_stuck_beyond_all_deadlines_is_no_sign_of_life(waking):
    clock, stuck = Clock(), StubMover(HOUR, busy=True)
    waker = waking(clock, stuck=stuck)
    clock.time += STEP_BOUND
    assert waker.guard(), "a long step"
    clock.time += period(HOUR) + 1
    assert not waker.guard()
    stuck.beat = clock.time
    assert waker.guard()
