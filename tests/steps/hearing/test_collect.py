"""What customs answers finds its filing: by LRN, else MRN, among those made with the authority that answers."""

from datetime import UTC, timedelta
from zoneinfo import ZoneInfo

import pytest
from sqlalchemy import select

from gateway.journal import schema
from gateway.model import Moment
from gateway.steps.hearing import collect, filings
from gateway.steps.hearing.fold import fold
from gateway.steps.hearing.words import Word
from gateway.steps.repeating import operate
from gateway.steps.sending import deliver, doubt
from tests.steps.answers import mrn_of, response
from tests.steps.test_exchange import itmatt, lrns

OTHER = """\
partner: other-customs
party: {name: Other Customs, role: customs, country: GB}
timezone: Europe/London
connections:
  live: {environment: production, directory: PLACE/other, every: 1s}
sends:
  customs/uk/response: {from: out/*.xml, complete: rename, after: delete}
"""


def decisions(site, gate):
    return [(row["state"], row["authority"]) for row in site.rows(gate, "decision")]


def file_one(site, gate):
    site.post(itmatt(1))
    site.run(gate)
    return lrns(site)[0]


def test_an_authority_cannot_decide_on_what_was_filed_with_another(site):
    site.partner("other-customs", OTHER)
    with site.gate() as gate:
        lrn = file_one(site, gate)
        site.say(response("03", lrn), "1.xml", "other")
        site.run(gate)
        assert decisions(site, gate) == [("parked", "other-customs")]
        assert site.rows(gate, "filing")[0]["outcome"] is None
        site.say(response("09", lrn), "1.xml")
        site.run(gate)
        assert sorted(decisions(site, gate)) == [("answered", "uk-customs"), ("parked", "other-customs")]
        assert site.rows(gate, "filing")[0]["outcome"] == "cleared"


def test_a_test_system_cannot_decide_on_a_live_filing(site):
    with site.gate() as gate:
        lrn = file_one(site, gate)
        site.say(response("03", lrn), "1.xml", "customs-test")
        site.run(gate)
        assert decisions(site, gate) == [("parked", "uk-customs")]
        assert site.rows(gate, "filing")[0]["outcome"] is None


def test_an_answer_without_our_reference_is_matched_by_the_mrn_that_was_learned(site):
    with site.gate() as gate:
        lrn = file_one(site, gate)
        site.say(response("09", "", notification="first", mrn=mrn_of(lrn)), "0.xml")
        site.run(gate)
        assert site.states(gate, "decision") == {"parked": 1}
        site.say(response("01", lrn, issued="20260915090000Z"), "1.xml")
        site.run(gate)
        assert site.states(gate, "decision") == {"answered": 1, "noted": 1}
        assert site.rows(gate, "filing")[0]["outcome"] == "cleared"


def test_many_that_can_never_match_do_not_keep_others_from_it(site, monkeypatch):
    monkeypatch.setattr(collect, "ROUND", 2)
    site.partner("other-customs", OTHER)
    with site.gate() as gate:
        lrn = file_one(site, gate)
        for number in range(5):
            site.say(response("03", lrn, notification=f"n{number}"), f"{number}.xml", "other")
        site.run(gate)
        site.say(response("09", "", notification="late", mrn=mrn_of(lrn)), "9.xml")
        site.run(gate)
        site.say(response("01", lrn), "1.xml")
        site.run(gate)
        assert site.states(gate, "decision") == {"parked": 5, "answered": 1, "noted": 1}


def test_a_notification_used_again_for_another_answer_waits_for_a_person(site):
    with site.gate() as gate:
        lrn = file_one(site, gate)
        site.say(response("01", lrn, notification="same"), "1.xml")
        site.run(gate)
        site.say(response("09", lrn, notification="same", issued="20260915120000Z"), "2.xml")
        site.run(gate)
        assert site.rows(gate, "filing")[0]["outcome"] == "accepted"
        (held,) = site.ids(gate, "item", state="held")
        assert site.codes(gate, "item") == {"RSP701"}
        with pytest.raises(operate.NotPossible, match="RSP701"):
            operate.release(gate, held, [], "O:tester")
        operate.release(gate, held, ["RSP701"], "O:tester")
        site.run(gate)
        assert site.rows(gate, "filing")[0]["outcome"] == "cleared" and site.violations(gate) == []


def test_an_answer_proves_a_delivery_that_would_be_sent_again(site):
    with site.gate() as gate:
        site.publish_and_die(gate, itmatt(1))
        (lrn,) = lrns(site)
        (site.folder / "customs/in" / f"{lrn}.xml").unlink()
        site.deliver(gate)
        site.clock.at += deliver.LEASE + 3 * doubt.PATIENCE
        assert doubt.resend_doubtful(gate) == 1 and site.states(gate, "delivery") == {"queued": 1}
        site.say(response("01", lrn), "1.xml")
        site.poll(gate)
        site.work(gate)
        assert site.states(gate, "delivery") == {"acknowledged": 1}
        site.run(gate)
        assert site.filed() == {} and site.violations(gate) == []


def test_an_answer_that_came_while_the_evidence_was_open_settles_it(site):
    with site.gate() as gate:
        site.publish_and_die(gate, itmatt(1))
        (lrn,) = lrns(site)
        (site.folder / "customs/in" / f"{lrn}.xml").unlink()
        site.say(response("01", lrn), "1.xml")
        site.poll(gate)
        site.work(gate)
        site.deliver(gate)
        assert site.states(gate, "delivery") == {"acknowledged": 1}
        site.clock.at += deliver.LEASE + 3 * doubt.PATIENCE
        assert doubt.resend_doubtful(gate) == 0
        site.run(gate)
        assert site.filed() == {} and site.violations(gate) == []


def test_what_was_decided_before_it_was_sent_is_settled_when_it_is(site, tmp_path):
    with site.gate() as gate:
        lrn = file_one(site, gate)
    restored = type(site)(tmp_path / "restored")
    with restored.gate() as gate:
        restored.say(response("09", lrn), "1.xml")
        restored.run(gate)
        restored.post(itmatt(1))
        restored.run(gate)
        assert restored.states(gate, "filing") == {"settled": 1} and restored.states(gate)["closed"] == 1


@pytest.mark.parametrize(("waited", "state"), [(timedelta(), "parked"), (collect.PARKED * 2, "unclaimed")])
def test_a_person_says_what_an_answer_is_about_that_leads_nowhere(waited, state, site):
    with site.gate() as gate:
        lrn = file_one(site, gate)
        site.say(response("09", "GW1UNKNOWN", mrn="26GB0000000000000R"), "1.xml")
        site.run(gate)
        site.clock.at += waited
        site.work(gate)
        (decision,) = site.ids(gate, "decision", state=state)
        with gate.journal.read() as conn:
            assert [(one["id"], one["state"]) for one in filings.unclaimed(conn)] == [(decision, state)]
        with gate.journal.write() as conn:
            filing = conn.scalar(select(schema.filing.c.id).where(schema.filing.c.lrn == lrn))
            assert collect.assign(gate, conn, decision, filing, "O:tester")
            assert not collect.assign(gate, conn, decision, filing, "O:tester")
        site.run(gate)
        assert site.rows(gate, "filing")[0]["outcome"] == "cleared" and site.violations(gate) == []


@pytest.mark.parametrize(
    ("said", "instead", "state"),
    [
        ("20260915100000Z", "00010101000000Z", "parked"),  # before the declaration was sent
        ("20260915100000Z", "99991231235959Z", "answered"),
        ("<VersionID>1<", f"<VersionID>{'9' * 5000}<", "answered"),
        ("<VersionID>1<", "<VersionID>-1<", "answered"),
    ],
    ids=["the first year", "the last year", "a version of 5000 digits", "a version below nothing"],
)
def test_a_date_or_version_that_cannot_be_costs_no_answer(site, said, instead, state):
    with site.gate() as gate:
        lrn = file_one(site, gate)
        site.say(response("09", lrn).replace(said, instead), "1.xml")
        site.run(gate)
        assert decisions(site, gate) == [(state, "uk-customs")]
        site.say(response("09", lrn, notification="2" * 32), "2.xml")
        site.run(gate)
        assert site.rows(gate, "filing")[0]["outcome"] == "cleared"
        assert "INT901" not in site.codes(gate) and site.violations(gate) == []


def test_moments_beyond_all_years_and_odd_versions_break_nothing():
    assert collect.utc_text(Moment(iso="0001-01-01T00:00:00+09:00"), UTC) == ""
    assert collect.utc_text(Moment(iso="0987-01-01T00:00:00Z"), UTC) == "0987-01-01T00:00:00Z"
    assert collect.utc_text(Moment(iso="2026-09-13T17:40:00.5+02:00"), UTC) == "2026-09-13T15:40:00Z"


def test_a_time_without_a_zone_is_one_of_the_authority():
    moment = Moment(iso="2026-09-13T17:40:00")
    assert collect.utc_text(moment, ZoneInfo("Europe/London")) == "2026-09-13T16:40:00Z"
    assert fold([Word("accepted", "²", "2026-01-01"), Word("cleared", "1", "2026-01-01")]).outcome == "cleared"
