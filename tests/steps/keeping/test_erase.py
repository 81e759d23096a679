"""Erasure: not a byte is left that leads to the person, the others keep theirs, the journal balances, answers go on."""

import re
import shutil
from datetime import timedelta

import pyrage
import pytest
from sqlalchemy import update

from gateway.journal import audit, logbook, schema
from gateway.journal.search import find
from gateway.steps.answering.dossier import dossier
from gateway.steps.ground import source
from gateway.steps.ground.refusal import NotPossible
from gateway.steps.keeping import blanking, erase, hold, scan
from gateway.steps.keeping.erase import ChangedMeanwhile
from gateway.steps.keeping.erasure import traces
from gateway.steps.keeping.persons import holding
from gateway.steps.recovering import start
from tests.steps.answers import ERROR, response
from tests.steps.company import groups, mail
from tests.steps.sending.test_collecting import collecting
from tests.steps.test_exchange import itmatt, lrns


def people(site, gate):
    """Of each consignment: its item, its number, the name of its consignee."""
    found = []
    for row in site.rows(gate, "item"):
        with gate.journal.read() as conn:
            record = source.record_of(gate, conn, source.item_row(conn, row["id"])) if _is_parcel(row) else None
        if record is not None:
            found.append((row["id"], row["item_id"], record.consignee.name))
    return sorted(found)


def _is_parcel(row):
    return row["kind"] == "consignment"


def left(site, *texts):
    """Files of the site's state folder that hold one of the texts, read as they are."""
    words = [text.encode() for text in texts]
    files = [path for path in (site.folder / "state").rglob("*") if path.is_file()]
    return [path.name for path in files for word in words if word in path.read_bytes()]


def settled(site, gate, count=3):
    """Parcels that were filed, released by customs and answered."""
    site.post(itmatt(count))
    site.run(gate)
    for number, lrn in enumerate(lrns(site)):
        site.say(response("09", lrn), f"{number}.xml")
    site.run(gate)


def test_nothing_is_left_of_the_one_and_everything_of_the_others(site):
    with site.gate() as gate:
        settled(site, gate)
        (item, number, name), *others = people(site, gate)
        assert left(site, name)
        gone = erase.erase(gate, [item], "O:ana", force=True)
        proof = scan.scan(gate, gone.values)
        assert proof.clean and proof.values > 3 and proof.bytes > 1000
        assert people_of(gate, others) == others
        assert site.violations(gate) == []
        assert start_over(site, gate) == []
    assert left(site, name, number) == [], "nor in what SQLite keeps beside its tables"


def test_nothing_is_left_in_a_file_of_many_declarations(site):
    collecting(site, "per_file: 3")
    with site.gate() as gate:
        site.post(itmatt(3))
        site.run(gate)
        assert len(site.filed()) == 1
        (item, number, name), (_, _, another), *_ = people(site, gate)
        gone = erase.erase(gate, [item], "O:ana", force=True)
        assert scan.scan(gate, gone.values).clean and site.violations(gate) == []
    assert left(site, name, number) == [] and left(site, another)


def people_of(gate, chosen):
    with gate.journal.read() as conn:
        rows = [(one, source.item_row(conn, one)) for one, *_ in chosen]
        return [(one, row["item_id"], source.record_of(gate, conn, row).consignee.name) for one, row in rows]


def start_over(site, gate):
    start.recover(gate)
    return site.violations(gate)


def test_the_rest_of_the_file_is_read_as_before(site):
    with site.gate() as gate:
        settled(site, gate)
        (item, *_), *others = people(site, gate)
        raw = (site.folder / "state").glob("spool/in/*/*.raw")
        lines = {path.name.partition("~")[0].partition(".")[0]: path.read_bytes().count(b"\n") for path in raw}
        erase.erase(gate, [item], "O:ana", force=True)
        for path in (site.folder / "state").glob("spool/in/*/*.raw"):
            assert path.read_bytes().count(b"\n") == lines[path.name.partition("~")[0].partition(".")[0]]
        with gate.journal.read() as conn:
            for other, *_ in others:
                row = source.item_row(conn, other)
                assert source.places(gate, conn, row), "its values are found at their lines still"
            row = source.item_row(conn, item)
            assert source.raw_of(gate, conn, row) is None and source.record_of(gate, conn, row) is None
            assert source.places(gate, conn, row) == ()


def test_it_is_found_by_its_exact_number_and_says_that_it_was_erased(site):
    with site.gate() as gate:
        settled(site, gate, 1)
        ((item, number, _),) = people(site, gate)
        erase.erase(gate, [item], "O:ana", force=True)
        with gate.journal.read() as conn:
            (hit,) = [hit for hit in find(conn, number) if hit.item == item]
            assert hit.item_id.startswith("#") and find(conn, number[:6] + "*") == []
            facts = dossier(gate, conn, item)
        assert facts.item["erased_at"] is not None
        assert [row[2] for row in facts.history][-1] == "erase"
        assert facts.filings[0].mrn


def test_the_audit_row_names_ids_alone(site):
    with site.gate() as gate:
        settled(site, gate, 1)
        ((item, _number, _name),) = people(site, gate)
        erase.erase(gate, [item], "O:ana", force=True)
        rows = [row for row in site.rows(gate, "audit") if row["action"] == "erase"]
        assert [(row["subject"], row["after"], row["who"]) for row in rows] == [(item, "erased", "O:ana")]
        with gate.journal.read() as conn:
            assert audit.verify(conn, gate.journal.key).broken_at is None


def test_the_same_parcel_sent_again_is_a_repeat(site):
    with site.gate() as gate:
        settled(site, gate, 1)
        ((item, *_),) = people(site, gate)
        erase.erase(gate, [item], "O:ana", force=True)
        site.post(itmatt(1, reference="ITM2"), "again.xml")
        site.run(gate)
        assert site.states(gate)["repeat"] == 1 and len(site.filed()) == 1


def test_a_late_answer_of_customs_still_finds_its_filing(site):
    with site.gate() as gate:
        settled(site, gate, 1)
        ((item, *_),) = people(site, gate)
        erase.erase(gate, [item], "O:ana", force=True)
        site.say(response("03", *lrns(site), error=ERROR, issued="20260916100000Z"), "late.xml")
        site.run(gate)
        assert site.states(gate, "decision") == {"answered": 2}
        assert site.violations(gate) == []


def test_what_the_law_keeps_is_refused_unless_forced(site):
    with site.gate() as gate:
        settled(site, gate, 1)
        ((item, *_),) = people(site, gate)
        with gate.journal.read() as conn:
            (why,) = traces(gate, conn, [item]).obstacles
        assert why.why == "law" and why.until > gate.now() + timedelta(days=1000)
        with pytest.raises(NotPossible):
            erase.erase(gate, [item], "O:ana")
        site.clock.at += timedelta(days=4 * 366)
        erase.erase(gate, [item], "O:ana")


def test_a_legal_hold_cannot_be_overruled(site):
    with site.gate() as gate:
        settled(site, gate, 1)
        ((item, *_),) = people(site, gate)
        (file,) = site.ids(gate, "file", name=b"a.xml")
        assert hold.hold(gate, file, "O:ana", on=True) and not hold.hold(gate, file, "O:ana", on=True)
        with pytest.raises(NotPossible):
            erase.erase(gate, [item], "O:ana", force=True)
        hold.hold(gate, file, "O:ana", on=False)
        erase.erase(gate, [item], "O:ana", force=True)
        assert [row["action"] for row in site.rows(gate, "audit") if row["subject"] == file][-2:] == ["hold", "lift"]


@pytest.mark.parametrize("stage", ["held", "filed"])
def test_what_is_still_at_work_is_refused(site, stage):
    with site.gate() as gate:
        site.post(itmatt(1, faults={1: "gross-zero"}) if stage == "held" else itmatt(1))
        site.poll(gate)
        site.work(gate)
        (item,) = site.ids(gate, "item")
        with gate.journal.read() as conn:
            assert "work" in {one.why for one in traces(gate, conn, [item]).obstacles}
        with pytest.raises(NotPossible):
            erase.erase(gate, [item], "O:ana", force=True)


def test_a_file_that_is_still_read_keeps_all_of_its_items(site):
    with site.gate() as gate:
        settled(site, gate, 2)
        (item, *_), *_ = people(site, gate)
        (file,) = site.ids(gate, "file", name=b"a.xml")
        with gate.journal.write() as conn:
            conn.execute(update(schema.file).where(schema.file.c.id == file).values(state="received"))
        with pytest.raises(NotPossible):
            erase.erase(gate, [item], "O:ana", force=True)


def test_of_a_declaration_for_several_parcels_only_the_values_go(site):
    groups(site)
    with site.gate() as gate:
        site.post(mail(3))
        site.run(gate)
        site.clock.at += timedelta(minutes=11)
        site.run(gate)
        (lrn,) = lrns(site)
        site.say(response("09", lrn), "1.xml")
        site.run(gate)
        (item, number, name), *others = people(site, gate)
        gone = erase.erase(gate, [item], "O:ana", force=True)
        assert scan.scan(gate, gone.values).clean
        payload = b"".join(path.read_bytes() for path in (site.folder / "state").glob("spool/out/*/*.filed"))
        assert name.encode() not in payload and number.encode() not in payload
        assert all(other.encode() in payload for _, other, _ in others)
        assert site.violations(gate) == []


def test_who_stands_in_other_parcels_too_is_told(site):
    """The same recipient in two parcels, one of which is erased."""
    with site.gate() as gate:
        site.post(re.sub(rb"(<recipient>\s*<name>)[^<]+", rb"\1Asha Twice-Example", itmatt(2)))
        site.run(gate)
        for number, lrn in enumerate(lrns(site)):
            site.say(response("09", lrn), f"{number}.xml")
        site.run(gate)
        (first, *_), (second, *_) = people(site, gate)
        proof = scan.scan(gate, erase.erase(gate, [first], "O:ana", force=True).values)
        assert proof.clean and {hit.item for hit in proof.hits} == {second}
        assert holding(gate, ["asha TWICE"]) == [second]
        assert scan.scan(gate, erase.erase(gate, holding(gate, ["Asha Twice"]), "O:ana", force=True).values).hits == ()


def test_a_search_that_finds_something_says_where(site):
    with site.gate() as gate:
        settled(site, gate, 1)
        ((_, number, name),) = people(site, gate)
        proof = scan.scan(gate, [name, number])
        assert {hit.where.partition(" ")[0].partition("/")[0] for hit in proof.hits} >= {"spool", "item", "identifier"}
        assert not proof.clean, "the journal's own rows are no other parcel's"


def released(site, gate, data, name):
    """One parcel that comes in a file of this name, and which customs releases."""
    site.post(data, name)
    site.run(gate)
    site.say(response("09", *lrns(site)), "1.xml")
    site.run(gate)


def test_a_name_in_a_file_name_goes_too(site):
    with site.gate() as gate:
        data = itmatt(1)
        name = re.search(rb"<recipient>\s*<name>([^<]+)", data)[1].decode()
        released(site, gate, data, f"for {name}.xml")
        assert "logbook/example-post.live" in {hit.where for hit in scan.scan(gate, [name]).hits}
        gone = erase.erase(gate, [people(site, gate)[0][0]], "O:ana", force=True)
        assert scan.scan(gate, gone.values).clean
        assert any(isinstance(one, logbook.Coming) for one in logbook.read(gate.blobs.root, "example-post.live"))
    assert left(site, name) == []


@pytest.mark.parametrize("manner", ["after: none", "after: move to gone/"])
def test_a_name_that_still_lies_at_the_partner_comes_in_no_more(site, manner):
    site.change("partners/example-post.yaml", "after: move to done/", manner)
    with site.gate() as gate:
        data = itmatt(1)
        number = re.search(rb"<item-id>(\w+)<", data)[1].decode()
        released(site, gate, data, f"{number}.xml")
        erase.erase(gate, [people(site, gate)[0][0]], "O:ana", force=True)
        for days in (0, 40, 100):
            site.clock.at += timedelta(days=days)
            site.run(gate)
        assert (site.folder / f"post/out/{number}.xml").exists()
        assert site.states(gate, "file") == {"read": 2} and scan.scan(gate, [number]).clean
    assert left(site, number) == []


class Killed(BaseException):
    """As if the process had ended."""


@pytest.mark.parametrize("moment", ["rewritten", "named", "unlinked"])
def test_killed_anywhere_it_is_whole_before_or_after_and_comes_to_its_end(site, monkeypatch, moment):
    def dies(*_args, **_more):
        raise Killed

    with site.gate() as gate:
        settled(site, gate)
        (item, number, name), *others = people(site, gate)
        with monkeypatch.context() as patch:
            match moment:
                case "rewritten":
                    patch.setattr(erase, "put", dies)
                case "named":
                    patch.setattr(erase, "finish", dies)
                case "unlinked":
                    patch.setattr(gate.blobs, "purged", dies)
            with pytest.raises(Killed):
                erase.erase(gate, [item], "O:ana", force=True)
    with site.gate() as gate:
        assert people_of(gate, others) == others
        if moment == "rewritten":
            assert people(site, gate)[0] == (item, number, name), "nothing was erased"
        erase.erase(gate, [item], "O:ana", force=True)
        assert site.violations(gate) == []
        site.clock.at += timedelta(days=30)
        start.sweep(gate)
        assert {row["path"] for row in site.rows(gate, "blob") if row["purged_at"] is None} == {
            str(path.relative_to(site.folder / "state")) for path in (site.folder / "state/spool").glob("*/*/*")
        }
    assert left(site, name, number) == []


def test_what_changes_under_it_is_not_erased_by_halves(site, monkeypatch):
    with site.gate() as gate:
        settled(site, gate, 1)
        ((item, number, _name),) = people(site, gate)
        rewrite = blanking.rewrite

        def meanwhile(gate, *facts):
            done = rewrite(gate, *facts)
            with gate.journal.write() as conn:
                gate.blobs.mark(conn, [facts[0]])
            return done

        monkeypatch.setattr(erase, "rewrite", meanwhile)
        with pytest.raises(ChangedMeanwhile):
            erase.erase(gate, [item], "O:ana", force=True)
        assert [row["item_id"] for row in site.rows(gate, "item") if row["id"] == item] == [number]


def test_sealed_bytes_are_written_anew_sealed(site):
    identity = pyrage.x25519.Identity.generate()
    (site.folder / "config/credentials").mkdir()
    key = site.folder / "config/credentials/spool"
    key.write_text(f"# a test's\n{identity}\n")
    key.chmod(0o600)
    site.change(
        "gateway.yaml",
        "retention:",
        f"at_rest: {{recipients: [{identity.to_public()}], identity: credential:spool}}\nretention:",
    )
    with site.gate() as gate:
        settled(site, gate)
        (item, _number, _name), *others = people(site, gate)
        gone = erase.erase(gate, [item], "O:ana", force=True)
        assert all(row["path"].endswith(".sealed") for row in site.rows(gate, "blob"))
        assert scan.scan(gate, gone.values).clean and people_of(gate, others) == others
        assert scan.scan(gate, [others[0][2]]).files != 0
        assert {hit.item for hit in scan.scan(gate, [others[0][2]]).hits} == {others[0][0]}
        assert site.violations(gate) == []


def test_an_archive_goes_whole_once_the_places_in_it_are_kept(site, monkeypatch):
    """What is said of spreadsheets, shown with bytes that begin as these do."""
    with site.gate() as gate:
        settled(site, gate)
        (item, _, name), *others = people(site, gate)
        (raw,) = [row for row in site.rows(gate, "blob") if row["kind"] == "raw" and "post" in row["connection"]]
        monkeypatch.setattr(erase, "ARCHIVE", (site.folder / "state" / raw["path"]).read_bytes()[:4])
        gone = erase.erase(gate, [item], "O:ana", force=True)
        assert not (site.folder / "state" / raw["path"]).exists() and people_of(gate, others) == others
        with gate.journal.read() as conn:
            assert all(source.places(gate, conn, source.item_row(conn, other)) for other, *_ in others)
        assert scan.scan(gate, gone.values).clean and site.violations(gate) == []
    assert left(site, name) == []


def test_what_the_envelope_quotes_goes_too(site):
    with site.gate() as gate:
        settled(site, gate, 1)
        ((item, _, name),) = people(site, gate)
        with gate.journal.write() as conn:
            conn.execute(update(schema.interchange).values(head=f"<for>{name}</for>\n<x/>".encode()))
        gone = erase.erase(gate, [item], "O:ana", force=True)
        assert scan.scan(gate, gone.values).clean
        heads = {row["head"] for row in site.rows(gate, "interchange")}
        assert b"<for>" + b" " * len(name.encode()) + b"</for>\n<x/>" in heads


def test_a_journal_of_before_beside_the_spool_of_today_knows_the_others_and_erases_again(site):
    state = site.folder / "state"
    with site.gate() as gate:
        if not (state / "journal.sqlite").exists():
            pytest.skip("a journal in the state folder is put back here")
        settled(site, gate)
        (item, number, name), *others = people(site, gate)
    shutil.copy(state / "journal.sqlite", site.folder / "saved")
    with site.gate() as gate:
        erase.erase(gate, [item], "O:ana", force=True)
    shutil.copy(site.folder / "saved", state / "journal.sqlite")
    with site.gate() as gate:
        assert blanking.follow(gate) > 0 and blanking.follow(gate) == 0
        assert people_of(gate, others) == others
        gone = erase.erase(gate, [item], "O:ana", force=True)
        assert number in gone.values and scan.scan(gate, gone.values).clean
        assert site.violations(gate) == []
    assert left(site, name, number) == []


def test_a_backup_keeps_what_was_erased(site):
    """So that nobody thinks otherwise: copies are the operator's to let go."""
    with site.gate() as gate:
        settled(site, gate, 1)
        ((item, _, name),) = people(site, gate)
        shutil.copytree(site.folder / "state", site.folder / "backup")
        erase.erase(gate, [item], "O:ana", force=True)
    assert left(site, name) == []
    assert any(name.encode() in path.read_bytes() for path in (site.folder / "backup").rglob("*.raw"))
