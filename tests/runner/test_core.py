"""The loop goes on whatever a step, a worker or the machine does; nothing spins, nothing is forgotten."""

from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import update

from gateway.journal import schema
from gateway.journal.claims import LONGEST_WAIT
from gateway.journal.store import CommitUnknown, JournalUnavailable
from gateway.runner import core as module
from gateway.runner.core import Core
from gateway.runner.guard import Guard
from gateway.runner.pool import Lost
from gateway.steps.ground.switches import paused_lines, paused_routes
from gateway.steps.repeating import operate
from gateway.steps.working.outcome import WriteJob
from tests.left import work_left
from tests.steps.hands import Hands, lost
from tests.steps.test_exchange import itmatt


@pytest.fixture
def gate(site):
    with site.gate() as gate:
        yield gate


def turns(core, site, most=60):
    """Until nothing is done any more; returns how many turns that took."""
    for number in range(most):
        site.poll(core.gate)
        done = core.turn(0, flush=True) + core.housekeeping() + site.deliver(core.gate)
        if not done and not core.busy:
            return number
    raise AssertionError("it spins")


def core_of(gate, **facts):
    return Core(gate, Hands(**facts), lambda: None)


def test_everything_that_is_due_is_done(site, gate):
    site.post(itmatt(3, faults={2: "gross-zero"}))
    turns(core_of(gate), site)
    assert len(site.filed()) == 2 and site.answers().count("<item-id>") == 1 and work_left(gate) == 0


def test_a_claim_whose_commit_got_no_answer_is_looked_up_and_done(site, gate, monkeypatch):
    claim = module.translate._claim

    def unknown(*given):
        claim(*given)
        raise CommitUnknown

    core = core_of(gate)
    site.post(itmatt(3))
    site.poll(gate)
    with monkeypatch.context() as patch:
        patch.setattr(module.translate, "_claim", unknown)
        core.turn(0, flush=True)
    assert site.states(gate, "batch") == {"claimed": 1} and not core.busy
    site.clock.at += timedelta(seconds=2)  # the step rests for a second
    turns(core, site)
    assert len(site.filed()) == 3 and site.violations(gate) == []


def test_an_answer_that_was_collected_for_its_time_goes_out_though_nothing_else_happens(site):
    site.change("partners/example-post.yaml", "per_file: 500", "per_file: 500, every: 60s")
    site.clock.at = datetime.now(UTC)  # how long an answer has waited is told by its id
    with site.gate() as gate:
        core = core_of(gate)
        site.post(itmatt(1, faults={1: "gross-zero"}))
        for _ in range(5):
            site.poll(gate)
            core.turn(0, flush=False)
        assert site.states(gate, "delivery") == {}, "it may be joined by others"
        site.clock.at += timedelta(seconds=90)  # and as long as this test has taken
        core.turn(0, flush=False)
        assert site.states(gate, "delivery") == {"queued": 1}


@pytest.mark.parametrize(
    ("where", "name"),
    [("intake", "intake"), ("collect", "rematch"), ("assemble", "assemble"), ("brake", "brake"), ("close", "close"),
     ("translate", "expire"), ("doubt", "resend_doubtful")],
)  # fmt: skip
def test_a_bug_in_one_step_rests_that_step_and_no_other(site, gate, monkeypatch, caplog, where, name):
    core = core_of(gate)
    with monkeypatch.context() as patch:
        patch.setattr(getattr(module, where), name, lambda *_, **__: 1 / 0)
        site.post(itmatt(2))
        for _ in range(5):
            site.poll(gate)
            core.turn(0, flush=True)
            core.housekeeping()
        assert caplog.messages.count("core.bug") == 1, "once: then the step rests"
    site.clock.at += module.translate.LEASE
    turns(core, site)
    assert len(site.filed()) == 2


def test_what_workers_brought_is_kept_until_the_journal_answers(site, gate, monkeypatch, caplog):
    core = core_of(gate)
    site.post(itmatt(2))
    site.poll(gate)

    def away(*_):
        raise JournalUnavailable

    with monkeypatch.context() as patch:
        patch.setattr(module.translate, "settle", away)
        core.turn(0, flush=False)
        core.turn(0, flush=False)
        assert "core.trouble" in caplog.messages and core.busy
        site.post(itmatt(2, 8, reference="ITM8"), "b.xml")
        site.poll(gate)
        core.turn(0, flush=False)
        assert site.states(gate, "file") == {"received": 2} and site.states(gate, "batch") == {"claimed": 1}
    site.clock.at += module.translate.LEASE / 10
    turns(core, site)
    assert len(site.filed()) == 4 and site.codes(gate) == set()


def test_a_worker_that_dies_on_one_item_costs_that_item(site, gate):
    numbers = itmatt(6).split(b"<item-id>")[1:]
    deadly = numbers[3][:13]
    core = core_of(gate, fate=lambda job: lost(job) if any(deadly in one.data for one in job.jobs) else None)
    site.post(itmatt(6))
    turns(core, site)
    assert len(site.filed()) == 5 and site.codes(gate, "item") == {"INT901"} and site.violations(gate) == []


def test_a_worker_that_dies_on_one_filing_costs_that_filing(site, gate):
    site.post(itmatt(4))
    site.poll(gate)
    while site.work_without_assembly(gate):
        pass
    with gate.journal.write() as conn:
        conn.exec_driver_sql("update filing set state = 'held'")
    for filing in site.ids(gate, "filing"):
        operate.retry(gate, filing, "O:tester")
    deadly = site.ids(gate, "filing", state="waiting")[2]

    def fate(job):
        mine = isinstance(job, WriteJob) and any(one.filing == deadly for one in job.filings)
        return Lost("it died") if mine else None

    turns(core_of(gate, fate=fate), site)
    assert len(site.filed()) == 3 and site.ids(gate, "filing", state="held") == [deadly]
    assert site.codes(gate, "filing") == {"INT901"}


def test_no_worker_can_be_started(site, gate, caplog):
    core = core_of(gate)
    site.post(itmatt(2))
    site.poll(gate)

    def refuse(*_):
        raise OSError(24, "Too many open files")

    submit, core.pool.submit = core.pool.submit, refuse
    core.turn(0, flush=False)
    assert "core.trouble" in caplog.messages and site.states(gate, "batch") == {"due": 1}
    core.pool.submit = submit
    site.clock.at += module.translate.LEASE / 10
    turns(core, site)
    assert len(site.filed()) == 2


def test_a_strict_run_does_not_wait_for_better_times(gate, monkeypatch):
    core = Core(gate, Hands(), lambda: None, Guard(gate.clock, strict=True))
    monkeypatch.setattr(module.intake, "intake", lambda _: 1 / 0)
    with pytest.raises(ZeroDivisionError):
        core.turn(0, flush=True)


def test_a_run_that_is_to_end_does_not_wait_for_what_is_paused_or_for_later(site, gate):
    site.post(itmatt(2))
    site.poll(gate)
    while site.work(gate):
        pass
    assert work_left(gate) == 2
    operate.switch(gate, "connection", "uk-customs.live", "paused", "O:tester")
    assert work_left(gate, paused_lines(gate)) == 0
    with gate.journal.write() as conn:
        conn.execute(update(schema.delivery).values(next_try_at=gate.now() + LONGEST_WAIT))
    assert work_left(gate) == 0


def test_filings_of_a_stopped_route_are_no_work(site, gate):
    operate.switch(gate, "route", "uk-h7", "paused", "O:tester")
    site.post(itmatt(2))
    turns(core_of(gate), site)
    assert site.filed() == {} and work_left(gate) == 2 and work_left(gate, (), paused_routes(gate)) == 0
