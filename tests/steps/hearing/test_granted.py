"""What became of a request that customs never answers: its declaration tells, or a person; nothing waits for ever.

The order in which answers arrive makes no difference.
"""

from datetime import timedelta
from itertools import permutations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gateway.steps.ground.refusal import NotPossible
from gateway.steps.hearing.granted import GRANTED, OVER, REFUSED, Said, answer
from gateway.steps.hearing.settled import settle
from gateway.steps.watching.overview import overview
from tests.steps.answers import mrn_of, response
from tests.steps.declaring.test_requests import WHO, file, filings, request
from tests.steps.declaring.test_versions import one

OUTCOMES = st.sampled_from(
    ["accepted", "changed_by_customs", "cleared", "request_granted", "request_denied", "received"]
)
WORDS = st.builds(
    Said, OUTCOMES, st.booleans(), st.sampled_from(["", "2026-09-15T10:00:00Z"]), st.sampled_from([None, 1, 2]),
    st.booleans(), st.booleans(),
)  # fmt: skip


@given(
    st.lists(WORDS, max_size=4), st.sampled_from(["accepted", "cleared", "rejected"]), st.sampled_from(["", REFUSED])
)
def test_order_makes_no_difference(said, declared, person):
    assert len({answer("amend", declared, order, person) for order in permutations(said)}) == 1


BEFORE = Said("accepted", of_declaration=True, version=1)
RISEN = Said("accepted", of_declaration=True, version=2, since=True)
CLEARED = Said("cleared", of_declaration=True, version=1, since=True)


@pytest.mark.parametrize(
    ("said", "declared", "became"),
    [
        ([BEFORE, RISEN], "accepted", GRANTED),
        ([RISEN], "accepted", ""),  # of which version the request was is not known
        ([BEFORE, Said("accepted", of_declaration=True, version=2)], "accepted", ""),  # it was so before
        ([BEFORE, Said("changed_by_customs", of_declaration=True, since=True)], "changed_by_customs", GRANTED),
        ([BEFORE, CLEARED], "cleared", OVER),
        ([Said("cleared", of_declaration=True, version=1)], "cleared", ""),  # asked after the last word
        ([BEFORE], "cancelled", OVER),
        ([BEFORE, RISEN, Said("request_denied")], "accepted", REFUSED),  # what it says of the request counts first
    ],
)
def test_what_the_declaration_proves_of_a_change(said, declared, became):
    assert answer("amend", declared, said) == became


@pytest.mark.parametrize(
    ("purpose", "declared", "became"),
    [
        ("cancel", "cancelled", GRANTED),
        ("cancel", "rejected", OVER),
        ("cancel", "cleared", ""),  # it may still be cancelled
        ("present", "cleared", OVER),
        ("repay", "cancelled", ""),
    ],
)
def test_what_the_last_word_means_for_other_requests(purpose, declared, became):
    assert answer(purpose, declared, [BEFORE, CLEARED]) == became


@pytest.fixture
def site(site):
    site.change("routes.yaml", "  findings:", "  change: amend\n  findings:")
    return site


def tell(site, code, lrn, hour, version=1):
    said = response(code, lrn, issued=f"20260915{hour}0000Z", notification=f"n{code}{hour}")
    site.say(said.replace("<VersionID>1<", f"<VersionID>{version}<"), f"{code}-{hour}.xml")


def two_changes(site, gate):
    """A declaration, a change that customs has, and one that waits for that."""
    declared = file(site, gate)
    tell(site, "01", declared["lrn"], "07")
    site.run(gate)
    for number in (2, 3):
        site.post(one(f"V{number}", number), f"{number}.xml")
        site.run(gate)
    assert [row["state"] for row in changes(site, gate)] == ["lodged", "waiting"]
    return declared


def changes(site, gate):
    return filings(site, gate, purpose="amend")


@pytest.mark.parametrize("order", list(permutations([("01", "06", 1), ("05", "09", 2), ("05", "10", 2)])))
def test_a_higher_version_proves_that_it_was_changed(site, order):
    """Whatever comes first; what was issued before the change left proves nothing."""
    with site.gate() as gate:
        declared = two_changes(site, gate)
        tell(site, "02", declared["lrn"], "05", version=1)
        site.run(gate)
        assert changes(site, gate)[0]["outcome"] is None
        for code, hour, version in order:
            tell(site, code, declared["lrn"], hour, version)
            site.run(gate)
        first, second = changes(site, gate)
        assert (first["outcome"], first["state"]) == (GRANTED, "settled") and second["state"] == "lodged"
        assert second["outcome"] is None, "one rise of the version is not counted for two"
        assert site.violations(gate) == []


def test_the_last_word_on_the_declaration_ends_what_was_asked(site):
    with site.gate() as gate:
        declared = two_changes(site, gate)
        tell(site, "09", declared["lrn"], "12")
        site.run(gate)
        assert changes(site, gate)[0]["state"] == "settled" and changes(site, gate)[0]["outcome"] == OVER
        assert site.violations(gate) == []


def test_an_answer_that_does_not_come_in_time_is_told_until_a_person_knows(site):
    with site.gate() as gate:
        two_changes(site, gate)
        first, _ = changes(site, gate)
        site.say(response("02", first["lrn"], mrn=mrn_of(filings(site, gate)[0]["lrn"]), notification="r"), "r.xml")
        site.run(gate)
        assert overdue(gate) == 0
        site.clock.at += timedelta(hours=3)
        assert overdue(gate) == 1
        with gate.journal.write() as conn:
            settle(conn, first["lrn"], WHO, granted=False, note="told by telephone")
        assert overdue(gate) == 0
        site.run(gate)
        first, second = changes(site, gate)
        assert (first["outcome"], first["state"], second["state"]) == (REFUSED, "settled", "lodged")
        assert {"RTE145", "RSP740"} <= site.codes(gate, "filing")
        assert [row["who"] for row in site.rows(gate, "audit") if row["action"] == "settle"] == [WHO]
        assert site.violations(gate) == []


def test_what_customs_says_later_counts_more_than_a_person(site):
    with site.gate() as gate:
        declared = two_changes(site, gate)
        first, _ = changes(site, gate)
        with gate.journal.write() as conn:
            settle(conn, first["lrn"], WHO, granted=False)
        granted = "<Status><NameCode>39</NameCode></Status>"
        site.say(response("11", first["lrn"], mrn=mrn_of(declared["lrn"]), error=granted), "g.xml")
        site.run(gate)
        assert changes(site, gate)[0]["outcome"] == GRANTED and site.violations(gate) == []


def test_only_a_request_that_customs_has_is_settled_by_a_person(site):
    with site.gate() as gate:
        declared = two_changes(site, gate)
        first, second = changes(site, gate)
        for text, why in ((declared["lrn"], first["lrn"]), (second["id"], "waiting"), ("NOTHING", "no request")):
            with gate.journal.write() as conn, pytest.raises(NotPossible, match=why):
                settle(conn, text, WHO, granted=True)


def test_a_cancellation_is_granted_when_the_declaration_is_cancelled(site):
    with site.gate() as gate:
        declared = file(site, gate)
        tell(site, "01", declared["lrn"], "07")
        site.run(gate)
        request(gate, declared["id"], "cancel", reason="1", note="sent back")
        site.run(gate)
        tell(site, "10", declared["lrn"], "12")
        site.run(gate)
        (asked,) = filings(site, gate, purpose="cancel")
        assert (asked["outcome"], asked["state"]) == (GRANTED, "settled") and site.violations(gate) == []


def overdue(gate):
    with gate.journal.read() as conn:
        return overview(gate, conn).overdue
