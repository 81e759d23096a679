"""A line is worked by one host at a time; what comes for it elsewhere is handed on."""

import threading

import pytest

from gateway.journal import logbook
from gateway.journal.ids import new_id
from gateway.journal.logbook import Coming
from gateway.runner.queue import lines as module
from gateway.runner.queue.lines import Lines
from gateway.steps.ground import standstill
from gateway.steps.recovering import adopt
from tests.runner.queue.test_post import jobs
from tests.steps.test_exchange import itmatt

LINE = "example-post.live"


@pytest.fixture
def hosts(gates, duties, post):
    made = tuple(Lines(gate, mine, post, lambda: None) for gate, mine in zip(gates, duties, strict=True))
    yield made
    for one in made:
        one.close()


def test_whoever_is_told_first_has_the_line_and_the_other_hands_on(site, gate, hosts, duties, post):
    here, there = hosts
    site.post(itmatt())
    here.poll(LINE)
    assert site.states(gate, "file") == {"received": 1}
    there.poll(LINE)
    assert jobs(post) == [f'poll host/{duties[0].owner} {{"name": "{LINE}"}}']


def test_a_line_that_was_not_used_for_a_while_is_free_again(site, gate, hosts, monkeypatch):
    here, there = hosts
    here.poll(LINE)
    monkeypatch.setattr(module, "IDLE", -1.0)
    here.rest()
    site.post(itmatt())
    there.poll(LINE)
    assert site.states(gate, "file") == {"received": 1}


def test_after_a_takeover_the_late_host_writes_nothing(site, gate, hosts, duties):
    here, there = hosts
    here.poll(LINE)
    carrier = here._lines[LINE].carrier
    duties[0]._session.execute("select pg_advisory_unlock_all()")  # the server has ended what this host held
    site.post(itmatt())
    assert duties[1].take(f"line/{LINE}") is not None
    carrier.turn(poll=True)
    assert site.states(gate, "file") == {}
    there.poll(LINE)
    assert site.states(gate, "file") == {"received": 1}


def test_whoever_takes_a_line_of_a_restored_journal_learns_first_what_came_since(site, gate, hosts):
    one, data = new_id(), itmatt()
    came = Coming(one, gate.now(), "production", "out", b"a.xml", len(data), 1)
    logbook.write(gate.blobs.root, LINE, [came], gate.now())
    gate.blobs.write("raw", LINE, [data], one)
    assert adopt.behind(gate) and not adopt.behind(gate, "example-post.test")
    hosts[1].poll(LINE)
    assert standstill.is_on(gate) and not adopt.behind(gate)
    assert site.ids(gate, "file", state="received") == [one]


def test_what_is_wanted_while_the_line_is_worked_is_done_by_whoever_works_it(hosts):
    here, _ = hosts
    line = here._lines[LINE]
    with line.turn:
        other = threading.Thread(target=here.poll, args=[LINE])
        other.start()
        other.join(20)
        assert not other.is_alive() and line.wanted == {"poll"}
    here.deliver(LINE)
    assert line.wanted == set()


def test_a_line_of_another_configuration_is_nobodys(hosts, post):
    hosts[0].poll("strange.live")
    assert jobs(post) == []
