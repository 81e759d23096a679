"""A duty is one host's at a time; a host that dies, is cut off or falls silent loses all of its duties at once."""

import os
import signal
from contextlib import contextmanager
from pathlib import Path

import pytest

from gateway.journal import tenure
from gateway.journal.tenure import TenureLost
from gateway.runner.queue import duties as module
from gateway.runner.queue.duties import Duties
from tests.acceptance.daemon import until


def cut(duties):
    """The line to the server is gone."""
    duties._session.close()


@contextmanager
def frozen(duties):
    """The server's process for this session stands still and keeps the line open."""
    process = duties._session.info.backend_pid
    name = Path(f"/proc/{process}/comm")
    if not name.exists() or name.read_text().strip() != "postgres" or os.geteuid() not in (0, name.stat().st_uid):
        pytest.skip("the server's processes are not on this machine, or not ours to stop")
    os.kill(process, signal.SIGSTOP)
    try:
        yield
    finally:
        os.kill(process, signal.SIGCONT)


def test_a_duty_is_one_hosts_at_a_time(duties):
    here, there = duties
    held = here.take("core")
    assert held.term == 1 and here.take("core") == held and there.take("core") is None
    here.give_back("core")
    assert there.take("core").term == 2 and here.take("core") is None
    assert not here.has(held)


def test_duties_are_apart(duties):
    here, there = duties
    assert here.take("line/a") and there.take("line/b")
    assert there.take("line/a") is None and here.take("line/b") is None


def test_a_host_that_ends_gives_everything_back_at_once(duties):
    here, there = duties
    here.take("core")
    here.take("line/a")
    here.close()
    assert there.take("core").term == 2 and there.take("line/a").term == 2


def test_a_host_that_ends_has_nothing_when_another_may_take_it(duties, monkeypatch):
    here, there = duties
    held = here.take("core")
    unlock, seen = here._unlock, []

    def look():
        unlock()
        seen.append((there.take("core").term, here.has(held)))

    monkeypatch.setattr(here, "_unlock", look)
    here.close()
    assert seen == [(2, False)]


def test_a_host_ends_though_its_server_stands_still(duties, monkeypatch):
    here, _ = duties
    here.take("core")
    monkeypatch.setattr(module, "WORD", 0.2)
    with frozen(here):
        here.close()  # without a limit it would wait until the server goes on: for ever
    assert here._session is None and not here.lost


def test_a_session_that_is_lost_takes_all_duties_with_it_and_a_new_one_begins_with_none(duties):
    here, there = duties
    held = here.take("core")
    cut(here)
    until(lambda: here.lost)
    assert not here.has(held)
    assert until(lambda: there.take("core"))  # a server ends a session some time after its line
    until(lambda: here._session is not None)
    assert here.take("core") is None and here.take("line/a") is not None


def test_a_host_that_falls_silent_is_ended_by_the_server(gates, monkeypatch):
    monkeypatch.setattr(module, "SILENCE", 2_000)
    monkeypatch.setattr(module, "WORD", 60.0)
    silent, other = (Duties(gate.journal, gate.owner, lambda: None) for gate in gates)
    silent.open()
    held = silent.take("core")
    monkeypatch.setattr(module, "SILENCE", 60_000)
    other.open()
    taken = until(lambda: other.take("core"))
    assert taken.term == held.term + 1
    old = gates[0].journal.under(held)
    with pytest.raises(TenureLost), old.write():
        pass
    for one in (silent, other):
        one._over.set()
        one._drop()


def test_who_is_at_work_is_known(duties):
    here, there = duties
    names = {here.owner, there.owner, "run-of-long-ago"}
    assert here.at_work(names) == {here.owner, there.owner}
    there.close()
    assert here.at_work(names) == {here.owner}


def test_what_cannot_be_written_down_is_not_held(duties, monkeypatch):
    here, there = duties

    def fails(*_):
        raise RuntimeError

    with monkeypatch.context() as patch:
        patch.setattr(tenure, "begin", fails)
        with pytest.raises(RuntimeError):
            here.take("core")
    assert there.take("core") is not None
