"""Groups in the loop: they wait for their time, not longer, and a parcel that kills its worker costs nobody else."""

from datetime import timedelta

import pytest

from gateway.runner.core import Core
from gateway.runner.pool import Lost
from gateway.steps.working.outcome import GroupJob
from tests.left import work_left
from tests.runner.test_core import turns
from tests.steps.company import groups, mail, parcels
from tests.steps.hands import Hands

WAIT = timedelta(minutes=10)


@pytest.fixture
def gate(site):
    groups(site)
    with site.gate() as gate:
        yield gate


def members(job):
    return [one.filing for group in job.groups for one in group] if isinstance(job, GroupJob) else []


def test_a_run_that_is_to_end_waits_for_no_more_parcels(site, gate):
    site.post(mail(3))
    core = Core(gate, Hands(), lambda: None)
    turns(core, site)
    (text,) = site.filed().values()
    assert len(parcels(text)) == 3 and work_left(gate) == 0


def test_a_daemon_waits_for_as_long_as_the_route_says_and_then_goes_on_by_itself(site, gate):
    site.post(mail(3))
    core = Core(gate, Hands(), lambda: None)

    def some_turns():
        for _ in range(5):
            site.poll(gate)
            core.turn(0, flush=False)

    some_turns()
    assert site.states(gate, "filing") == {"waiting": 3} and work_left(gate) == 3
    site.clock.at += WAIT
    some_turns()
    assert site.states(gate, "filing") == {"assembled": 1, "joined": 2}


def test_nothing_is_given_to_two_workers(site, gate):
    site.change("routes.yaml", "items: 99", "items: 2")
    site.post(mail(8))
    jobs = []
    core = Core(gate, Hands(size=3, fate=lambda job: jobs.append(members(job))), lambda: None)
    turns(core, site)
    given = [one for job in jobs for one in job]
    assert len(given) == len(set(given)) == 8
    assert site.violations(gate) == []


@pytest.mark.parametrize("number", [0, 3, 6])
def test_a_parcel_that_kills_its_worker_is_held_alone(site, gate, number):
    site.post(mail(7))
    fatal = []

    def fate(job):
        if not fatal and members(job):
            fatal.append(sorted(members(job))[number])
        return Lost("it died") if set(fatal) & set(members(job)) else None

    core = Core(gate, Hands(fate=fate), lambda: None)
    turns(core, site)
    assert site.states(gate, "filing") == {"held": 1, "lodged": 6}
    assert site.ids(gate, "filing", state="held") == fatal and "INT901" in site.codes(gate, "filing")
    assert sum(len(parcels(text)) for text in site.filed().values()) == 6
    assert site.violations(gate) == [] and not core._crowd


def test_a_worker_that_dies_once_costs_nothing(site, gate):
    site.post(mail(5))
    deaths = [1]
    core = Core(
        gate,
        Hands(fate=lambda job: Lost("out of memory") if members(job) and deaths and deaths.pop() else None),
        lambda: None,
    )
    turns(core, site)
    assert site.states(gate, "filing") == {"lodged": 5}
    assert site.violations(gate) == []


def test_what_cannot_be_written_down_waits_for_the_next_start(site, gate, monkeypatch):
    from gateway.steps.declaring import groupkeeping

    site.post(mail(3))
    core = Core(gate, Hands(), lambda: None)
    with monkeypatch.context() as patch:
        patch.setattr(groupkeeping, "_join", lambda *_: 1 / 0)
        turns(core, site)
    assert site.states(gate, "filing") == {"waiting": 3} and work_left(gate) == 0
    assert "INT907" in site.codes(gate, "filing")
    turns(core, site)
    assert not site.filed(), "it is tried at the next start, not for ever"


def test_what_is_due_goes_before_what_is_yet_to_be_read(site, gate):
    """Else a long file would hold every declaration back."""
    jobs = []
    core = Core(gate, Hands(size=1, fate=lambda job: jobs.append(type(job).__name__)), lambda: None)
    site.post(mail(3), "a.xml")
    for _ in range(4):
        site.poll(gate)
        core.turn(0, flush=False)
    site.clock.at += WAIT
    jobs.clear()
    site.post(mail(3, seed=8, reference="B"), "b.xml")
    site.poll(gate)
    for _ in range(3):
        core.turn(0, flush=False)
    assert jobs == ["GroupJob", "Bundle"]
