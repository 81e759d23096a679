"""One thread a connection: it does what is due when it is woken, and nothing ends it but its own end."""

import shutil
import threading
from datetime import timedelta
from types import SimpleNamespace

import pytest

from gateway.findings.errors import LoginRefused
from gateway.journal.store import JournalUnavailable
from gateway.runner import carrier as module
from gateway.runner.carrier import LOGIN_PAUSE
from gateway.runner.mover import Mover
from gateway.settings import Credentials
from gateway.steps.ground import switches
from gateway.steps.recovering.start import recover
from gateway.steps.repeating import operate
from tests.acceptance.daemon import until
from tests.steps.test_exchange import itmatt

LINE = "example-post.live"


@pytest.fixture
def gate(site):
    with site.gate() as gate:
        yield gate


@pytest.fixture
def mover(site, gate):
    """The mover of the post's line; `moved` is set whenever it says that something moved."""
    moved = threading.Event()
    mover = Mover(gate, gate.hub.connections[LINE], Credentials(site.folder / "config"), moved.set)
    mover.moved = moved
    mover.start()
    yield mover
    mover.end()
    mover.join(20)
    assert not mover.is_alive()


def poll(mover):
    before = mover.polls
    mover.look()
    until(lambda: mover.polls > before and not mover.busy)


def test_a_poll_takes_files_in_and_tells_the_core(site, gate, mover):
    site.post(itmatt())
    poll(mover)
    assert mover.moved.is_set()
    assert site.states(gate, "file") == {"received": 1}
    assert [file.name for file in (site.folder / "post" / "done").iterdir()] == ["a.xml"]


def test_without_files_nobody_is_disturbed(mover):
    poll(mover)
    assert not mover.moved.is_set()
    assert not mover.failed


def test_a_paused_line_is_not_looked_at(site, gate, mover):
    operate.switch(gate, "connection", LINE, "paused", "O:tester")
    site.post(itmatt())
    poll(mover)
    assert site.states(gate, "file") == {}
    operate.switch(gate, "connection", LINE, "active", "O:tester")
    poll(mover)
    assert site.states(gate, "file") == {"received": 1}


def test_a_line_that_fails_waits_and_is_well_again(site, gate, mover):
    shutil.move(site.folder / "post", site.folder / "away")
    poll(mover)
    assert mover.failed
    assert switches.read(gate, "connection", LINE)["failures"] == 1
    shutil.move(site.folder / "away", site.folder / "post")
    site.clock.at += timedelta(minutes=15)
    poll(mover)
    assert not mover.failed
    assert switches.read(gate, "connection", LINE)["failures"] == 0


def test_a_refused_key_is_tried_three_times_an_hour_at_most(site, gate, mover, monkeypatch):
    def refuse(*_):
        raise LoginRefused

    monkeypatch.setattr(module, "dial", refuse)
    poll(mover)
    row = switches.read(gate, "connection", LINE)
    assert row["reason"] == "LoginRefused"
    assert row["next_try_at"] - site.clock.at > LOGIN_PAUSE - timedelta(minutes=1)


def test_a_bug_of_ours_does_not_end_the_thread(site, gate, mover, monkeypatch, caplog):
    with monkeypatch.context() as broken:
        broken.setattr(mover.carrier._pickup, "poll", lambda *_: {}["a bug"])
        poll(mover)
    assert "mover.bug" in caplog.messages
    assert switches.read(gate, "connection", LINE)["reason"] == "KeyError", "it shows in `status`"
    site.post(itmatt())
    site.clock.at += timedelta(minutes=15)
    poll(mover)
    assert site.states(gate, "file") == {"received": 1}


def test_our_own_trouble_is_not_the_partners_failure_and_does_not_end_the_thread(site, gate, mover, monkeypatch):
    def away(*_):
        raise JournalUnavailable

    with monkeypatch.context() as broken:
        broken.setattr(switches, "is_open", away)
        poll(mover)
    assert switches.read(gate, "connection", LINE) is None and not mover.failed
    site.post(itmatt())
    poll(mover)
    assert site.states(gate, "file") == {"received": 1}


def test_a_failure_of_an_earlier_life_is_forgotten_by_the_first_success(gate, mover):
    with gate.journal.write() as conn:
        switches.put(gate, conn, "connection", LINE, state="unreachable", failures=9, reason="PartnerUnreachable")
    poll(mover)
    row = switches.read(gate, "connection", LINE)
    assert (row["state"], row["failures"], row["reason"]) == ("active", 0, None)


def test_a_line_that_rested_is_tried_at_the_next_start(site, gate, mover):
    shutil.move(site.folder / "post", site.folder / "away")
    for _ in range(6):
        poll(mover)
        site.clock.at += timedelta(minutes=20)
    poll(mover)
    shutil.move(site.folder / "away", site.folder / "post")
    recover(gate)
    poll(mover)
    row = switches.read(gate, "connection", LINE)
    assert not mover.failed and (row["state"], row["reason"], row["failures"]) == ("active", None, 0)


def test_a_refused_key_waits_over_a_start(site, gate):
    later = site.clock.at + timedelta(minutes=20)
    with gate.journal.write() as conn:
        switches.put(gate, conn, "connection", LINE, state="active", reason="LoginRefused", next_try_at=later)
    recover(gate)
    assert not switches.is_open(gate, "connection", LINE)


def test_a_folder_at_fault_is_not_forgotten_for_a_delivery(site, gate, mover):
    shutil.rmtree(site.folder / "post/out")
    poll(mover)
    site.clock.at += timedelta(minutes=20)
    mover.carrier._deliver = SimpleNamespace(due=True, deliver=lambda *_: 1)
    mover.moved.clear()
    mover.nudge()
    until(lambda: mover.moved.is_set() and not mover.busy)
    assert switches.read(gate, "connection", LINE)["reason"] == "RemotePathMissing"


def test_a_line_that_waits_for_its_next_try_counts_as_failed(site, gate, mover):
    with gate.journal.write() as conn:
        later = site.clock.at + timedelta(hours=1)
        switches.put(gate, conn, "connection", LINE, state="unreachable", failures=9, next_try_at=later)
    poll(mover)
    assert mover.failed, "a run that ends by itself tells that this line was not reached"


def test_a_paused_line_did_not_fail(gate, mover):
    operate.switch(gate, "connection", LINE, "paused", "O:tester")
    poll(mover)
    assert not mover.failed


def test_a_pause_is_heard_between_two_rounds(site, gate, mover, monkeypatch):
    from gateway.steps.receiving import pickup

    monkeypatch.setattr(pickup, "ROUND", 2)
    for number in range(6):
        site.post(itmatt(1, number, reference=f"ITM{number}"), f"{number}.xml")
    receive = pickup.receive

    def paused(*given):
        receive(*given)
        operate.switch(gate, "connection", LINE, "paused", "O:tester")

    monkeypatch.setattr(pickup, "receive", paused)
    poll(mover)
    assert site.states(gate, "file") == {"received": 2}
    monkeypatch.setattr(pickup, "receive", receive)
    operate.switch(gate, "connection", LINE, "active", "O:tester")
    poll(mover)
    assert site.states(gate, "file") == {"received": 6}


def test_a_folder_at_fault_does_not_slow_the_line_down(site, gate, mover):
    shutil.rmtree(site.folder / "post/out")
    for _ in range(8):
        poll(mover)
        site.clock.at += timedelta(seconds=2)
    row = switches.read(gate, "connection", LINE)
    assert row["failures"] == 8 and row["next_try_at"] <= site.clock.at, "it is looked at in its interval of a second"
