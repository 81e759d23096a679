from pathlib import Path

import pytest

from gateway.journal.schema import METADATA
from gateway.steps.ground.states import EDGES, MACHINES, NEW, WHO, allowed, ends, states

RESTS = {
    "file": ("read",),
    "batch": ("done", "split"),
    "item": ("repeat", "superseded", "cancelled", "closed"),
    "filing": ("withdrawn", "settled"),  # customs may still change a settled one
    "delivery": ("dropped", "acknowledged", "refused"),
    "decision": ("answered", "noted"),
}


def test_every_machine_is_a_table_with_a_state_that_holds_its_names():
    for machine in MACHINES:
        width = METADATA.tables[machine].c.state.type.length
        assert all(len(state) <= width for state in states(machine))


@pytest.mark.parametrize("machine", MACHINES)
def test_every_state_can_be_reached_from_new(machine):
    reached, before = {NEW}, set()
    while reached != before:
        before = set(reached)
        reached |= {to for (one, frm, to) in EDGES if one == machine and frm in before}
    assert reached == set(states(machine))


@pytest.mark.parametrize("machine", MACHINES)
def test_every_state_leads_to_rest(machine):
    leading = set(RESTS[machine])
    for _ in states(machine):
        leading |= {frm for (one, frm, to) in EDGES if one == machine and to in leading}
    assert set(states(machine)) <= leading


@pytest.mark.parametrize("machine", MACHINES)
def test_only_what_is_settled_has_no_way_on(machine):
    assert set(RESTS[machine]) - {"settled"} == set(ends(machine))


def test_everyone_who_walks_an_edge_is_a_step_or_the_operator():
    assert set().union(*(edge.who for edge in EDGES.values())) == set(WHO)
    steps = {path.stem for path in (Path(__file__).parents[3] / "gateway/steps").glob("*/*.py")}
    assert set(WHO.values()) - {"operator"} <= steps


@pytest.mark.parametrize(
    ("machine", "frm", "to", "who"),
    [
        ("item", "held", "accepted", "O"),  # a person releases it
        ("item", "held", "returned", "N"),  # the hold is over
        ("filing", "assembled", "lodged", "C"),  # an answer proves that it arrived
        ("filing", "settled", "lodged", "C"),  # customs changed its mind
        ("delivery", "in_doubt", "queued", "D"),  # the partner's policy says: again
        ("batch", "claimed", "split", "T"),  # two workers died on it
        ("decision", "unclaimed", "matched", "O"),
        ("decision", "parked", "matched", "O"),  # a person need not wait until its time is over
    ],
)
def test_ways_that_the_promise_needs(machine, frm, to, who):
    assert allowed(machine, frm, to, who)


@pytest.mark.parametrize(
    ("machine", "frm", "to", "who"),
    [
        ("item", "held", "accepted", "T"),  # nothing held is released by itself
        ("item", "quarantined", "closed", "O"),
        ("filing", "lodged", "written", "O"),  # what was lodged is never written again
        ("filing", "lodged", "assembled", "A"),
        ("delivery", "sent", "queued", "D"),  # what was sent is never sent again, but by a person's word
        ("delivery", "acknowledged", "queued", "O"),
        ("delivery", "clash", "queued", "D"),  # nothing is overwritten without a person
        ("file", "read", "received", "O"),
        ("batch", "done", "due", "T"),
        ("decision", "answered", "matched", "C"),
    ],
)
def test_ways_that_there_must_not_be(machine, frm, to, who):
    assert not allowed(machine, frm, to, who)


def test_an_unknown_machine_allows_nothing():
    assert not allowed("answer", NEW, "queued", "N")
