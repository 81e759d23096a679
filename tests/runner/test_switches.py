"""A line that fails is tried again after a pause; one that a person stopped is not tried at all."""

from datetime import timedelta

import pytest

from gateway.steps.ground import switches
from gateway.steps.repeating import operate

LINE = "uk-customs.live"


@pytest.fixture
def gate(site):
    with site.gate() as gate:
        yield gate


def fail(gate, times=1, pause=timedelta(minutes=1)):
    line = gate.hub.connections[LINE]
    return [switches.failed(gate, line, "PartnerUnreachable", lambda *_: pause) for _ in range(times)]


def test_a_line_nobody_spoke_of_is_open(gate):
    assert switches.is_open(gate, "connection", LINE)


def test_after_a_failure_it_is_closed_until_the_next_try(gate, site):
    assert fail(gate) == [1]
    assert not switches.is_open(gate, "connection", LINE)
    site.clock.at += timedelta(minutes=1)
    assert switches.is_open(gate, "connection", LINE)


def test_failures_in_a_row_make_it_unreachable_and_one_success_clears_them(gate):
    assert fail(gate, switches.ALARM_AFTER) == [1, 2, 3, 4, 5]
    assert switches.read(gate, "connection", LINE)["state"] == "unreachable"
    switches.recovered(gate, gate.hub.connections[LINE])
    row = switches.read(gate, "connection", LINE)
    assert (row["state"], row["failures"], row["reason"], row["next_try_at"]) == ("active", 0, None, None)


def test_what_a_person_paused_stays_paused_whatever_the_line_does(gate, site):
    operate.switch(gate, "connection", LINE, "paused", "O:tester", "moving house")
    fail(gate, switches.ALARM_AFTER)
    switches.recovered(gate, gate.hub.connections[LINE])
    site.clock.at += timedelta(days=1)
    assert switches.read(gate, "connection", LINE)["state"] == "paused"
    assert not switches.is_open(gate, "connection", LINE)


def test_resuming_forgets_failures_and_pauses(gate):
    fail(gate, switches.ALARM_AFTER)
    operate.switch(gate, "connection", LINE, "active", "O:tester")
    assert switches.is_open(gate, "connection", LINE)
    assert fail(gate) == [1]
