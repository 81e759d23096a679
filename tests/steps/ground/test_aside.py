"""What meets an error of ours, or cannot be done at all, is set aside alone: the others go on, and it shows."""

import pytest
from sqlalchemy import delete

from gateway.demo.tally import count
from gateway.findings.errors import MappingInvalid
from gateway.journal import schema
from gateway.journal.store import JournalUnavailable
from gateway.steps.answering import replies
from gateway.steps.declaring import compose
from gateway.steps.reading import intake, settle, survey, translate
from gateway.steps.repeating import operate
from gateway.steps.sending import queueing, render
from gateway.steps.watching.overview import overview
from gateway.steps.working.translation import perform
from tests.steps.answers import response
from tests.steps.test_exchange import itmatt, lrns


def waits(gate):
    with gate.journal.read() as conn:
        return {one.what: one.count for one in overview(gate, conn).waiting}


def breaks(monkeypatch, module, name, when):
    """Make a function raise a bug where `when` holds for its arguments."""
    whole = getattr(module, name)

    def broken(*given, **named):
        if when(*given, **named):
            raise ZeroDivisionError
        return whole(*given, **named)

    monkeypatch.setattr(module, name, broken)


def test_a_file_that_cannot_be_surveyed_is_refused_and_the_others_are_read(site, monkeypatch):
    with site.gate() as gate:
        for number in range(3):
            site.post(itmatt(1, number, reference=f"ITM{number}"), f"{number}.xml")
        site.poll(gate)
        broken = site.ids(gate, "file", name=b"1.xml")[0]
        breaks(monkeypatch, survey, "survey", lambda _gate, _stream, file: file["id"] == broken)
        site.run(gate)
        assert site.states(gate, "file") == {"read": 2, "refused": 1}
        assert site.codes(gate, "file") == {"INT907"} and waits(gate)["files refused"] == 1
        monkeypatch.undo()
        operate.retry(gate, broken, "O:tester")
        site.run(gate)
        assert site.states(gate, "file") == {"read": 3} and len(site.filed()) == 3
        assert site.codes(gate, "file") == set()


def test_a_file_that_breaks_the_transaction_of_its_round_is_refused_alone(site, monkeypatch):
    with site.gate() as gate:
        for number in range(5):
            site.post(itmatt(1, number, reference=f"ITM{number}"), f"{number}.xml")
        site.poll(gate)
        breaks(monkeypatch, intake, "open_file", lambda _gate, _conn, file, _seen: file["name"] == b"3.xml")
        site.run(gate)
        assert site.states(gate, "file") == {"read": 4, "refused": 1} and len(site.filed()) == 4
        assert site.violations(gate) == []


def test_trouble_of_the_machine_blames_no_file(site, monkeypatch):
    with site.gate() as gate:
        site.post(itmatt(1))
        site.poll(gate)

        def full(*_):
            raise OSError(28, "No space left on device")

        with monkeypatch.context() as patch:
            patch.setattr(survey, "survey", full)
            with pytest.raises(OSError, match="No space"):
                intake.intake(gate)
        assert site.states(gate, "file") == {"received": 1}
        site.run(gate)
        assert len(site.filed()) == 1


def test_outcomes_that_cannot_be_written_down_lead_to_their_item(site, monkeypatch):
    with site.gate() as gate:
        site.post(itmatt(6))
        site.poll(gate)
        guilty = itmatt(6).split(b"<item-id>")[4][:13].decode()
        breaks(monkeypatch, settle._Settling, "_take", lambda _self, outcome, *_: outcome.item_id == guilty)
        site.run(gate)
        assert site.states(gate) == {"accepted": 5, "quarantined": 1} and len(site.filed()) == 5
        (bad,) = (row for row in site.rows(gate, "item") if row["state"] == "quarantined")
        assert bad["item_id"] == guilty and "INT901" in site.codes(gate, "item")
        assert "INT901" in site.answers(), "its sender is told"
        assert site.violations(gate) == []


def test_a_late_worker_writes_nothing_and_disturbs_nobody(site):
    with site.gate() as gate:
        site.post(itmatt(2))
        site.poll(gate)
        intake.intake(gate)
        ((late, job),) = translate.take(gate, 1)
        site.clock.at += translate.LEASE * 2
        assert translate.expire(gate) == 1 and translate.expire(gate) == 0
        ((taken, _),) = translate.take(gate, 1)
        translate.finish(gate, late, perform(job))
        assert site.states(gate) == {} and site.states(gate, "batch") == {"claimed": 1}, "the second claim stands"
        translate.lose(gate, late[0], "late")
        assert site.states(gate, "batch") == {"claimed": 1}
        translate.finish(gate, taken, perform(job))
        site.run(gate)
        assert site.states(gate) == {"accepted": 2} and site.violations(gate) == []


def test_a_batch_whose_bytes_are_lost_is_set_aside_until_they_are_back(site):
    with site.gate() as gate:
        site.post(itmatt(2), "a.xml")
        site.poll(gate)
        intake.intake(gate)
        site.post(itmatt(2, 8, reference="ITM8"), "b.xml")
        site.poll(gate)
        (raw,) = (site.folder / "state").rglob(f"{site.ids(gate, 'file', name=b'a.xml')[0]}.raw")
        raw.rename(raw.with_suffix(".away"))
        site.run(gate)
        assert site.states(gate, "batch") == {"due": 1, "done": 1} and len(site.filed()) == 2
        assert waits(gate) == {"batch: set aside": 1} and not site.work(gate), "and it is not tried for ever"
        raw.with_suffix(".away").rename(raw)
    with site.gate() as gate:
        site.run(gate)
        assert len(site.filed()) == 4 and waits(gate) == {} and site.violations(gate) == []


def test_an_answer_that_breaks_costs_no_other_and_is_tried_at_the_next_start(site, monkeypatch):
    with site.gate() as gate:
        site.post(itmatt(3))
        site.run(gate)
        for number, lrn in enumerate(lrns(site)):
            site.say(response("09", lrn), f"{number}.xml")
        broken = site.ids(gate, "filing", lrn=lrns(site)[1])[0]
        with monkeypatch.context() as patch:
            breaks(patch, replies.Replies, "_causes", lambda _self, _conn, filing, _said: filing == broken)
            site.run(gate)
        assert site.states(gate, "decision") == {"answered": 2, "matched": 1}
        assert waits(gate) == {"decision: set aside": 1} and not site.work(gate)
    with site.gate() as gate:
        site.run(gate)
        assert site.states(gate, "decision") == {"answered": 3} and waits(gate) == {}


def test_an_answer_that_cannot_be_written_shows_and_is_taken_up_by_a_person(site, monkeypatch):
    from gateway.findings import Finding
    from gateway.mapping.format import Format, Written

    with site.gate() as gate:
        site.post(itmatt(2, faults={2: "gross-zero"}))
        site.run(gate)
        site.say(response("09", *lrns(site)), "1.xml")
        with monkeypatch.context() as patch:
            write = Format.write
            patch.setattr(
                Format, "write", lambda self, record: Written(None, (Finding("TGT501", values={"element": "x"}),))
                if self.plan.name == "upu/cusrsp-1" else write(self, record),
            )  # fmt: skip
            site.run(gate)
        assert site.codes(gate, "decision") == {"RSP702"}
        assert waits(gate)["decision: answer cannot be written"] == 1 and not site.work(gate)
        (item,) = site.ids(gate, "item", state="accepted", kind="consignment")
        assert operate.retry(gate, item, "O:tester") == "accepted"
        site.run(gate)
        assert site.states(gate, "decision") == {"answered": 1}


def test_a_refused_item_whose_answer_cannot_be_written_shows(site, monkeypatch):
    from gateway.mapping.format import Format, Written

    with site.gate() as gate:
        site.post(itmatt(1, faults={1: "gross-zero"}))
        with monkeypatch.context() as patch:
            patch.setattr(Format, "write", lambda *_: Written(None))
            site.run(gate)
        assert "item: answer cannot be written" in waits(gate) and not site.work(gate)
    with site.gate() as gate:
        site.run(gate)
        assert site.answers().count("<item-id>") == 1


def test_where_nobody_is_told_a_finding_says_so_and_the_item_is_done_with(site):
    site.change("routes.yaml", "on: [refused, rejected, held, released]", "on: [rejected]")
    with site.gate() as gate:
        site.post(itmatt(1, faults={1: "gross-zero"}))
        site.run(gate)
        assert "RSP703" in site.codes(gate, "item") and site.answers() == ""
        operate.give_back(gate, *site.ids(gate, "item"), "O:tester")
        site.run(gate)
        assert site.states(gate) == {"closed": 1}


def test_a_filing_that_cannot_be_assembled_costs_no_other(site, monkeypatch):
    with site.gate() as gate:
        site.post(itmatt(5))
        site.poll(gate)
        while site.work_without_assembly(gate):
            pass
        poison = sorted(row["lrn"] for row in site.rows(gate, "filing"))[2]
        with monkeypatch.context() as patch:
            breaks(patch, queueing, "delivery_row", lambda *given, **_: poison in given)
            site.run(gate)
        assert len(site.filed()) == 4 and waits(gate) == {"filing: set aside": 1}
        assert site.violations(gate) == []
    with site.gate() as gate:
        site.run(gate)
        assert poison in lrns(site) and len(lrns(site)) == 5


def test_a_draft_that_cannot_be_rendered_costs_no_other(site, monkeypatch):
    with site.gate() as gate:
        site.post(itmatt(1, faults={1: "gross-zero"}), "a.xml")
        with monkeypatch.context() as patch:
            breaks(patch, render, "_render", lambda *_: True)
            site.run(gate)
        assert site.states(gate, "delivery") == {"drafting": 1} and waits(gate)["delivery: set aside"] == 1
        site.post(itmatt(1, 8, faults={1: "gross-zero"}, reference="ITM8"), "b.xml")
        site.run(gate)
        assert site.states(gate, "delivery") == {"drafting": 1, "sent": 1}
    with site.gate() as gate:
        site.run(gate)
        assert site.states(gate, "delivery") == {"sent": 2}
        numbers = sorted(row["control_reference"] for row in site.rows(gate, "delivery"))
        assert numbers == ["GW100000000001", "GW100000000002"], "the same number, no gap"


def test_a_target_table_that_cannot_be_used_holds_its_filings_only(site, monkeypatch):
    from gateway.mapping.registry import Registry

    with site.gate() as gate:
        site.post(itmatt(3))
        format_ = Registry.format

        def unusable(self, name, on):
            if name == "customs/uk/h7":
                raise MappingInvalid
            return format_(self, name, on)

        with monkeypatch.context() as patch:
            patch.setattr(Registry, "format", unusable)
            translate_only(site, gate)
        assert site.states(gate) == {"accepted": 3} and site.states(gate, "filing") == {"held": 3}
        assert site.codes(gate, "filing") == {"INT902"} and waits(gate) == {"filings held": 3}
        for filing in site.ids(gate, "filing"):
            operate.retry(gate, filing, "O:tester")
        site.run(gate)
        assert len(site.filed()) == 3 and site.violations(gate) == []


def translate_only(site, gate):
    from gateway.steps.working import translation

    translation._translator.cache_clear()
    site.poll(gate)
    while site.work_without_assembly(gate):
        pass
    translation._translator.cache_clear()


def test_one_filing_that_cannot_be_put_down_is_held_alone(site, monkeypatch):
    with site.gate() as gate:
        waiting(site, gate, 3)
        poison = site.ids(gate, "filing", state="waiting")[1]
        breaks(
            monkeypatch,
            compose.moves,
            "move",
            lambda _conn, _machine, ids, *more, **_: [poison] == ids and "write" in more and "held" not in more,
        )
        site.run(gate)
        assert site.states(gate, "filing")["held"] == 1 and len(site.filed()) == 2


def waiting(site, gate, count):
    """Filings that compose must write: of items that a person releases."""
    site.post(itmatt(count))
    site.poll(gate)
    while site.work_without_assembly(gate):
        pass
    for filing in site.ids(gate, "filing"):
        with gate.journal.write() as conn:
            conn.execute(schema.filing.update().where(schema.filing.c.id == filing).values(state="held"))
        operate.retry(gate, filing, "O:tester")
    with gate.journal.write() as conn:
        conn.execute(delete(schema.finding).where(schema.finding.c.subject_kind == "filing"))


def test_the_journal_out_of_reach_is_trouble_and_sets_nothing_aside(site, monkeypatch):
    def away(*_):
        raise JournalUnavailable

    with site.gate() as gate:
        site.post(itmatt(1))
        site.poll(gate)
        intake.intake(gate)
        ((taken, job),) = translate.take(gate, 1)
        done = perform(job)
        with monkeypatch.context() as patch:
            patch.setattr(translate, "settle", away)
            with pytest.raises(JournalUnavailable):
                translate.finish(gate, taken, done)
        assert site.codes(gate) == set()
        translate.finish(gate, taken, done)
        assert site.states(gate) == {"accepted": 1}


@pytest.mark.parametrize("items", [1, 2])
def test_answers_of_customs_that_kill_their_worker_are_no_parcels(site, items):
    """They wait for a person as what they are, nobody is told of them as of a parcel, and a retry hears them."""
    with site.gate() as gate:
        site.post(itmatt(items))
        site.run(gate)
        for number, lrn in enumerate(lrns(site)):
            site.say(response("09", lrn), f"{number}.xml")
        site.poll(gate)
        intake.intake(gate)
        for _ in range(translate.DEATHS):
            for taken, _job in translate.take(gate, 4):
                for one in taken:
                    translate.lose(gate, one, "killed")
        bad = [row for row in site.rows(gate, "item") if row["state"] == "quarantined"]
        assert [row["kind"] for row in bad] == ["decision"] * items and site.codes(gate, "item") == {"INT901"}
        with gate.journal.read() as conn:
            tally = count(conn)
        assert tally.items == items and "quarantined" not in tally.states and not tally.faults
        assert site.violations(gate) == []
        site.run(gate)
        assert site.rows(gate, "answer") == []
        for row in bad:
            operate.retry(gate, row["id"], "O:tester")
        site.run(gate)
        assert site.states(gate, "filing") == {"settled": items} and site.violations(gate) == []
