"""Last night's journal beside today's spool: what came since is adopted, what went since is not sent again."""

import shutil
import sqlite3
from contextlib import closing
from datetime import timedelta

import pytest
from sqlalchemy import update

from gateway.journal import schema
from gateway.journal.blobs import BlobStore
from gateway.journal.saved import Manifest
from gateway.journal.sqlite import NAME
from gateway.steps.ground import standstill
from gateway.steps.recovering import adopt
from gateway.steps.recovering.restore import JUMP, come_back
from gateway.steps.repeating import operate
from tests.steps.answers import response
from tests.steps.company import groups, mail
from tests.steps.killing import Killed, dying
from tests.steps.site import Site
from tests.steps.test_exchange import itmatt
from tests.steps.wires import cut_short


@pytest.fixture
def site(tmp_path):
    """Its journal is a file: a server's is saved and put back by the server's own tools."""
    return Site(tmp_path)


@pytest.fixture
def night(site):
    """Save the journal, and put it back."""
    saved = site.folder / "saved.sqlite"

    class Night:
        def save(self):
            with closing(sqlite3.connect(site.folder / "state" / NAME)) as now, closing(sqlite3.connect(saved)) as copy:
                now.backup(copy)

        def restore(self):
            (site.folder / "state" / NAME).unlink()
            (site.folder / "state" / f"{NAME}-journal").unlink(missing_ok=True)
            shutil.copy(saved, site.folder / "state" / NAME)

    return Night()


def taken(site):
    """Customs takes what lies in its folder."""
    found = site.filed()
    for name in found:
        (site.folder / "customs/in" / name).unlink()
    return found


def lifted(site, gate):
    assert standstill.lift(gate, "O:tester")
    site.run(gate)


def test_what_came_and_went_since_is_known_and_nothing_is_filed_twice(site, night):
    with site.gate() as gate:
        site.post(itmatt(reference="ITM1", seed=1), "a.xml")
        site.run(gate)
        first = taken(site)
        night.save()
        site.post(itmatt(reference="ITM2", seed=2), "b.xml")
        site.run(gate)
        second = taken(site)
        assert (len(first), len(second)) == (3, 3)
    night.restore()
    with site.gate() as gate:
        assert standstill.is_on(gate) and not adopt.behind(gate)
        site.run(gate)
        assert site.states(gate, "file") == {"read": 2} and site.states(gate) == {"accepted": 6}
        assert site.filed() == {}, "nothing is sent while it stands still"
        assert {row["lrn"] + ".xml" for row in site.rows(gate, "filing")} == {*first, *second}
        lifted(site, gate)
        assert site.filed() == {}
        assert site.states(gate, "filing") == {"lodged": 6} and site.states(gate, "delivery") == {"sent": 6}
        assert site.violations(gate) == []
        site.post(itmatt(reference="ITM3", seed=3), "c.xml")
        site.run(gate)
        assert len(site.filed()) == 3 and site.violations(gate) == []


def test_no_transaction_is_open_while_the_spool_is_asked_what_the_journal_does_not_know(site, night, monkeypatch):
    """A server ends those that stand still for half a minute; files are many, and large."""
    place, behind, gates = BlobStore.place, adopt.behind, []

    def ask(blobs, *given):
        for gate in gates:
            with gate.journal.read():  # there is one of a thread at a time
                pass
        return place(blobs, *given)

    with site.gate() as gate:
        night.save()
        site.post(itmatt(2))
        site.poll(gate)
    night.restore()
    monkeypatch.setattr(adopt, "behind", lambda gate, only="": gates.append(gate) or behind(gate, only))
    monkeypatch.setattr(BlobStore, "place", ask)
    with site.gate() as gate:
        assert standstill.is_on(gate) and site.states(gate, "file") == {"received": 1} and gates


def test_what_was_cut_short_since_still_waits_for_a_person(site, night):
    fetch = cut_short(site.folder / "post", 100)
    with site.gate():
        night.save()
    with site.gate() as gate:
        site.post(itmatt(reference="ITM1"), "a.xml")
        site.poll(gate, fetch=fetch)
    night.restore()
    with site.gate() as gate:
        assert site.states(gate, "file") == {"suspect": 1} and site.codes(gate, "file") == {"DLV626"}
        assert site.violations(gate) == []


def test_what_was_queued_when_the_journal_was_saved_and_went_since_is_not_sent_again(site, night):
    with site.gate() as gate:
        site.post(itmatt())
        site.poll(gate)
        while site.work(gate):
            pass
        assert site.states(gate, "delivery") == {"queued": 3}
        night.save()
        site.run(gate)
        assert len(taken(site)) == 3
    night.restore()
    with site.gate() as gate:
        assert standstill.is_on(gate)
        lifted(site, gate)
        assert site.filed() == {} and site.states(gate, "filing") == {"lodged": 3}
        assert site.violations(gate) == []


def test_what_may_have_gone_is_settled_by_the_evidence(site, night):
    """Killed between the rename and its reply: the logbook says that it was going, not that it arrived."""
    with site.gate() as gate:
        night.save()
        site.post(itmatt())
        site.poll(gate)
        while site.work(gate):
            pass
        site.publish_and_die(gate)
    for page in (site.folder / "state/logbook/uk-customs.live").iterdir():
        page.write_text("\n".join(line for line in page.read_text().splitlines() if '"sent"' not in line))
    lies = site.filed()
    assert len(lies) == 3
    night.restore()
    with site.gate() as gate:
        lifted(site, gate)
        assert site.filed() == lies
        assert site.states(gate, "delivery") == {"sent": 3} and site.states(gate, "filing") == {"lodged": 3}
        assert site.violations(gate) == []


def test_numbers_that_partners_have_seen_are_not_used_again(site, night):
    with site.gate() as gate:
        night.save()
        site.post(itmatt(faults={1: "gross-zero"}))
        site.run(gate)
        (before,) = [row["control_reference"] for row in site.rows(gate, "delivery") if row["control_reference"]]
    night.restore()
    with site.gate() as gate:
        lifted(site, gate)
        (after,) = [row["control_reference"] for row in site.rows(gate, "delivery") if row["control_reference"]]
        assert (before, after) == ("GW100000000001", "GW100000000002")
        assert {"CUSRSP_" + one + ".xml" for one in (before, after)} <= {
            path.name for path in (site.folder / "post/in").iterdir()
        }
        assert site.violations(gate) == []


def test_an_answer_that_came_since_finds_its_declaration(site, night):
    with site.gate() as gate:
        night.save()
        site.post(itmatt(1))
        site.run(gate)
        (name,) = taken(site)
        site.say(response("09", name.removesuffix(".xml")), "1.xml")
        site.run(gate)
        assert site.states(gate, "filing") == {"settled": 1}
    night.restore()
    with site.gate() as gate:
        lifted(site, gate)
        assert site.states(gate, "filing") == {"settled": 1} and site.filed() == {}
        assert site.violations(gate) == []


def test_a_file_that_is_still_at_the_partner_is_not_fetched_again(site, night, monkeypatch):
    with site.gate() as gate:
        night.save()
        site.post(itmatt())
        with monkeypatch.context() as patch:
            patch.setattr("gateway.steps.receiving.pickup.Pickup._tidy", lambda *_: None)
            site.poll(gate)
        assert (site.folder / "post/out/a.xml").exists()
    night.restore()
    with site.gate() as gate:
        lifted(site, gate)
        assert site.states(gate, "file") == {"read": 1} and site.codes(gate) == set()
        assert (site.folder / "post/done/a.xml").exists()


def test_starting_twice_changes_nothing(site, night):
    from gateway.journal.snapshot import dump
    from gateway.steps.recovering.start import recover

    with site.gate() as gate:
        night.save()
        site.post(itmatt())
        site.run(gate)
    night.restore()
    with site.gate() as gate:
        with gate.journal.read() as conn:
            once = dump(conn)
        recover(gate)
        with gate.journal.read() as conn:
            assert dump(conn) == once


def test_a_journal_that_is_up_to_date_is_not_behind(site):
    with site.gate() as gate:
        site.post(itmatt())
        site.run(gate)
    with site.gate() as gate:
        assert not adopt.behind(gate) and not standstill.is_on(gate)


def test_parcels_that_were_declared_together_wait_for_a_person(site, night):
    groups(site)
    with site.gate() as gate:
        night.save()
        site.post(mail(3))
        site.run(gate)
        site.clock.at += timedelta(minutes=11)
        site.run(gate)
        (name,) = taken(site)
    night.restore()
    with site.gate() as gate:
        lifted(site, gate)
        site.clock.at += timedelta(minutes=11)
        site.run(gate)
        assert site.states(gate, "filing") == {"held": 3} and site.codes(gate, "filing") == {"INT953"}
        assert site.filed() == {}
        for one in site.ids(gate, "filing"):
            operate.release(gate, one, ["INT953"], "O:tester")
        site.clock.at += timedelta(minutes=11)
        site.run(gate)
        assert set(site.filed()) == {name}, "a person said that customs had it not"
        assert site.violations(gate) == []


def test_several_in_one_file_are_known_each_by_its_own_name(site, night):
    """One of two files that were filled from one message is read again later: each goes where it was."""
    with site.gate() as gate:
        night.save()
        site.post(itmatt(reference="ITM1", seed=1), "a.xml")
        site.post(itmatt(reference="ITM2", seed=2), "b.xml")
        site.run(gate)
        assert len(taken(site)) == 6
    night.restore()
    with site.gate() as gate:
        first = min(row["id"] for row in site.rows(gate, "file"))
        with gate.journal.write() as conn:  # the other is refused until a person retries it
            conn.execute(update(schema.file).where(schema.file.c.id == first).values(state="refused"))
        lifted(site, gate)
        assert site.states(gate, "filing") == {"lodged": 3}
        operate.retry(gate, first, "O:tester")
        site.run(gate)
        assert site.states(gate, "filing") == {"lodged": 6} and site.filed() == {}
        assert site.violations(gate) == []


@pytest.mark.parametrize("moment", ["before", "commit", "after"])
@pytest.mark.parametrize("step", ["adopt.standstill", "adopt.receive", "adopt.published", "recognise.assemble"])
def test_killed_while_it_learns_it_learns_the_rest(site, night, monkeypatch, step, moment):
    with site.gate() as gate:
        night.save()
        site.post(itmatt())
        site.run(gate)
        taken(site)
    night.restore()
    with dying(monkeypatch, f"{step}.{moment}"), pytest.raises(Killed), site.gate() as gate:
        lifted(site, gate)
    with site.gate() as gate:
        standstill.lift(gate, "O:tester")
        site.run(gate)
        assert site.filed() == {} and site.states(gate, "filing") == {"lodged": 3}
        assert site.violations(gate) == []


def test_without_the_logbook_files_are_adopted_by_what_is_configured(site, night):
    with site.gate() as gate:
        night.save()
        site.post(itmatt())
        site.poll(gate)
    night.restore()
    shutil.rmtree(site.folder / "state/logbook")
    with site.gate() as gate:
        assert not adopt.behind(gate), "nothing tells"
        assert adopt.adopt(gate) == (1, 0, 0, ())
        site.run(gate)
        assert site.states(gate) == {"accepted": 3} and len(site.filed()) == 3
        assert site.violations(gate) == []


def test_with_nothing_but_the_backup_numbers_go_on_far_behind(site):
    with site.gate() as gate:
        site.post(itmatt(faults={1: "gross-zero"}))
        site.run(gate)
        (before,) = [row["control_reference"] for row in site.rows(gate, "delivery") if row["control_reference"]]
        manifest = Manifest(site.clock.now(), "GW1", "1", schema.VERSION, "sqlite", ())
        assert come_back(gate, manifest, keep_spool=False).numbers == JUMP
        assert standstill.is_on(gate)
        standstill.lift(gate, "O:tester")
        site.post(itmatt(seed=8, reference="ITM8", faults={1: "gross-zero"}), "b.xml")
        site.run(gate)
        after = max(row["control_reference"] for row in site.rows(gate, "delivery") if row["control_reference"])
        assert (before[-5:], after[-5:]) == ("00001", "10002") and "INT952" in {
            r["code"] for r in site.rows(gate, "alert")
        }
        assert site.violations(gate) == []
