"""Alarms reach people: once, together, again after a while, and never as a storm."""

import threading
from dataclasses import replace
from datetime import timedelta
from itertools import pairwise

import pytest
from sqlalchemy import select, update

from gateway.journal.schema import alert
from gateway.runner import alerts
from gateway.runner.alerts import Alerts, Teller
from gateway.runner.channels import AlertNotSent
from gateway.steps.ground.alarm import clear_alarm, raise_alarm
from gateway.steps.watching.message import as_text
from gateway.steps.watching.notice import standing


class Person:
    """A channel that keeps what it is told, unless it does not work."""

    def __init__(self, name="command"):
        self.name, self.got, self.works = name, [], True

    def send(self, message):
        if not self.works:
            raise AlertNotSent("out of order")
        self.got.append(message)


class World:
    def __init__(self, gate, clock, *channels):
        self.gate, self.clock, self.channels = gate, clock, channels
        self.alerts = Alerts(gate, channels)

    def alarm(self, *subjects, code="DLV602", times=1):
        with self.gate.journal.write() as conn:
            for subject in (subjects or ("uk.live",)) * times:
                raise_alarm(conn, code, subject, {"connection": subject})

    def clear(self, subject="uk.live", code="DLV602"):
        with self.gate.journal.write() as conn:
            clear_alarm(conn, code, subject)

    def wait(self, **by):
        """Time goes by, with a look every five seconds; of hours one a minute will do."""
        left = timedelta(**by)
        each = timedelta(seconds=5 if left < timedelta(minutes=30) else 60)
        while left > timedelta():
            step = min(left, each)
            self.clock.at += step
            left -= step
            self.alerts.look()

    def rows(self):
        with self.gate.journal.read() as conn:
            return conn.execute(select(alert).order_by(alert.c.code, alert.c.subject)).all()


@pytest.fixture
def person():
    return Person()


@pytest.fixture
def world(site, person):
    with site.gate() as gate:
        yield World(gate, site.clock, person)


def statuses(message):
    return {(group.code, group.status): group.count for group in message.groups}


def test_a_storm_of_a_thousand_alarms_is_one_message(world, person):
    world.alarm(*(f"line-{number}.live" for number in range(1000)))
    world.wait(minutes=5)
    (message,) = person.got
    assert statuses(message) == {("DLV602", "new"): 1000}
    assert len(message.as_json()) < 4000
    assert "and 995 more" in as_text(message)


def test_a_storm_that_lasts_is_one_message_a_minute_at_most(world, person):
    for number in range(100):
        world.alarm(*(f"line-{number}-{one}.live" for one in range(10)))
        world.wait(seconds=5)
    world.wait(minutes=2)
    assert sum(group.count for message in person.got for group in message.groups) == 1000
    assert len(person.got) <= 500 / 60 + 2
    gaps = [after.at - before.at for before, after in pairwise(person.got)]
    assert min(gaps) >= timedelta(seconds=60)


def test_what_lasts_is_told_again_after_the_time_that_is_configured_and_not_before(world, person):
    world.alarm()
    world.wait(minutes=1)
    world.alarm(times=100)
    world.wait(hours=3, minutes=50)
    assert len(person.got) == 1
    world.wait(minutes=20)
    assert [statuses(message) for message in person.got] == [{("DLV602", "new"): 1}, {("DLV602", "still"): 1}]
    assert person.got[1].groups[0].alarms[0].times == 101


def test_its_end_is_told_once(world, person):
    world.alarm()
    world.wait(minutes=1)
    world.clear()
    world.wait(hours=9)
    assert [statuses(message) for message in person.got] == [{("DLV602", "new"): 1}, {("DLV602", "over"): 1}]
    assert world.rows() == []


def test_a_line_that_flaps_is_one_trouble(world, person):
    for _ in range(20):
        world.alarm()
        world.wait(minutes=2)
        world.clear()
        world.wait(minutes=2)
    assert len(person.got) == 1
    world.wait(minutes=20)
    assert statuses(person.got[-1]) == {("DLV602", "over"): 1}


def test_what_was_over_before_anybody_was_told_is_not_told(world, person):
    world.alarm()
    world.clear()
    world.wait(hours=1)
    assert person.got == []
    assert world.rows() == []


def test_what_comes_back_after_its_end_was_told_is_news(world, person):
    world.alarm()
    world.wait(minutes=1)
    world.clear()
    world.wait(minutes=15)
    world.alarm()
    world.wait(minutes=2)
    assert [list(statuses(message)) for message in person.got] == [
        [("DLV602", "new")], [("DLV602", "over")], [("DLV602", "new")],
    ]  # fmt: skip


def test_what_no_channel_takes_is_tried_again_after_growing_pauses(world, person):
    tries = []
    person.send = lambda message: tries.append(message.at) or (_ for _ in ()).throw(AlertNotSent("no"))
    world.alarm()
    world.wait(hours=2)
    gaps = [after - before for before, after in pairwise(tries)]
    assert gaps == sorted(gaps)
    assert gaps[-1] >= timedelta(seconds=900)
    assert {row.told_at for row in world.rows()} == {None}
    del person.send
    world.wait(minutes=30)
    assert statuses(person.got[0]) == {("DLV602", "new"): 1}, "of its own trouble it is not told"
    assert [row.code for row in world.rows()] == ["DLV602"] or world.rows()[1].cleared_at is not None


def test_when_one_channel_fails_the_other_one_says_so(site):
    command, mail = Person(), Person("mail")
    mail.works = False
    with site.gate() as gate:
        world = World(gate, site.clock, command, mail)
        world.alarm()
        world.wait(minutes=5)
        assert [statuses(message) for message in command.got] == [{("DLV602", "new"): 1}, {("INT964", "new"): 1}]
        mail.works = True
        world.alarm("dk.live")
        world.wait(minutes=20)
        assert statuses(mail.got[0]) == {("DLV602", "new"): 1}
        assert statuses(command.got[-1]) == {("INT964", "over"): 1}


def test_a_process_that_dies_after_sending_says_it_again_and_no_third_time(world, person, monkeypatch):
    """At least once: the claim of the dead one runs out, then whoever lives tells it."""
    world.alarm()

    def dies(*_):
        raise KeyboardInterrupt

    with monkeypatch.context() as patch:
        patch.setattr("gateway.steps.watching.notice.told", dies)
        with pytest.raises(KeyboardInterrupt):
            world.wait(minutes=1)
    with world.gate.journal.write() as conn:
        conn.execute(update(alert).values(owner="run-of-an-earlier-life"))
    world.wait(minutes=3)
    assert len(person.got) == 1
    world.wait(hours=1)
    assert len(person.got) == 2


def test_of_two_hosts_one_speaks(site):
    here, there = Person(), Person()
    with site.gate() as gate:
        first = World(gate, site.clock, here)
        second = World(replace(gate, owner="run-elsewhere"), site.clock, there)
        first.alarm()
        site.clock.at += timedelta(minutes=1)
        for _ in range(20):
            site.clock.at += timedelta(seconds=5)
            first.alerts.look()
            second.alerts.look()
    assert len(here.got) + len(there.got) == 1


def test_without_a_channel_alarms_stand_in_the_journal_and_what_is_over_goes(site):
    with site.gate() as gate:
        world = World(gate, site.clock)
        world.alarm()
        world.alarm("dk.live")
        world.clear("dk.live")
        world.wait(minutes=11)
        with gate.journal.read() as conn:
            assert [one.subject for one in standing(conn)] == ["uk.live"]
        assert len(world.rows()) == 1


def test_a_clock_that_is_set_back_keeps_nobody_from_being_told(world, person):
    world.alarm()
    world.wait(minutes=1)
    steady = world.clock.at.timestamp()
    world.alarm("dk.live")
    world.clock.at -= timedelta(hours=1)
    ticks = iter(range(10, 10_000, 10))
    world.clock.monotonic = lambda: steady + next(ticks)
    for _ in range(40):
        world.alerts.look()
    assert statuses(person.got[-1]) == {("DLV602", "new"): 1}
    assert person.got[-1].groups[0].alarms[0].subject == "dk.live"


class Slow:
    """Alarms that take a while to tell."""

    def __init__(self):
        self.begun, self.may_end, self.told = threading.Event(), threading.Event(), False

    def look(self):
        self.begun.set()
        self.may_end.wait(10)
        self.told = True


def test_a_message_under_way_leaves_before_the_journal_is_closed(monkeypatch):
    monkeypatch.setattr(alerts, "LOOK", 0.0)
    slow = Slow()
    teller = Teller(slow)
    teller.start()
    assert slow.begun.wait(10)
    threading.Timer(0.05, slow.may_end.set).start()
    teller.end()
    assert slow.told and not teller.is_alive()


def test_the_end_of_one_that_never_began_is_no_fault():
    Teller(Slow()).end()
