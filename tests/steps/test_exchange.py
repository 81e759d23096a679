"""Nothing lost, nothing filed twice: the whole exchange step by step, on the cases that break naive gateways."""

import re

import pytest

from gateway.demo import corpus
from tests.steps.answers import ERROR, mrn_of, response


def itmatt(items=3, seed=7, *, faults=0.0, **facts):
    return b"".join(corpus.itmatt(items, seed, faults, sender="FRA", **facts))


def lrns(site, place="customs"):
    return sorted(name.removesuffix(".xml") for name in site.filed(place))


def test_three_items_there_and_back(site):
    site.post(itmatt())
    with site.gate() as gate:
        site.run(gate)
        assert site.states(gate) == {"accepted": 3} and len(site.filed()) == 3
        for number, lrn in enumerate(lrns(site)):
            site.say(response("09", lrn), f"{number}.xml")
        site.run(gate)
        assert site.states(gate, "filing") == {"settled": 3}
        assert site.states(gate)["closed"] == 3
        assert site.answers().count("<stage>final</stage>") == 3
        assert site.violations(gate) == []


def test_a_resend_under_a_new_reference_files_nothing_again(site):
    with site.gate() as gate:
        site.post(itmatt(reference="ITM1"), "a.xml")
        site.run(gate)
        before = site.filed()
        site.post(itmatt(reference="ITM2"), "b.xml")
        site.run(gate)
        assert site.states(gate) == {"accepted": 3, "repeat": 3}
        assert site.filed() == before
        assert site.violations(gate) == []


def test_the_same_interchange_is_reported_and_not_processed(site):
    with site.gate() as gate:
        site.post(itmatt(), "a.xml")
        site.run(gate)
        site.post(itmatt() + b"\n", "b.xml")  # other bytes as a file, the same interchange
        site.run(gate)
        assert site.states(gate, "file") == {"read": 1, "refused": 1}
        assert "RTE121" in {row["code"] for row in site.rows(gate, "finding")}
        assert site.violations(gate) == []


def test_the_same_file_again_is_refused_as_a_duplicate(site):
    with site.gate() as gate:
        for name in ("a.xml", "b.xml"):
            site.post(itmatt(), name)
            site.run(gate)
        assert site.states(gate, "file") == {"read": 1, "refused": 1}
        assert "RTE122" in {row["code"] for row in site.rows(gate, "finding")}


def test_a_reference_used_again_for_other_content_waits_for_a_person(site):
    from gateway.steps.repeating import operate

    with site.gate() as gate:
        site.post(itmatt(reference="ITM1"), "a.xml")
        site.run(gate)
        site.post(itmatt(seed=8, reference="ITM1"), "b.xml")
        site.run(gate)
        assert site.states(gate, "file") == {"read": 1, "refused": 1} and len(site.filed()) == 3
        refused = next(row["id"] for row in site.rows(gate, "file") if row["state"] == "refused")
        operate.release(gate, refused, ["RTE123"], "O:tester")
        site.run(gate)
        assert site.states(gate) == {"accepted": 6} and len(site.filed()) == 6
        assert site.violations(gate) == []


def changed(data, old=rb"<gross-weight>0.(\d+)<", new=rb"<gross-weight>9.\1<"):
    return re.sub(old, new, data, count=1)


def test_a_newer_version_supersedes_one_that_was_not_filed(site):
    with site.gate() as gate:
        site.post(itmatt(1, reference="ITM1"), "a.xml")
        site.poll(gate)
        while site.work_without_assembly(gate):
            pass
        assert site.states(gate, "filing") == {"written": 1}
        site.post(changed(itmatt(1, reference="ITM2")), "b.xml")
        site.run(gate)
        assert site.states(gate) == {"superseded": 1, "accepted": 1}
        assert site.states(gate, "filing") == {"withdrawn": 1, "lodged": 1}
        assert len(site.filed()) == 1
        assert site.violations(gate) == []


def test_other_content_of_a_filed_item_is_held_until_a_person_decides(site):
    from gateway.steps.repeating import operate

    with site.gate() as gate:
        site.post(itmatt(1, reference="ITM1"), "a.xml")
        site.run(gate)
        site.post(changed(itmatt(1, reference="ITM2")), "b.xml")
        site.run(gate)
        assert site.states(gate) == {"accepted": 1, "held": 1} and len(site.filed()) == 1
        held = next(row["id"] for row in site.rows(gate, "item") if row["state"] == "held")
        with pytest.raises(operate.NotPossible, match="RTE125"):
            operate.release(gate, held, [], "O:tester")
        operate.release(gate, held, ["RTE125"], "O:tester")
        site.say(response("01", lrns(site)[0]), "1.xml")
        site.run(gate)
        assert len(lrns(site)) == 2, "a change has its own LRN"
        assert site.violations(gate) == []


def test_a_test_flag_lowers_the_environment_and_never_reaches_production(site):
    with site.gate() as gate:
        site.post(itmatt(reference="ITM1", test=True), "a.xml")
        site.run(gate)
        assert site.filed() == {} and len(site.filed("customs-test")) == 3
        assert {row["environment"] for row in site.rows(gate, "item")} == {"test"}
        site.post(itmatt(reference="ITM1"), "b.xml")
        site.run(gate)
        assert len(site.filed()) == 3, "the same items, live, are other dossiers"
        assert not set(site.filed()) & set(site.filed("customs-test"))
        assert site.violations(gate) == []


def test_the_test_line_stays_test_whatever_the_message_says(site):
    with site.gate() as gate:
        site.post(itmatt(), place="post-test")
        site.run(gate)
        assert site.filed() == {} and len(site.filed("customs-test")) == 3


def test_decisions_in_any_order_and_twice_give_one_outcome(site):
    with site.gate() as gate:
        site.post(itmatt(1))
        site.run(gate)
        (lrn,) = lrns(site)
        site.say(response("09", lrn, issued="20260915120000Z"), "1.xml")
        site.say(response("01", lrn, issued="20260915100000Z"), "2.xml")
        site.say(response("09", lrn, issued="20260915120000Z") + "\n", "3.xml")
        site.run(gate)
        (filing,) = site.rows(gate, "filing")
        assert (filing["outcome"], filing["state"], filing["mrn"]) == ("cleared", "settled", mrn_of(filing["lrn"]))
        assert site.states(gate, "decision") == {"answered": 1, "noted": 1}
        assert site.violations(gate) == []


def test_a_decision_before_our_own_sent_proves_the_delivery(site):
    with site.gate() as gate:
        site.publish_and_die(gate, itmatt(1))  # the file is out, our last line about it is not written
        assert site.states(gate, "delivery") == {"publishing": 1}
        (lrn,) = lrns(site)
        (site.folder / "customs/in" / f"{lrn}.xml").unlink()  # customs has taken it
        site.say(response("01", lrn), "1.xml")
        site.poll(gate)
        site.work(gate)
        assert site.states(gate, "filing") == {"lodged": 1}
        site.run(gate)
        assert site.filed() == {}, "it is not sent again"
        assert site.violations(gate) == []


def test_an_answer_nobody_asked_for_is_parked_and_found_later(site):
    with site.gate() as gate:
        site.say(response("01", "GW1UNKNOWN"), "1.xml")
        site.run(gate)
        assert site.states(gate, "decision") == {"parked": 1}
        site.clock.at = site.clock.at.replace(month=10)
        site.work(gate)
        assert site.states(gate, "decision") == {"unclaimed": 1}
        assert site.violations(gate) == []


def test_a_decision_that_comes_before_its_filing_is_known_is_matched_when_it_is(site, tmp_path):
    with site.gate() as gate:
        site.post(itmatt(1))
        site.run(gate)
        (lrn,) = lrns(site)
    other = type(site)(tmp_path / "restored")
    with other.gate() as gate:  # the journal was restored from before the filing: same item, same LRN
        other.say(response("09", lrn), "1.xml")
        other.run(gate)
        assert other.states(gate, "decision") == {"parked": 1}
        other.post(itmatt(1))
        other.run(gate)
        assert lrns(other) == [lrn] and other.states(gate, "decision") == {"answered": 1}
        assert other.rows(gate, "filing")[0]["outcome"] == "cleared"


def test_an_item_refused_before_filing_is_answered_with_code_and_element(site):
    with site.gate() as gate:
        site.post(itmatt(3, faults={2: "gross-zero"}))
        site.run(gate)
        assert site.states(gate) == {"accepted": 2, "quarantined": 1} and len(site.filed()) == 2
        told = site.answers()
        assert "<decision>ERR</decision>" in told and "SRC321" in told and "gross-weight" in told
        assert site.violations(gate) == []


def test_a_pointer_is_resolved_after_the_table_changed_and_raw_was_purged(tmp_path):
    from datetime import timedelta

    from gateway.steps.keeping import purge
    from tests.steps.site import Site

    site = Site(tmp_path, overlay=True)
    with site.gate() as gate:
        site.post(itmatt(2))
        site.run(gate)
        line = next(n for n, text in enumerate(itmatt(2).splitlines(), 1) if b"<description>" in text)
        first = next(row for row in site.rows(gate, "item") if row["seq"] == 1)
        lrn = next(row["lrn"] for row in site.rows(gate, "filing") if row["item"] == first["id"])
        site.clock.at += timedelta(days=100)
        assert purge.purge(gate) > 0
    site.shadow_table("upu/itmatt-1.5.yaml", " description: ", " renamed: ")
    with site.gate() as gate:
        site.say(response("03", lrn, error=ERROR), "1.xml")
        site.run(gate)
        told = site.answers()
        assert "CDS12005" in told and "item/content-piece/description" in told
        from gateway.steps.answering.dossier import dossier

        with gate.journal.read() as conn:
            (lead,) = dossier(gate, conn, first["id"]).filings[0].decisions[0].leads
        assert lead.place.span.line == line and lead.value
