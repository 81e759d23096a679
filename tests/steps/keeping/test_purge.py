"""Bytes go when their time is over, and not while work still waits for them; what they said can still be placed."""

from datetime import timedelta

import pytest

from gateway.journal import schema
from gateway.steps.answering import answer
from gateway.steps.answering.dossier import dossier
from gateway.steps.keeping import hold, purge
from gateway.steps.repeating import operate
from gateway.steps.sending import assemble
from tests.steps.answers import ERROR, response
from tests.steps.test_exchange import itmatt, lrns

LONG = timedelta(days=4 * 365)


def kept(site, gate):
    """Kinds of blobs whose bytes are on the disk, which is what the journal says, too."""
    there = {path.suffix[1:] for path in (site.folder / "state/spool").glob("*/*/*")}
    assert there == {row["kind"] for row in site.rows(gate, "blob") if row["purged_at"] is None}
    return there


def everything(gate):
    done = 0
    while some := purge.purge(gate):
        done += some
    return done


def test_raw_bytes_go_first_and_leave_the_places_of_their_values(site):
    with site.gate() as gate:
        site.post(itmatt(3, faults={2: "gross-zero"}))
        site.run(gate)
        assert everything(gate) == 0
        site.clock.at += timedelta(days=91)
        assert everything(gate) > 0
        assert kept(site, gate) == {"record", "filed", "answer", "envelope", "places"}
        assert all(row["sha256"] for row in site.rows(gate, "file")), "the hash stays: a late duplicate is known"
        assert site.violations(gate) == []


def test_in_the_end_nothing_is_left_but_rows(site):
    with site.gate() as gate:
        site.post(itmatt(3))
        site.run(gate)
        for _ in range(2):  # the places of values, which hold none, are younger than what they stand for
            site.clock.at += LONG
            everything(gate)
        assert kept(site, gate) == set() and len(site.rows(gate, "item")) == 3 and site.violations(gate) == []


def test_a_duplicate_is_known_after_its_bytes_are_gone(site):
    with site.gate() as gate:
        site.post(itmatt(3), "a.xml")
        site.run(gate)
        site.clock.at += LONG
        everything(gate)
        site.post(itmatt(3), "b.xml")
        site.run(gate)
        assert site.codes(gate, "file") == {"RTE122"} and len(site.filed()) == 3


def test_what_is_not_out_yet_stays_however_old(site):
    with site.gate() as gate:
        operate.switch(gate, "route", "uk-h7", "paused", "O:tester")
        site.post(itmatt(2, faults={2: "gross-zero"}))
        site.run(gate)
        assemble.assemble(gate, flush=True)
        site.clock.at += LONG
        everything(gate)
        assert "filed" in kept(site, gate)
        operate.switch(gate, "route", "uk-h7", "active", "O:tester")
        site.run(gate)
        assert len(site.filed()) == 1 and site.violations(gate) == []


def test_an_answer_that_waits_for_its_file_stays(site):
    site.change("partners/example-post.yaml", "per_file: 500", "per_file: 500, every: 5m")
    with site.gate() as gate:
        site.post(itmatt(1, faults={1: "gross-zero"}))
        site.poll(gate)
        while site.work_without_assembly(gate):
            pass
        answer.Answering(gate).run()
        site.clock.at += LONG
        everything(gate)
        assert "answer" in kept(site, gate)
        site.run(gate)
        assert site.answers().count("<item-id>") == 1


def test_files_under_legal_hold_and_files_not_read_yet_stay(site):
    with site.gate() as gate:
        site.post(itmatt(1), "a.xml")
        site.run(gate)
        site.post(itmatt(1, 8, reference="ITM8"), "b.xml")
        site.poll(gate)
        with gate.journal.write() as conn:
            conn.execute(schema.file.update().where(schema.file.c.name == b"a.xml").values(legal_hold=True))
        site.clock.at += timedelta(days=91)
        assert everything(gate) == 0


def test_many_items_are_placed_a_piece_at_a_time(site, monkeypatch):
    monkeypatch.setattr(purge, "PLACED", 2)
    with site.gate() as gate:
        site.post(itmatt(5))
        site.run(gate)
        site.clock.at += timedelta(days=91)
        assert purge.purge(gate) == 2 and "raw" in kept(site, gate)
        assert purge.purge(gate) == 2 and "raw" in kept(site, gate)
        assert purge.purge(gate) == 3, "the last item, the bytes of the file, and those around its items"
        assert "raw" not in kept(site, gate)
        assert all(row["places_blob"] for row in site.rows(gate, "item"))


def test_an_item_that_cannot_be_placed_keeps_no_bytes_from_going(site, monkeypatch):
    with site.gate() as gate:
        site.post(itmatt(2))
        site.run(gate)
        site.clock.at += timedelta(days=91)
        with monkeypatch.context() as patch:
            patch.setattr(purge.source, "places", lambda *_: 1 / 0)
            everything(gate)
        assert "raw" not in kept(site, gate)
        site.say(response("03", lrns(site)[0], error=ERROR), "1.xml")
        site.run(gate)
        assert "CDS12005" in site.answers(), "the reason is told, though not its place"


@pytest.mark.parametrize("kind", ["raw", "record", "filed"])
def test_customs_is_heard_and_the_sender_told_whatever_is_gone(site, kind):
    with site.gate() as gate:
        site.post(itmatt(1))
        site.run(gate)
        with gate.journal.write() as conn:
            conn.execute(
                schema.blob.update().where(schema.blob.c.kind == kind).values(purging_at=schema.blob.c.stored_at)
            )
        site.say(response("03", *lrns(site), error=ERROR), "1.xml")
        site.run(gate)
        assert "CDS12005" in site.answers() and site.states(gate, "decision") == {"answered": 1}


def test_a_decision_whose_own_record_is_gone_is_told_from_the_journal(site):
    with site.gate() as gate:
        site.post(itmatt(1))
        site.run(gate)
        site.say(response("09", *lrns(site)), "1.xml")
        site.poll(gate)
        while site.work_without_assembly(gate):
            pass
        with gate.journal.write() as conn:
            conn.exec_driver_sql("update blob set purging_at = stored_at where kind = 'record'")
        site.run(gate)
        assert site.states(gate, "decision") == {"answered": 1}
        (item,) = site.ids(gate, "item", kind="consignment")
        with gate.journal.read() as conn:
            assert dossier(gate, conn, item).filings[0].outcome == "cleared"


def test_a_file_that_is_held_while_its_places_are_written_down_keeps_its_bytes(site, monkeypatch):
    with site.gate() as gate:
        site.post(itmatt(2))
        site.run(gate)
        (file,) = site.ids(gate, "file", name=b"a.xml")
        site.clock.at += timedelta(days=91)
        keep = purge._keep_places

        def held_meanwhile(*facts):
            keep(*facts)
            hold.hold(gate, file, "O:tester", on=True)

        monkeypatch.setattr(purge, "_keep_places", held_meanwhile)
        everything(gate)
        assert "raw" in kept(site, gate)
