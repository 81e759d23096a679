"""Batches are translated wherever a hand is free; one that comes twice, late or never does no harm."""

import pytest

from gateway.journal.store import CommitUnknown, JournalUnavailable
from gateway.runner.bell import Bell
from gateway.runner.pool import Lost
from gateway.runner.queue import units as module
from gateway.runner.queue.leader import Leading
from gateway.runner.queue.units import Units
from gateway.steps.reading import intake, translate
from gateway.steps.working.translation import perform
from tests.steps.test_exchange import itmatt


class Shop:
    """Translates in this process; `fate` is what happens instead."""

    def __init__(self, fate=None):
        self.fate = fate

    def perform(self, job):
        return self.fate(job) if self.fate else perform(job)


@pytest.fixture
def due(site, gate):
    site.post(itmatt(3))
    site.poll(gate)
    intake.intake(gate)
    return translate.due(gate, 8)


def test_a_unit_is_done_once_however_often_it_comes(site, gates, due):
    said = []
    for gate in gates:
        units = Units(gate, Shop(), lambda: said.append(1))
        for group in due:
            units.translate(group)
            units.translate(group)
    assert site.states(gates[0], "item") == {"accepted": 3} and len(said) == len(due)
    assert site.violations(gates[0]) == []


def test_one_that_was_taken_over_meanwhile_is_not_written(site, gates, due):
    here, there = gates

    def late(job):
        with there.journal.write() as conn:
            conn.exec_driver_sql("update batch set state = 'due', owner = null")
        Units(there, Shop(), lambda: None).translate(due[0])
        return perform(job)

    Units(here, Shop(late), lambda: None).translate(due[0])
    assert site.states(here, "item") == {"accepted": 3} and site.violations(here) == []


def test_a_worker_that_dies_leaves_the_batch_due(site, gate, due):
    Units(gate, Shop(lambda _: Lost("it died")), lambda: None).translate(due[0])
    assert site.states(gate, "batch") == {"due": 1}


def test_what_was_brought_is_offered_until_the_journal_answers(site, gate, due, monkeypatch):
    monkeypatch.setattr(module, "PAUSE", 0.01)
    left = [JournalUnavailable(), JournalUnavailable()]
    finish = module.finish

    def away(*given):
        if left:
            raise left.pop()
        finish(*given)

    monkeypatch.setattr(module, "finish", away)
    Units(gate, Shop(), lambda: None).translate(due[0])
    assert site.states(gate, "item") == {"accepted": 3} and left == []


@pytest.mark.parametrize("away", [0, 2])
def test_a_claim_whose_commit_got_no_answer_is_looked_up_and_done(site, gate, due, monkeypatch, away):
    """It was made: nobody would take these batches for half an hour. The journal answers at once, or later."""
    monkeypatch.setattr(module, "PAUSE", 0.01)
    claim, recall, left = translate._claim, module.recall, [JournalUnavailable() for _ in range(away)]

    def unknown(*given):
        claim(*given)
        raise CommitUnknown

    def again(*given):
        if left:
            raise left.pop()
        return recall(*given)

    units = Units(gate, Shop(), lambda: None)
    monkeypatch.setattr(module, "recall", again)
    with monkeypatch.context() as patch:
        patch.setattr(translate, "_claim", unknown)
        with pytest.raises(CommitUnknown):
            units.translate(due[0])
    assert site.states(gate, "batch") == {"due": 1}
    units.translate(due[0])
    assert site.states(gate, "item") == {"accepted": 3} and site.violations(gate) == []


def test_what_another_thread_of_this_host_has_in_hand_is_neither_taken_nor_given_back(site, gate, due):
    def meanwhile(job):
        units.translate(due[0])
        assert translate.recall(gate, units._in_hand) == 0 and site.states(gate, "batch") == {"claimed": 1}
        return perform(job)

    units = Units(gate, Shop(meanwhile), lambda: None)
    units.translate(due[0])
    assert site.states(gate, "item") == {"accepted": 3} and units._in_hand == set()


def test_claims_of_a_host_that_is_gone_are_due_again_and_those_of_others_stand(site, gates, duties, post, due):
    here, there = gates
    ((taken, _),) = translate.take_these(there, due)
    assert site.states(here, "batch") == {"claimed": 1} and taken
    core = Leading(here, Bell(), duties[0], post)
    core._rescue()
    assert site.states(here, "batch") == {"claimed": 1}
    duties[1].close()
    core._rescue()
    assert site.states(here, "batch") == {"due": 1}
    core.pool.close()
