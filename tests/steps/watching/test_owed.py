"""What partners owe: receipts of files, and our own debt to a transport that leaves."""

from datetime import UTC, datetime, timedelta

import pytest

from gateway.steps.repeating import operate
from gateway.steps.watching import owed
from tests.steps.answers import response
from tests.steps.test_exchange import itmatt, lrns

AWAITED = "answer_within: 2h, receipt_within: 30m"


def alarms(site, gate):
    owed.watch(gate)
    return {row["code"]: row["masked"] for row in site.rows(gate, "alert") if row["cleared_at"] is None}


def deliveries(site, gate):
    return {row["kind"]: row["state"] for row in site.rows(gate, "delivery")}


def test_any_answer_about_a_filing_is_the_receipt_of_its_file(site):
    site.change("partners/uk-customs.yaml", "answer_within: 2h", AWAITED)
    site.post(itmatt(2))
    with site.gate() as gate:
        site.run(gate)
        one, other = lrns(site)
        assert alarms(site, gate) == {}
        site.clock.at += timedelta(minutes=31)
        assert '"count":"2"' in alarms(site, gate)["DLV668"]
        site.say(response("02", one), "1.xml")
        site.run(gate)
        assert site.states(gate, "delivery")["acknowledged"] == 1
        assert '"count":"1"' in alarms(site, gate)["DLV668"] and f"{other}.xml" in alarms(site, gate)["DLV668"]
        site.say(response("01", other), "2.xml")
        site.run(gate)
        assert alarms(site, gate) == {} and site.violations(gate) == []


def test_nobody_waits_for_a_receipt_of_answers(site):
    site.change("partners/uk-customs.yaml", "answer_within: 2h", AWAITED)
    site.post(itmatt(1, faults={1: "gross-zero"}))
    with site.gate() as gate:
        site.run(gate)
        site.clock.at += timedelta(days=1)
        assert alarms(site, gate) == {}


def test_an_answer_that_comes_before_our_own_sent_acknowledges_it_all_the_same(site):
    site.post(itmatt(1))
    with site.gate() as gate:
        site.poll(gate)
        site.work(gate)
        site.publish_and_die(gate)
    with site.gate() as gate:
        (lrn,) = lrns(site)
        site.say(response("09", lrn), "1.xml")
        site.run(gate)
        assert site.states(gate, "delivery") == {"acknowledged": 1, "sent": 1}, "the answer to the sender has none"
        assert site.violations(gate) == []


def test_a_resent_file_of_one_is_acknowledged_by_hand_and_by_answer(site):
    site.post(itmatt(1))
    with site.gate() as gate:
        site.run(gate)
        site.say(response("09", lrns(site)[0]), "1.xml")
        site.say(response("09", lrns(site)[0], notification="b" * 32), "2.xml")
        site.run(gate)
        assert deliveries(site, gate)["customs/uk/h7"] == "acknowledged"


@pytest.mark.parametrize("held", [True, False])
def test_what_is_not_out_at_the_cut_off_is_an_alarm_until_it_is(site, held):
    site.clock.at = datetime.now(UTC)
    site.change("partners/uk-customs.yaml", "per_file: 1", "per_file: 1, cut_off: 2h before departure")
    leaves = (site.clock.at + timedelta(hours=1)).strftime("%Y-%m-%dT%H:%M:%SZ")
    data = itmatt(1, day=site.clock.at.date()).replace(
        b"<sender><", f"<transport-date>{leaves}</transport-date><sender><".encode()
    )
    with site.gate() as gate:
        if held:
            operate.switch(gate, "route", "uk-h7", "paused", "O:tester")
        site.post(data)
        site.run(gate)
        assert ("DLV665" in alarms(site, gate)) is held
        operate.switch(gate, "route", "uk-h7", "active", "O:tester")
        site.run(gate)
        assert alarms(site, gate) == {} and len(site.filed()) == 1
        assert site.codes(gate, "filing") == {"DLV667"}
