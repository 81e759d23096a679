"""Done again: everything that can be, nothing that customs has; killed in between, the rest is found again."""

from contextlib import suppress
from datetime import UTC, datetime, timedelta

import pytest

from gateway.steps.ground.refusal import NotPossible
from gateway.steps.repeating import operate, replay, retry
from gateway.steps.repeating.replay import Wanted, carry_out, plan, tried
from gateway.steps.sending import assemble
from tests.steps.answers import response
from tests.steps.killing import Killed
from tests.steps.test_exchange import itmatt, lrns
from tests.steps.wires import cut_short

WHO = "O:tester"
FAULTS = {2: "gross-zero"}


def ways(planned):
    found = {}
    for one in planned:
        found[one.fate.way] = found.get(one.fate.way, 0) + 1
    return found


def again(gate, **wanted):
    return carry_out(gate, plan(gate, Wanted(**wanted)), WHO)


def trail(site, gate, subject):
    return [
        (r["who"], r["action"], r["before"], r["after"]) for r in site.rows(gate, "audit") if r["subject"] == subject
    ]


def stuck(site, gate, items=3, **facts):
    """Written and not assembled."""
    operate.switch(gate, "route", "uk-h7", "paused", WHO)
    site.post(itmatt(items, **facts))
    site.run(gate)


def test_a_file_of_yesterday_is_read_again_and_customs_hears_nothing(site):
    site.post(itmatt(4, faults=FAULTS))
    with site.gate() as gate:
        site.run(gate)
        for number, lrn in enumerate(lrns(site)[:2]):
            site.say(response("09", lrn), f"{number}.xml")
        site.run(gate)
        before, (file, *_) = site.filed(), site.ids(gate, "file")
        planned = plan(gate, Wanted(file=file))
        assert ways(planned) == {"filed": 3, "read": 1}
        assert [one.state for one in tried(gate, planned) if one.state] == ["quarantined"], "reading it would not help"
        assert site.filed() == before and ways(carry_out(gate, planned, WHO)) == {"filed": 3, "read": 1}
        site.run(gate)
        assert site.filed() == before and site.violations(gate) == []
        assert trail(site, gate, "selection") == [(WHO, "replay", None, "3 filed, 1 read")]


def test_a_file_that_may_be_cut_short_is_taken_only_when_it_is_named_itself(site):
    """Who chooses by a line or a code has compared nothing with the sender's copy."""
    site.post(itmatt(2, 1, reference="ITM1"))
    with site.gate() as gate:
        site.poll(gate, fetch=cut_short(site.folder / "post", 100))
        (file,) = site.ids(gate, "file", state="suspect")
        chosen = ({"connection": "example-post.live"}, {"code": "DLV626"}, {"file": file})
        for wanted in chosen:
            (left,) = again(gate, **wanted)
            assert left.fate.way == "suspect" and "compare it with the sender's copy" in left.fate.why
        assert site.states(gate, "file") == {"suspect": 1}
        assert [row["waived_by"] for row in site.rows(gate, "finding")] == [None]
        (taken,) = again(gate, named=(file,))
        assert (taken.fate.way, taken.state) == ("accept", "received")
        assert [row["waived_by"] for row in site.rows(gate, "finding")] == [WHO]


def test_a_declaration_that_leaves_after_we_looked_is_not_taken_back(site, monkeypatch):
    with site.gate() as gate:
        stuck(site, gate, 1)
        (item,) = site.ids(gate, "item")
        read_again = retry._read_again

        def after_it_left(*facts):
            operate.switch(gate, "route", "uk-h7", "active", WHO)
            site.run(gate)
            return read_again(*facts)

        monkeypatch.setattr(retry, "_read_again", after_it_left)
        with pytest.raises(NotPossible, match="being sent"):
            retry.retry(gate, item, WHO)
        assert site.states(gate, "filing") == {"lodged": 1} and len(site.filed()) == 1 and site.violations(gate) == []


def test_other_tables_than_yesterday_change_nothing_that_is_filed(site):
    site.post(itmatt(2))
    with site.gate() as gate:
        site.run(gate)
        before, ruleset, (file,) = site.filed(), gate.ruleset, site.ids(gate, "file")
    site.change("partners/uk-customs.yaml", "change-text: corrected by the sender", "change-text: corrected")
    with site.gate() as gate:
        assert gate.ruleset != ruleset
        assert ways(again(gate, file=file)) == {"filed": 2}
        site.run(gate)
        assert site.filed() == before and len(site.rows(gate, "filing")) == 2


def test_a_plan_and_a_trial_change_nothing(site):
    with site.gate() as gate:
        stuck(site, gate, faults=FAULTS)
        before = [site.rows(gate, name) for name in ("item", "filing", "finding", "audit", "blob")]
        tried(gate, plan(gate, Wanted(since=datetime(2020, 1, 1, tzinfo=UTC))))
        assert [site.rows(gate, name) for name in ("item", "filing", "finding", "audit", "blob")] == before


def test_what_is_written_and_not_sent_is_taken_back_read_again_and_linked_to_what_it_replaces(site):
    with site.gate() as gate:
        stuck(site, gate)
        (file,) = site.ids(gate, "file")
        assert ways(again(gate, file=file)) == {"read": 3}
        assert site.states(gate, "filing") == {"withdrawn": 3, "waiting": 3}
        old = {row["id"] for row in site.rows(gate, "filing") if row["state"] == "withdrawn"}
        new = [row for row in site.rows(gate, "filing") if row["state"] == "waiting"]
        assert {row["replaces"] for row in new} == old and {row["attempt"] for row in new} == {2}
        operate.switch(gate, "route", "uk-h7", "active", WHO)
        site.run(gate)
        assert len(site.filed()) == 3 and site.violations(gate) == []
        assert {row["attempt"] for row in site.rows(gate, "item")} == {2}
        (item, *_) = site.ids(gate, "item")
        assert (WHO, "retry", "held", "accepted") in trail(site, gate, item)


def test_killed_between_taking_back_and_reading_the_item_waits_and_is_found_again(site, monkeypatch):
    with site.gate() as gate:
        stuck(site, gate, 1)

        def dies(*_):
            raise Killed

        monkeypatch.setattr(retry, "retry_item", dies)
        (item,) = site.ids(gate, "item")
        with suppress(Killed):
            retry.retry(gate, item, WHO)
    monkeypatch.undo()
    with site.gate() as gate:
        assert site.states(gate) == {"held": 1} and site.violations(gate) == []
        assert ways(again(gate, code="RTE141")) == {"read": 1}
        operate.switch(gate, "route", "uk-h7", "active", WHO)
        site.run(gate)
        assert len(site.filed()) == 1 and site.violations(gate) == []


@pytest.mark.parametrize("kind", ["interchange", "batch"])
def test_an_envelope_or_a_batch_is_the_items_in_it(site, kind):
    with site.gate() as gate:
        stuck(site, gate)
        (one,) = site.ids(gate, kind)
        assert ways(again(gate, named=(one,))) == {"read": 3}


def test_what_customs_has_is_not_declared_again_by_any_name(site):
    site.post(itmatt(1))
    with site.gate() as gate:
        site.run(gate)
        before = site.filed()
        for kind in ("file", "interchange", "batch", "item", "filing", "delivery"):
            (one,) = site.ids(gate, kind)
            assert ways(again(gate, named=(one,))) == {"filed": 1}, kind
            with pytest.raises(NotPossible, match=r"filed already|never done twice"):
                operate.retry(gate, one, WHO)
        site.run(gate)
        assert site.filed() == before and site.states(gate, "delivery") == {"sent": 1}


def test_a_selection_by_finding_takes_what_has_it(site):
    with site.gate() as gate:
        site.post(itmatt(4, faults=FAULTS))
        site.run(gate)
        (code,) = {row["code"] for row in site.rows(gate, "finding") if row["severity"] == "error"}
        assert ways(plan(gate, Wanted(code=code))) == {"read": 1}
        assert ways(plan(gate, Wanted(code=code, connection="uk-customs.live"))) == {}
        assert ways(plan(gate, Wanted(connection="example-post.live"))) == {"filed": 3, "read": 1}
        later = datetime.now(UTC) + timedelta(hours=1)
        assert plan(gate, Wanted(since=later)) == []


def test_answers_that_a_partner_has_lost_are_sent_again_under_the_same_name(site):
    site.post(itmatt(1, faults={1: "gross-zero"}))
    with site.gate() as gate:
        site.run(gate)
        operate.give_back(gate, site.ids(gate, "item")[0], WHO)
        site.run(gate)
        (name,) = (one.name for one in (site.folder / "post/in").glob("[!.]*"))
        (one,), data = site.ids(gate, "delivery"), site.answers()
        (site.folder / "post/in" / name).unlink()
        assert operate.retry(gate, one, WHO) == "queued"
        site.run(gate)
        assert site.answers() == data and site.states(gate, "delivery") == {"sent": 1}
        assert site.violations(gate) == []


def test_an_answer_names_the_file_it_went_in(site):
    site.post(itmatt(1))
    with site.gate() as gate:
        site.run(gate)
        site.say(response("09", lrns(site)[0]), "1.xml")
        site.run(gate)
        (answer,) = site.ids(gate, "answer")
        with pytest.raises(NotPossible, match="gateway items retry"):
            operate.retry(gate, answer, WHO)
        (decision,) = site.ids(gate, "decision")
        with pytest.raises(NotPossible, match="counts once"):
            operate.retry(gate, decision, WHO)


def test_an_answer_of_customs_looks_for_its_filing_again(site):
    with site.gate() as gate:
        site.say(response("09", "GW1NOBODYKNOWSTHIS0000"), "1.xml")
        site.run(gate)
        (one,) = site.ids(gate, "decision")
        with pytest.raises(NotPossible, match="filings claim"):
            operate.retry(gate, one, WHO)
        assert site.states(gate, "decision") == {"parked": 1}


def test_one_that_cannot_be_done_keeps_no_other_from_it(site):
    with site.gate() as gate:
        stuck(site, gate)
        (file,) = site.ids(gate, "file")
        planned = plan(gate, Wanted(file=file))
        operate.switch(gate, "route", "uk-h7", "active", WHO)
        while assemble.assemble(gate):
            pass
        site.deliver(gate)
        assert ways(carry_out(gate, planned, WHO)) == {"none": 3}, "sent since it was planned"
        assert len(site.filed()) == 3 and site.violations(gate) == []
        assert replay.plan(gate, Wanted(code="SRC999")) == []
