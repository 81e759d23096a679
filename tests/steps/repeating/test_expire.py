"""What waits too long goes back to its sender, who is told why; without an agreement it waits for ever."""

from datetime import timedelta

import pytest

from gateway.journal.ids import timestamp
from gateway.steps.answering.close import close
from gateway.steps.repeating.expire import expire
from tests.steps.test_exchange import itmatt

POST = "partners/example-post.yaml"


@pytest.fixture
def patient(site):
    site.change(POST, "sends:", "holds: {expire: 14d}\nsends:")
    return site


def later(site, gate, days):
    """So long after the newest item: ids take the machine's time, steps that of the test."""
    site.clock.at = max(timestamp(row["id"]) for row in site.rows(gate, "item")) + timedelta(days=days)


def come(site, gate, fault):
    site.post(itmatt(1, faults={1: fault}))
    site.run(gate)


def test_a_held_item_goes_back_when_its_time_is_over(patient):
    with patient.gate() as gate:
        come(patient, gate, "units-zero")
        later(patient, gate, 13)
        assert expire(gate) == 0 and patient.states(gate) == {"held": 1}
        later(patient, gate, 15)
        assert expire(gate) == 1 and patient.states(gate) == {"returned": 1}
        patient.run(gate)
        assert "SRC332" in patient.answers() and patient.states(gate) == {"closed": 1}
        assert ("expire", "N") in {(row["action"], row["who"]) for row in patient.rows(gate, "audit")}
        assert expire(gate) == 0 and patient.violations(gate) == []


def test_an_item_that_its_sender_was_told_of_is_not_told_again(patient):
    with patient.gate() as gate:
        come(patient, gate, "check-digit")
        assert patient.states(gate) == {"quarantined": 1} and len(patient.rows(gate, "answer")) == 1
        later(patient, gate, 15)
        assert expire(gate) == 1
        patient.run(gate)
        assert patient.states(gate) == {"closed": 1} and len(patient.rows(gate, "answer")) == 1
        assert patient.violations(gate) == []


def test_a_declaration_that_is_held_goes_back_with_its_item(patient):
    with patient.gate() as gate:
        come(patient, gate, "above-threshold")
        assert patient.states(gate, "filing") == {"held": 1}
        later(patient, gate, 15)
        assert expire(gate) == 1
        patient.run(gate)
        assert patient.states(gate, "filing") == {"withdrawn": 1} and patient.states(gate) == {"closed": 1}
        assert "TGT555" in patient.answers() and patient.violations(gate) == []


def test_without_an_agreement_it_waits_for_ever(site):
    with site.gate() as gate:
        come(site, gate, "units-zero")
        later(site, gate, 4000)
        assert expire(gate) == 0 and close(gate) == 0 and site.states(gate) == {"held": 1}


def test_what_is_on_its_way_does_not_expire(patient):
    with patient.gate() as gate:
        patient.post(itmatt(2))
        patient.run(gate)
        later(patient, gate, 400)
        assert expire(gate) == 0 and patient.states(gate, "filing") == {"lodged": 2}
