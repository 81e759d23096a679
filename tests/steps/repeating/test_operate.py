"""What a person may do with what waits, and what nobody may do."""

import pytest

from gateway.journal import schema
from gateway.steps.repeating import operate, rereading
from tests.steps.answers import response
from tests.steps.test_exchange import itmatt, lrns

WHO = "O:tester"


def only(site, gate, table, **values):
    (found,) = site.ids(gate, table, **values)
    return found


def history(site, gate, subject):
    return [(row["action"], row["who"]) for row in site.rows(gate, "audit") if row["subject"] == subject]


def come(site, gate, fault, **facts):
    site.post(itmatt(1, faults={1: fault}, **facts))
    site.run(gate)


def test_a_held_item_is_released_by_name_and_filed_with_what_was_waived(site):
    with site.gate() as gate:
        come(site, gate, "units-zero")
        item = only(site, gate, "item", state="held")
        with pytest.raises(operate.NotPossible, match="not waived: SRC332"):
            operate.release(gate, item, ["SRC341"], WHO)
        assert operate.release(gate, item, ["SRC332"], WHO) == "accepted"
        site.run(gate)
        assert len(site.filed()) == 1 and site.violations(gate) == []
        assert ("release", WHO) in history(site, gate, item)
        with pytest.raises(operate.NotPossible, match="accepted cannot be released"):
            operate.release(gate, item, ["SRC332"], WHO)


def test_what_nobody_may_waive_stays(site):
    with site.gate() as gate:
        site.post(itmatt(1, faults={1: "units-zero"}))
        site.run(gate)
        item = only(site, gate, "item", state="held")
        with gate.journal.write() as conn:
            conn.execute(schema.finding.update().values(code="SRC301"))
        with pytest.raises(operate.NotPossible, match="nobody may waive SRC301"):
            operate.release(gate, item, ["SRC301"], WHO)


def test_a_held_declaration_that_was_written_goes_as_it_is(site):
    with site.gate() as gate:
        come(site, gate, "above-threshold")
        filing = only(site, gate, "filing", state="held")
        assert operate.release(gate, filing, ["TGT555"], WHO) == "written"
        site.run(gate)
        assert len(site.filed()) == 1 and site.violations(gate) == []


def test_a_declaration_that_could_not_be_written_is_not_released_but_retried(site):
    site.change("partners/uk-customs.yaml", "exchange-rates: sample, ", "")
    with site.gate() as gate:
        site.post(itmatt(1))
        site.run(gate)
        filing = only(site, gate, "filing", state="held")
        codes = site.codes(gate, "filing")
        with gate.journal.write() as conn:
            conn.execute(schema.filing.update().values(payload_blob=None, payload_offset=None, payload_length=None))
        with pytest.raises(operate.NotPossible, match="nothing could be written"):
            operate.release(gate, filing, codes, WHO)
        assert operate.retry(gate, filing, WHO) == "waiting", "under today's settings it is held again"
        site.run(gate)
        assert site.states(gate, "filing") == {"withdrawn": 1, "held": 1}
    site.change("partners/uk-customs.yaml", "lrn-prefix", "exchange-rates: sample, lrn-prefix")
    with site.gate() as gate:
        operate.retry(gate, only(site, gate, "filing", state="held"), WHO)
        site.run(gate)
        assert site.states(gate, "filing") == {"withdrawn": 2, "lodged": 1} and site.violations(gate) == []


def test_a_further_attempt_has_an_lrn_of_its_own_that_a_replay_gives_again(site, tmp_path):
    def twice(place):
        with place.gate() as gate:
            place.post(itmatt(1))
            place.poll(gate)
            while place.work_without_assembly(gate):
                pass
            with gate.journal.write() as conn:
                conn.execute(schema.filing.update().values(state="held"))
            operate.retry(gate, only(place, gate, "filing"), WHO)
            place.run(gate)
            assert [row["attempt"] for row in place.rows(gate, "filing") if row["state"] == "lodged"] == [2]
            return lrns(place)

    first = twice(site)
    assert first == twice(type(site)(tmp_path / "again")) and len(first) == 1


def test_a_refused_file_is_read_at_a_persons_word_although_it_repeats_another(site):
    with site.gate() as gate:
        for name in ("a.xml", "b.xml"):
            site.post(itmatt(), name)
            site.run(gate)
        file = only(site, gate, "file", state="refused")
        assert operate.release(gate, file, ["RTE122"], WHO) == "received"
        site.run(gate)
        assert site.states(gate, "file") == {"read": 2} and site.states(gate) == {"accepted": 3, "repeat": 3}
        assert len(site.filed()) == 3 and site.violations(gate) == []


def test_a_refused_file_whose_bytes_were_purged_can_only_be_asked_for_again(site):
    from datetime import timedelta

    from gateway.steps.keeping import purge

    with site.gate() as gate:
        site.post(itmatt(0))
        site.run(gate)
        site.clock.at += timedelta(days=100)
        purge.purge(gate)
        file = only(site, gate, "file", state="refused")
        for act in (lambda: operate.retry(gate, file, WHO), lambda: operate.release(gate, file, ["SRC206"], WHO)):
            with pytest.raises(operate.NotPossible):
                act()
        assert site.states(gate, "file") == {"refused": 1}


def test_a_retry_forgets_why_a_file_was_refused(site):
    with site.gate() as gate:
        site.post(itmatt(0))
        site.run(gate)
        file = only(site, gate, "file")
        operate.retry(gate, file, WHO)
        site.run(gate)
        assert [row["code"] for row in site.rows(gate, "finding")] == ["SRC206"], "once, not twice"


@pytest.mark.parametrize(("act", "state"), [("release", "received"), ("retry", "received"), ("return", "refused")])
def test_a_file_that_could_be_read_only_once_is_taken_or_refused(site, act, state):
    with site.gate() as gate:
        site.post(itmatt(1))
        site.poll(gate)
        file = only(site, gate, "file")
        with gate.journal.write() as conn:
            conn.execute(schema.file.update().values(state="suspect"))
        done = {
            "release": lambda: operate.release(gate, file, [], WHO),
            "retry": lambda: operate.retry(gate, file, WHO),
            "return": lambda: operate.give_back(gate, file, WHO),
        }[act]()
        assert done == state
        site.run(gate)
        assert len(site.filed()) == (1 if state == "received" else 0)


def test_a_returned_item_is_told_and_closed(site):
    with site.gate() as gate:
        come(site, gate, "units-zero")
        item = only(site, gate, "item")
        assert operate.give_back(gate, item, WHO) == "returned"
        site.run(gate)
        assert "SRC332" in site.answers() and site.states(gate) == {"closed": 1}
        with pytest.raises(operate.NotPossible, match="closed cannot be returned"):
            operate.give_back(gate, item, WHO)


def test_an_item_is_retried_from_its_bytes_and_not_without_them(site):
    from datetime import timedelta

    from gateway.steps.keeping import purge

    with site.gate() as gate:
        come(site, gate, "units-zero")
        item = only(site, gate, "item")
        assert operate.retry(gate, item, WHO) == "held"
        site.clock.at += timedelta(days=100)
        purge.purge(gate)
        purge.purge(gate)
        with pytest.raises(operate.NotPossible, match="purged"):
            operate.retry(gate, item, WHO)
        operate.release(gate, item, ["SRC332"], WHO)
        site.run(gate)
        assert len(site.filed()) == 1, "its record is kept longer"


def test_an_item_that_changes_while_it_is_retried_is_left_alone(site, monkeypatch):
    with site.gate() as gate:
        come(site, gate, "units-zero")
        item = only(site, gate, "item")
        read_again = rereading.read_again

        def meanwhile(gate_, row, raw):
            operate.give_back(gate_, item, WHO)
            return read_again(gate_, row, raw)

        monkeypatch.setattr(rereading, "read_again", meanwhile)
        with pytest.raises(operate.NotPossible, match="meanwhile"):
            operate.retry(gate, item, WHO)
        assert site.states(gate) == {"returned": 1} and site.states(gate, "filing") == {}


def test_an_answer_of_customs_that_was_not_understood_is_heard_after_a_retry(site):
    with site.gate() as gate:
        site.post(itmatt(1))
        site.run(gate)
        (lrn,) = lrns(site)
        site.say(response("09", lrn), "1.xml")
        site.poll(gate)
        while site.work_without_assembly(gate):
            pass
        with gate.journal.write() as conn:  # as if its table had not known it
            conn.exec_driver_sql("delete from decision")
            conn.exec_driver_sql("update filing set state = 'lodged', outcome = null, mrn = null")
            conn.exec_driver_sql("update item set state = 'quarantined' where kind = 'decision'")
        answer = only(site, gate, "item", kind="decision")
        assert operate.retry(gate, answer, WHO) == "accepted"
        site.run(gate)
        assert site.states(gate, "filing") == {"settled": 1} and site.violations(gate) == []


@pytest.mark.parametrize("act", ["release", "retry"])
def test_a_delivery_in_doubt_is_settled_by_a_persons_word(site, act):
    with site.gate() as gate:
        site.publish_and_die(gate, itmatt(1))
        (file,) = (site.folder / "customs/in").glob("[!.]*")
        file.unlink()
        site.deliver(gate)
        delivery = only(site, gate, "delivery", state="unconfirmed")
        if act == "release":
            assert operate.release(gate, delivery, [], WHO) == "sent"
            site.run(gate)
            assert site.filed() == {} and site.states(gate, "filing") == {"lodged": 1}
        else:
            assert operate.retry(gate, delivery, WHO) == "queued"
            site.run(gate)
            assert list(site.filed()) == [file.name], "the same name again"
        assert site.violations(gate) == []


def test_an_id_that_is_nothing_is_said_to_be_nothing(site):
    with site.gate() as gate:
        for act in (lambda: operate.release(gate, "X", [], WHO), lambda: operate.retry(gate, "X", WHO)):
            with pytest.raises(operate.NotPossible, match="nothing of this id"):
                act()
