"""Row 7, time: clocks that step, summer time, a leap day, hosts whose clocks differ.

No poll is later than two intervals and a look of the guard, no lease is stolen, nothing lasts less than nothing. Claims
of several hosts go by the server's time: `tests/journal/test_postgresql.py`.
"""

import threading
import time
from datetime import UTC, date, datetime, timedelta
from itertools import pairwise
from types import SimpleNamespace
from zoneinfo import ZoneInfo

import apscheduler.schedulers.base
import pytest
from sqlalchemy import select

from gateway.cli.status import age_of
from gateway.findings.errors import RequestRefused
from gateway.journal import claims
from gateway.journal.clock import SystemClock
from gateway.journal.schema import batch
from gateway.runner import quiet
from gateway.runner import waker as module
from gateway.runner.core import Core
from gateway.runner.waker import Waker
from gateway.settings.timetable import due
from gateway.settings.values import Schedule
from gateway.steps.ground import switches
from gateway.steps.keeping import purge
from gateway.steps.reading import intake, translate
from gateway.steps.receiving.pickup import Pickup
from gateway.steps.sending import deliver
from gateway.steps.sending.deliver import Deliver
from gateway.steps.watching.figures import figures
from tests.steps.hands import Hands
from tests.steps.site import TestClock
from tests.steps.test_exchange import itmatt

HOUR = timedelta(hours=1)
STEPS = pytest.mark.parametrize("step", [-HOUR, HOUR], ids=["back", "forward"])
BERLIN = ZoneInfo("Europe/Berlin")
CHANGES = [date(2026, 3, 29), date(2026, 10, 25)]  # of summer time in Europe
INTERVAL, LOOK, MARGIN = 1.0, 0.1, 6.0  # seconds: of polls, of the guard, of a busy machine


class Wall(datetime):
    """The clock on the wall, which steps."""

    step = timedelta()

    @classmethod
    def now(cls, tz=None):
        return datetime.now(tz) + cls.step


class Line:
    """Counts how often it is looked at."""

    busy, beat = False, 0.0

    def __init__(self):
        self.connection = SimpleNamespace(every=Schedule(timedelta(seconds=INTERVAL)), timezone=UTC)
        self.looks = threading.Semaphore(0)

    def look(self):
        self.looks.release()

    def looked(self, waker, within):
        """How long it takes until it is looked at, while the guard goes its rounds."""
        start = time.monotonic()
        while not self.looks.acquire(timeout=LOOK):
            waker.guard()
            assert time.monotonic() - start < within, "no poll"
        return time.monotonic() - start


@STEPS
def test_a_poll_is_never_later_than_two_intervals_when_the_clock_steps(monkeypatch, step):
    monkeypatch.setattr(Wall, "step", timedelta())
    for place in (apscheduler.schedulers.base, module):
        monkeypatch.setattr(place, "datetime", Wall)
    line = Line()
    waker = Waker({"line": line}, SystemClock())
    waker.start()
    try:
        line.looked(waker, MARGIN)
        Wall.step = step
        waits = [line.looked(waker, 2 * INTERVAL + LOOK + MARGIN) for _ in range(3)]
        assert sum(wait < INTERVAL / 4 for wait in waits) <= 2, "what the clock jumped over is not made up for"
    finally:
        waker.stop()


@STEPS
def test_a_line_that_rests_is_tried_in_time_when_the_clock_steps(site, step):
    with site.gate() as gate:
        line = gate.hub.connections["example-post.live"]
        switches.failed(gate, line, "PartnerUnreachable", lambda *_: timedelta(minutes=10))
        assert not switches.is_open(gate, "connection", line.name)
        site.clock.at += step
        assert switches.is_open(gate, "connection", line.name)


class Steps(TestClock):
    """A clock on the wall that steps, beside a steady one."""

    step = timedelta()

    def now(self):
        return super().now() + self.step


def stable(site):
    site.change("partners/example-post.yaml", "complete: rename", "complete: stable 2 polls 30s")
    site.clock = Steps()
    site.post(itmatt(1), "a.xml")


@STEPS
@pytest.mark.parametrize("during", [False, True], ids=["between", "during"])
def test_a_file_is_stable_for_as_long_as_ever_when_the_clock_steps(site, step, during):
    def scan(whole, directory):
        site.clock.step += step if during and not site.clock.step else timedelta()
        return whole(directory)

    stable(site)
    with site.gate() as gate:
        line = gate.hub.connections["example-post.live"]
        pickup, came = Pickup(gate, line, site.crew), []
        for wait in (0, 10, 10, 15):  # seconds
            site.clock.at += timedelta(seconds=wait)
            came.append(site.on(gate, line.name, pickup.poll, scan=scan))
            site.clock.step = site.clock.step or (timedelta() if during else step)
        assert came == [0, 0, 0, 1]


def test_a_file_waits_its_time_again_when_the_clock_was_set_back_between_two_lives(site):
    stable(site)
    with site.gate() as gate:
        assert site.poll(gate) == 0
    site.clock.step = -HOUR
    with site.gate() as gate:
        for wait, came in ((20, 0), (20, 0), (31, 1)):
            site.clock.at += timedelta(seconds=wait)
            assert site.poll(gate) == came


@STEPS
def test_a_delivery_that_was_refused_is_tried_again_in_time_when_the_clock_steps(site, step):
    def refuse(*_, **__):
        raise RequestRefused

    site.clock = Steps()
    with site.gate() as gate:
        site.post(itmatt(1))
        site.poll(gate)
        while site.work(gate):
            pass
        site.deliver(gate, write_new=refuse)
        site.clock.step = step
        site.clock.at += claims.LONGEST_WAIT
        line = gate.hub.connections["uk-customs.live"]
        assert Deliver(gate, line, site.crew).due and deliver.waiting(gate) == {line.name}
        assert quiet.moving_left(gate) == 1 and site.deliver(gate) == 1


@pytest.mark.parametrize("day", CHANGES, ids=["summer", "winter"])
def test_intervals_are_as_long_as_ever_when_summer_time_changes(day):
    at = datetime(day.year, day.month, day.day, tzinfo=UTC) - HOUR
    for _ in range(20):
        after = due(Schedule(timedelta(minutes=30)), at, BERLIN)
        assert after - at == timedelta(minutes=30)
        at = after


@pytest.mark.parametrize("line", ["30 2 * * *", "0 3 * * *", "*/30 * * * *"])
@pytest.mark.parametrize("day", CHANGES, ids=["summer", "winter"])
def test_a_cron_line_comes_on_the_day_when_summer_time_changes_and_is_never_a_day_late(day, line):
    at, end = (datetime(day.year, day.month, day.day, tzinfo=BERLIN) + timedelta(days=n) for n in (-1, 3))
    times = []
    while (at := due(Schedule(cron=line), at, BERLIN)) < end:
        times.append(at)
    assert day in {one.astimezone(BERLIN).date() for one in times}
    assert all(timedelta() < later - one <= 25 * HOUR for one, later in pairwise(times))


def test_a_whole_exchange_on_a_leap_day_and_the_day_it_is_forgotten(site):
    site.clock.at = datetime(2028, 2, 29, 23, 59, 58, tzinfo=UTC)
    site.post(itmatt(2, day=date(2028, 2, 29)))
    with site.gate() as gate:
        site.run(gate)
        assert site.states(gate) == {"accepted": 2} and len(site.filed()) == 2
        assert due(Schedule(cron="0 6 29 2 *"), site.clock.at + HOUR, BERLIN).date() == date(2032, 2, 29)
        site.clock.at = datetime(2031, 3, 2, tzinfo=UTC)  # three years have no such day at their end
        while purge.purge(gate):
            pass
        assert site.violations(gate) == []


class Slow(Hands):
    """Workers that bring nothing before they are told to."""

    ready = False

    def collect(self, wait):
        return super().collect(wait) if self.ready else []


@STEPS
def test_what_a_worker_has_in_hand_stays_its_own_when_the_clock_steps(site, step):
    with site.gate() as gate:
        core = Core(gate, Slow(), lambda: None)
        site.post(itmatt(3))
        site.poll(gate)
        for _ in range(3):
            core.turn(0, flush=False)
        assert site.states(gate, "batch") == {"claimed": 1} and core.busy
        site.clock.at += step
        core.housekeeping()
        assert site.states(gate, "batch") == {"claimed": 1}
        core.pool.ready = True
        for _ in range(6):
            core.turn(0, flush=True)
        assert {row["attempt"] for row in site.rows(gate, "batch")} == {1} and site.states(gate) == {"accepted": 3}


def test_a_host_whose_clock_is_ahead_steals_no_lease_of_another(stored):
    with stored.gate() as gate:
        stored.post(itmatt(1))
        stored.poll(gate)
        intake.intake(gate)
        with gate.journal.write() as conn:
            (held,) = claims.claim(conn, batch, ("due", "claimed"), "other host", timedelta(minutes=4), 1)
        if gate.journal.clock is not stored.clock:  # on a server nobody's own clock counts
            stored.clock.at += timedelta(minutes=5)
            with gate.journal.write() as conn:
                assert claims.lapsed(conn, batch, "claimed") == []
                assert conn.scalar(select(batch.c.owner)) == held.owner
        else:  # one process alone owns the file, and knows what it has in hand
            assert translate.expire(gate, in_hand=[held.id]) == 0
        assert stored.states(gate, "batch") == {"claimed": 1}


@STEPS
def test_nothing_lasts_less_than_nothing_when_the_clock_steps(site, step):
    with site.gate() as gate:
        site.post(itmatt(2))
        site.poll(gate)
        intake.intake(gate)
        site.clock.at += 2 * step
        assert [one for one in figures(gate) if one.value < 0] == []
    assert age_of(step.total_seconds())[0] != "-"
