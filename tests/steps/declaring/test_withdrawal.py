"""What was filed under a ruleset is taken back as far as that can be done, and nothing of it is lost on the way."""

from contextlib import suppress
from datetime import UTC, datetime, timedelta

import pytest

from gateway.steps.declaring.withdrawal import carry_out, plan
from gateway.steps.ground.refusal import NotPossible
from gateway.steps.hearing.filings import Wanted, declaration, listed, named
from gateway.steps.repeating import operate
from tests.steps.answers import mrn_of, response
from tests.steps.declaring.test_requests import filings, request, say
from tests.steps.killing import Killed
from tests.steps.test_exchange import itmatt, lrns

WHO = "O:tester"
LONG_AGO = datetime(2020, 1, 1, tzinfo=UTC)


def wanted(gate, **facts):
    return Wanted(ruleset=gate.ruleset[:12], since=LONG_AGO, **facts)


def take_back(gate, **facts):
    with gate.journal.read() as conn:
        fates = plan(conn, wanted(gate, **facts))
    return carry_out(gate, fates, WHO, "1", "a table was wrong")


def ways(fates):
    return sorted(one.way for one in fates)


def lodge(site, gate, count=3):
    site.post(itmatt(count), "a.xml")
    site.run(gate)
    return lrns(site)


def test_what_is_not_sent_is_withdrawn_and_its_items_wait_for_a_person(site):
    with site.gate() as gate:
        operate.switch(gate, "route", "uk-h7", "paused", WHO)
        lodge(site, gate)
        assert ways(take_back(gate)) == ["withdrawn"] * 3
        assert site.states(gate) == {"held": 3} and site.codes(gate, "item") == {"RTE141"}
        operate.switch(gate, "route", "uk-h7", "active", WHO)
        site.run(gate)
        assert site.filed() == {} and site.violations(gate) == []
        one, other, _ = site.ids(gate, "item")
        assert operate.release(gate, one, ["RTE141"], WHO) == "accepted"
        assert operate.retry(gate, other, WHO) == "accepted"
        site.run(gate)
        assert len(site.filed()) == 2 and site.violations(gate) == []
        assert {row["attempt"] for row in filings(site, gate, state="lodged")} == {2}


def test_a_file_that_nobody_has_begun_to_send_is_dropped(site):
    with site.gate() as gate:
        site.post(itmatt(2), "a.xml")
        site.poll(gate)
        while site.work(gate):
            pass
        assert site.states(gate, "delivery") == {"queued": 2}
        assert ways(take_back(gate)) == ["withdrawn"] * 2
        site.run(gate)
        assert site.states(gate, "delivery") == {"dropped": 2} and site.filed() == {}
        assert site.violations(gate) == []


def test_what_customs_has_is_cancelled_and_the_last_word_stands(site):
    with site.gate() as gate:
        first, second, third = lodge(site, gate)
        say(site, gate, "01", first, "1")
        say(site, gate, "09", second, "2")
        fates = take_back(gate)
        assert ways(fates) == ["cancellation", "cancellation", "none"]
        assert [one.why for one in fates if one.way == "none"] == ["customs has said its last word: cleared"]
        site.run(gate)
        states = {row["about"]: row["state"] for row in filings(site, gate, purpose="cancel")}
        ids = {row["lrn"]: row["id"] for row in filings(site, gate, purpose="declare")}
        assert states == {ids[first]: "lodged", ids[third]: "waiting"}
        assert site.violations(gate) == []
        again = take_back(gate)
        asked = "this was asked already and is not answered yet"
        why = ["customs has said its last word", asked, asked]
        assert sorted(one.why.partition(":")[0] for one in again) == why and ways(again) == ["none"] * 3
        assert site.violations(gate) == []


def test_what_was_made_before_or_under_another_ruleset_is_left_alone(site):
    with site.gate() as gate:
        lodge(site, gate)
        soon = datetime.now(UTC) + timedelta(hours=1)
        with gate.journal.read() as conn:
            assert plan(conn, Wanted(ruleset=gate.ruleset, since=soon)) == []
            with pytest.raises(NotPossible, match="no ruleset begins so"):
                plan(conn, Wanted(ruleset="ffff" * 8, since=LONG_AGO))
            assert listed(conn, Wanted(route="other")) == []
            assert len(listed(conn, Wanted(route="uk-h7", state="lodged", purpose="declare"))) == 3


def test_killed_between_two_it_is_done_again(site, monkeypatch):
    from gateway.steps.declaring import withdrawal

    with site.gate() as gate:
        operate.switch(gate, "route", "uk-h7", "paused", WHO)
        lodge(site, gate, 4)
        once, done = withdrawal.take_back, []

        def dies(conn, filing, who):
            if len(done) == 2:
                raise Killed
            done.append(filing)
            once(conn, filing, who)

        with monkeypatch.context() as patch, suppress(Killed):
            patch.setattr(withdrawal, "take_back", dies)
            take_back(gate)
        assert site.states(gate, "filing") == {"withdrawn": 2, "written": 2} and site.violations(gate) == []
        assert ways(take_back(gate)) == ["withdrawn"] * 2
        assert site.states(gate, "filing") == {"withdrawn": 4} and site.violations(gate) == []


def test_everything_is_in_the_audit_trail_under_the_persons_name(site):
    with site.gate() as gate:
        operate.switch(gate, "route", "uk-h7", "paused", WHO)
        lodge(site, gate, 1)
        take_back(gate)
        trail = [(row["action"], row["before"], row["after"]) for row in site.rows(gate, "audit") if row["who"] == WHO]
        assert ("withdraw", "written", "withdrawn") in trail and ("withdraw", "accepted", "held") in trail


def test_a_declaration_is_found_by_lrn_or_mrn_with_what_was_asked_about_it(site):
    with site.gate() as gate:
        (lrn,) = lodge(site, gate, 1)
        say(site, gate, "01", lrn, "1")
        (row,) = filings(site, gate)
        request(gate, row["id"], "cancel", reason="1", note="sent back")
        site.run(gate)
        with gate.journal.read() as conn:
            for text in (lrn, lrn.lower(), mrn_of(lrn)):
                assert [one.purpose for one in named(conn, text)] == ["declare", "cancel"]
                assert declaration(conn, text).lrn == lrn
            assert named(conn, "nothing") == []
            with pytest.raises(NotPossible, match="no declaration"):
                declaration(conn, "nothing")


def test_a_corrected_declaration_says_what_it_replaces(site):
    from tests.steps.declaring.test_versions import one

    with site.gate() as gate:
        site.post(one("A", 5), "a.xml")
        site.run(gate)
        (lrn,) = lrns(site)
        site.say(response("03", lrn), "1.xml")
        site.run(gate)
        site.post(one("B", 7), "b.xml")
        site.run(gate)
        with gate.journal.read() as conn:
            newest, oldest = listed(conn, Wanted())
            assert (newest.replaces, newest.attempt, oldest.outcome) == (lrn, 2, "rejected")


def test_of_several_parcels_in_one_declaration_the_one_that_carries_it_is_meant(site):
    from tests.steps.company import groups, mail
    from tests.steps.declaring.test_group import lodge as lodge_together

    groups(site)
    site.post(mail(3))
    with site.gate() as gate:
        lodge_together(site, gate)
        (lrn,) = lrns(site)
        say(site, gate, "01", lrn, "1")
        with gate.journal.read() as conn:
            for text in (lrn, mrn_of(lrn)):
                found = declaration(conn, text)
                assert found.carries and found.lrn == lrn
        fates = take_back(gate)
        assert ways(fates) == ["cancellation", "none", "none"]
        site.run(gate)
        assert len(site.filed()) == 2 and site.violations(gate) == []
