"""Which filing an answer is about, and what is not believed: the LRN alone where something speaks against it."""

from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import update

from gateway.journal.schema import decision
from gateway.steps.hearing import learn
from gateway.steps.hearing.correlate import matches
from tests.steps.answers import mrn_of, response
from tests.steps.test_exchange import itmatt, lrns

MRN = "26GB1AAAAAAAAAAAR1"


def file(site, gate, count=1, reference="ITM1"):
    site.post(itmatt(count, reference=reference), f"{reference}.xml")
    site.run(gate)
    return lrns(site)


def say(site, gate, *said, name="a"):
    for number, one in enumerate(said):
        site.say(one, f"{name}{number}.xml")
    site.run(gate)


def outcomes(site, gate):
    return {row["lrn"]: row["outcome"] for row in site.rows(gate, "filing")}


def unclaimed(site, gate):
    """Decisions that wait for a person, and why."""
    ids = site.ids(gate, "decision", state="unclaimed")
    return sorted(row["code"] for row in site.rows(gate, "finding") if row["subject"] in ids)


def test_an_answer_with_the_mrn_of_another_declaration_is_not_believed(site):
    with site.gate() as gate:
        first, second = file(site, gate, 2)
        say(site, gate, response("01", first, mrn=MRN))
        say(site, gate, response("03", second, mrn=MRN), name="b")
        assert outcomes(site, gate) == {first: "accepted", second: None}
        assert unclaimed(site, gate) == ["RSP741"] and site.violations(gate) == []


def test_nor_when_both_come_in_one_round(site):
    with site.gate() as gate:
        first, second = file(site, gate, 2)
        say(site, gate, response("01", first, mrn=MRN), response("01", second, mrn=MRN))
        assert sorted(map(str, outcomes(site, gate).values())) == ["None", "accepted"]
        assert unclaimed(site, gate) == ["RSP741"] and site.violations(gate) == []
        assert [row["mrn"] for row in site.rows(gate, "filing")].count(MRN) == 1


def test_an_answer_with_another_mrn_than_the_declaration_has_waits_for_a_person(site):
    with site.gate() as gate:
        (lrn,) = file(site, gate)
        say(site, gate, response("01", lrn))
        say(site, gate, response("03", lrn, mrn=MRN), name="b")
        assert outcomes(site, gate) == {lrn: "accepted"} and unclaimed(site, gate) == ["RSP742"]
        assert site.rows(gate, "filing")[0]["mrn"] == mrn_of(lrn)


def test_what_was_said_before_the_declaration_was_out_is_about_another_one(site):
    with site.gate() as gate:
        (lrn,) = file(site, gate)
        say(site, gate, response("03", lrn, mrn="", issued="20260801100000Z"))
        assert outcomes(site, gate) == {lrn: None} and site.states(gate, "decision") == {"parked": 1}


def test_an_mrn_that_agrees_makes_up_for_a_clock_that_is_wrong(site):
    with site.gate() as gate:
        (lrn,) = file(site, gate)
        say(site, gate, response("01", lrn))
        say(site, gate, response("09", lrn, issued="20260801100000Z"), name="b")
        assert site.states(gate, "decision") == {"answered": 1, "noted": 1}


@pytest.mark.parametrize(("days", "outcome"), [(1, "cleared"), (30, "accepted")])
def test_after_its_time_an_lrn_counts_with_its_mrn_only(site, days, outcome):
    site.change("partners/uk-customs.yaml", "in_doubt: resend", "in_doubt: resend, lrn_unique: 2d")
    with site.gate() as gate:
        (lrn,) = file(site, gate)
        say(site, gate, response("01", lrn))
        site.clock.at += timedelta(days=days)
        issued = site.clock.at.strftime("%Y%m%d%H%M%SZ")
        say(site, gate, response("09", lrn, mrn="", issued=issued), name="b")
        assert outcomes(site, gate) == {lrn: outcome}
        say(site, gate, response("09", lrn, issued=issued, notification="again"), name="c")
        assert outcomes(site, gate) == {lrn: "cleared"}


def test_without_a_time_an_lrn_counts_for_ever(site):
    with site.gate() as gate:
        (lrn,) = file(site, gate)
        say(site, gate, response("01", lrn))
        site.clock.at += timedelta(days=300)
        say(site, gate, response("09", lrn, mrn="", issued=site.clock.at.strftime("%Y%m%d%H%M%SZ")), name="b")
        assert outcomes(site, gate) == {lrn: "cleared"}


def test_what_an_older_answer_says_of_the_version_does_not_undo_a_newer_one(site):
    with site.gate() as gate:
        (lrn,) = file(site, gate)
        newer = response("01", lrn, issued="20260915120000Z").replace("<VersionID>1<", "<VersionID>3<")
        say(site, gate, newer)
        say(site, gate, response("02", lrn, issued="20260915130000Z"), name="b")
        assert site.rows(gate, "filing")[0]["version"] == "3"


@given(st.lists(st.integers(0, 12).map(str), min_size=1))
def test_the_newest_version_is_the_highest_number(versions):
    assert max(versions, key=learn._counted) == str(max(map(int, versions)))


def test_an_answer_of_a_time_to_come_is_not_the_newest_for_ever(site):
    with site.gate() as gate:
        (lrn,) = file(site, gate)
        say(site, gate, response("06", lrn, issued="99991231235959Z"))
        (told,) = site.rows(gate, "decision")
        assert told["issued_at"] == (site.clock.at + timedelta(days=1)).strftime("%Y-%m-%dT%H:%M:%SZ")
        assert [row["code"] for row in site.rows(gate, "finding")] == ["RSP732"]
        site.clock.at += timedelta(days=2)
        issued = site.clock.at.strftime("%Y%m%d%H%M%SZ")
        say(site, gate, response("09", lrn, issued=issued), name="b")
        assert outcomes(site, gate) == {lrn: "cleared"} and site.violations(gate) == []


def test_the_last_moment_of_all_years_is_compared_without_end(site):
    site.change("partners/uk-customs.yaml", "in_doubt: resend", "in_doubt: resend, lrn_unique: 2d")
    with site.gate() as gate:
        (lrn,) = file(site, gate)
        say(site, gate, response("01", lrn))
        (mine,) = site.rows(gate, "filing")
        (said,) = site.rows(gate, "decision")
        last = "9999-12-31T23:59:59Z"
        with gate.journal.write() as conn:
            conn.execute(update(decision).values(issued_at=last))
            again = dict(said) | {"id": "again", "issued_at": last, "mrn": "", "lrn": mine["lrn"]}
            assert matches(gate, conn, [again])["again"].filing == mine["id"]
