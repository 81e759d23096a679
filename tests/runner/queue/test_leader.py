"""The core of many hosts: one that cannot begin leaves nothing behind, and another host may try."""

from datetime import timedelta

import pytest

from gateway.runner.bell import Bell
from gateway.runner.queue.duties import Duties
from gateway.runner.queue.leader import TRY, Leader
from gateway.runner.waker import Waker


class Broken:
    """A core that does not get up."""

    def __init__(self):
        self.closed = 0

    def begin(self, *, strict):  # noqa: ARG002
        raise OSError("no process can be started")

    def close(self, until):  # noqa: ARG002
        self.closed += 1


@pytest.fixture
def duties(gates):
    opened = [Duties(gate.journal, gate.owner, lambda: None) for gate in gates]
    for one in opened:
        one.open()
    yield opened
    for one in opened:
        one.close()


def test_a_core_that_cannot_begin_is_closed_and_its_duty_given_back(site, gates, duties):
    core, bell = Broken(), Bell()
    leader = Leader(gates[0], bell, duties[0], lambda _gate: core)
    for tries in (1, 2):
        assert leader.turn(0.0, flush=False) == 0 and not leader.leads
        assert core.closed == tries
        assert duties[1].take("core") is not None
        duties[1].give_back("core")
        site.clock.at += timedelta(seconds=2 * TRY)
    bell.close()


def test_a_waker_that_never_started_can_be_stopped(gate):
    Waker({}, gate.clock).stop()
