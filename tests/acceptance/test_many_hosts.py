"""Two hosts on one journal: whatever happens to one of them, nothing is lost and nothing is filed twice."""

import re
import shutil
import signal
import time

import pytest

from gateway.journal import ids
from tests.acceptance.daemon import Daemon, answer, gateway, until
from tests.acceptance.hosts import SKEWED, leads, many_hosts, started

pytestmark = [pytest.mark.slow, pytest.mark.timeout(600)]


@pytest.fixture
def many(tmp_path):
    with many_hosts(tmp_path / "scene") as made:
        yield made


def test_two_hosts_share_the_work_and_one_has_the_core(many):
    with many.host() as first, many.host() as second:
        for seed in range(3):
            many.feed(seed)
        many.exchanged()
        assert leads(first) != leads(second)
        assert len(many.ask("select name from duty where name like 'line/%'")) == 2


def test_a_host_is_killed_at_work_and_another_takes_over(many):
    with many.host() as first:
        until(lambda: leads(first))
        with many.host():
            for seed in range(4):
                many.feed(seed)
            until(lambda: many.ask("select 1 from batch where state = 'done'"))
            before = many.leader()
            first.process.kill()
            first.process.wait()
            many.feed(5)
            until(lambda: many.leader() != before)
            many.exchanged()


def test_hosts_are_restarted_one_after_the_other_while_files_come_and_go(many):
    with many.host() as first:
        many.feed(1)
        with many.host() as second:
            until(lambda: many.ask("select 1 from batch"))
            assert first.stop() == 0
            many.feed(2)
            with many.host():
                assert second.stop() == 0
                many.feed(3)
                many.exchanged()


def test_a_host_that_was_frozen_beyond_its_time_finds_its_duties_taken(many):
    with many.host() as first:
        until(lambda: leads(first))
        with many.host() as second:
            many.feed(1)
            until(lambda: many.ask("select 1 from file"))
            before = many.leader()
            first.process.send_signal(signal.SIGSTOP)
            try:
                many.feed(2)
                until(lambda: many.leader() != before)
                assert leads(second)
                many.exchanged()
            finally:
                first.process.send_signal(signal.SIGCONT)
            until(lambda: first.events("duty.lost") or first.events("leader.resigned"))
            many.feed(3)
            many.exchanged()
            assert first.runs and second.runs


def test_hosts_whose_clocks_are_five_minutes_apart(many):
    with (
        many.host() as first,
        Daemon(many.scene.settings, under=SKEWED, GATEWAY_TEST_SKEW="300") as late,
    ):
        started(late)
        many.feed(1)
        until(lambda: many.ask("select 1 from batch where state = 'done'"))
        assert first.stop() == 0, "now the one with the wrong clock is alone"
        many.feed(2)
        many.exchanged()
    for (at,) in many.ask("select max(at) from audit"):
        assert at.timestamp() < time.time() + 60
    for (one,) in many.ask("select max(id) from item"):
        assert ids.timestamp(one).timestamp() < time.time() + 60


def test_an_item_that_kills_its_workers_is_quarantined_alone(many, mail):
    data = mail(6)
    deadly = re.findall(rb"<item-id>(\w+)<", data)[3].decode()
    with many.host(GATEWAY_FAILPOINT=f"worker.item.{deadly}"), many.host(GATEWAY_FAILPOINT=f"worker.item.{deadly}"):
        many.scene.post.publish("deadly.xml", data)
        until(lambda: len(many.scene.customs.receipts()) == 5, moves=many.steps)
        until(lambda: many.ask("select 1 from file where state = 'read'"), moves=many.steps)
    (found,) = answer(many.scene.settings, "items", "search", "--state", "quarantined")["items"]
    assert found["codes"] == "INT901"


def test_the_server_ends_every_session_and_the_hosts_go_on(many):
    with many.host() as first, many.host() as second:
        for seed in (1, 2):
            many.feed(seed)
            until(lambda seed=seed: len(many.ask("select 1 from file where connection like 'example%'")) == seed)
            many.cut()
        many.exchanged()
        assert first.runs and second.runs


def test_hosts_may_have_one_role_each(many):
    with many.host("--role", "mover"), many.host("--role", "core"):
        many.feed(1)
        many.exchanged()


def test_a_gateway_that_works_alone_on_such_a_journal_lets_no_other_in(many):
    many.change("runner: procrastinate", "runner: local")
    with many.host() as first:
        many.change("state: ../state", "state: ../state2")
        (many.scene.folder / "state2").mkdir(mode=0o700)
        shutil.copy(many.scene.folder / "state/audit.key", many.scene.folder / "state2")
        second = gateway(many.scene.settings, "run")
        assert second.returncode == 5 and "another host works on this journal" in second.stderr
        many.change("state: ../state2", "state: ../state")
        assert first.runs


def test_one_host_among_others_never_ends_by_itself(many):
    done = gateway(many.scene.settings, "run", "--once")
    assert done.returncode == 3 and "runner: local" in done.stderr
