"""Rows lose what is personal when its time is over: each class in its time, each partner in its own."""

from datetime import timedelta

import pytest
from sqlalchemy import insert

from gateway.journal import schema
from gateway.journal.search import find
from gateway.steps.keeping import clearing, hold, overdue, purge, scan
from tests.steps.answers import ERROR, response
from tests.steps.keeping.test_purge import everything
from tests.steps.test_exchange import itmatt, lrns

SHORT = "{raw: 30d, record: 90d, filed: 200d, findings: 60d, identifiers: 1y}"


def settled(site, gate, count=2, **facts):
    site.post(itmatt(count, **facts))
    site.run(gate)
    for number, lrn in enumerate(lrns(site)):
        site.say(response("09", lrn), f"{number}.xml")
    site.run(gate)


def short(site):
    site.change("gateway.yaml", "{raw: 90d, record: 3y, filed: 3y}", SHORT)


def numbers(site, gate):
    return sorted(row["item_id"] for row in site.rows(gate, "item") if row["kind"] == "consignment")


def cleared(site, gate):
    return {row["kind"] for row in site.rows(gate, "cleared")}


def test_each_class_goes_in_its_time(site):
    short(site)
    with site.gate() as gate:
        settled(site, gate)
        before = numbers(site, gate)
        steps = [(31, {"raw"}), (61, {"raw", "findings"}), (91, {"raw", "findings", "record"})]
        steps += [(201, {"raw", "findings", "record", "filed"}), (370, {*overdue.ACTS})]
        start = site.clock.at
        for days, classes in steps:
            site.clock.at = start + timedelta(days=days)
            everything(gate)
            assert cleared(site, gate) == classes
            assert (numbers(site, gate) == before) == (days < 366)
        assert site.violations(gate) == []


def test_no_row_is_ever_purged(site):
    """The journal grows with all that ever came: what is over its time is blanked in its row."""
    short(site)
    with site.gate() as gate:
        settled(site, gate, faults={2: "gross-zero"})
        tables = ("file", "interchange", "item", "filing", "delivery", "decision", "answer", "dossier", "finding")
        before = {table: len(site.rows(gate, table)) for table in tables}
        assert all(before.values())
        site.clock.at += timedelta(days=800)
        everything(gate)
        assert {table: len(site.rows(gate, table)) for table in tables} == before


def test_in_the_end_no_number_is_left_but_its_keyed_hash(site):
    short(site)
    with site.gate() as gate:
        settled(site, gate)
        known = numbers(site, gate)
        site.clock.at += timedelta(days=400)
        everything(gate)
        site.clock.at += timedelta(days=400)
        everything(gate)
        assert scan.scan(gate, known).hits == ()
        with gate.journal.read() as conn:
            assert [hit.item_id[0] for one in known for hit in find(conn, one) if hit.dossier] == ["#"] * len(known)
        assert all(row["name"].startswith(b"#") for row in site.rows(gate, "file"))
        assert site.rows(gate, "sighting") == [] or all(row["file_id"] for row in site.rows(gate, "sighting"))
        assert site.violations(gate) == []


def kept(site, manner):
    """The partner keeps what we have: as agreed, or because it does not let us remove it."""
    if manner == "agreed":
        site.change("partners/example-post.yaml", "after: move to done/", "after: none")
    else:
        (site.folder / "post/done").rmdir()


@pytest.mark.parametrize("manner", ["agreed", "forbidden"])
def test_a_file_that_stays_at_the_partner_is_never_fetched_again(site, manner):
    short(site)
    kept(site, manner)
    with site.gate() as gate:
        settled(site, gate, 1)
        for days in (*[3] * 40, 60, 60, 200, 60):  # at times nobody looks for longer than anything lasts
            site.clock.at += timedelta(days=days)
            everything(gate)
            site.poll(gate)
        assert cleared(site, gate) == {*overdue.ACTS}
        assert len([row for row in site.rows(gate, "file") if row["connection"] == "example-post.live"]) == 1
        assert list((site.folder / "state/spool/in/example-post.live").iterdir()) == []
        assert not [row for row in site.rows(gate, "sighting") if b"a.xml" in row["name"]]
        (site.folder / "post/done").mkdir(exist_ok=True)
        site.poll(gate)
        assert (manner == "agreed") == (site.folder / "post/out/a.xml").exists()
        assert all(row["tidied_at"] for row in site.rows(gate, "sighting"))


def test_another_file_under_a_name_that_was_replaced_is_new(site):
    short(site)
    kept(site, "agreed")
    with site.gate() as gate:
        settled(site, gate, 1)
        site.clock.at += timedelta(days=400)
        everything(gate)
        site.post(itmatt(2, 7, reference="ITM7"))
        site.run(gate)
        site.poll(gate)
        assert len([row for row in site.rows(gate, "file") if row["connection"] == "example-post.live"]) == 2


def test_a_parcel_that_comes_again_long_after_is_a_repeat(site):
    short(site)
    with site.gate() as gate:
        settled(site, gate, 1)
        site.clock.at += timedelta(days=400)
        everything(gate)
        site.post(itmatt(1, reference="ITM2"), "late.xml")
        site.run(gate)
        assert site.states(gate)["repeat"] == 1
        site.clock.at += timedelta(days=400)
        everything(gate)
        assert len({row["value"] for row in site.rows(gate, "identifier") if row["kind"] == "s10"}) == 1


def test_a_number_that_a_younger_file_says_again_stays_until_that_one_is_old(site):
    short(site)
    with site.gate() as gate:
        settled(site, gate, 1)
        site.clock.at += timedelta(days=300)
        site.post(itmatt(1, reference="ITM2"), "again.xml")
        site.run(gate)
        site.clock.at += timedelta(days=100)
        everything(gate)
        (number,) = {one for one in numbers(site, gate) if not one.startswith("#")}
        with gate.journal.read() as conn:
            assert len(find(conn, number)) == 2
        site.clock.at += timedelta(days=300)
        everything(gate)
        assert all(one.startswith("#") for one in numbers(site, gate))


def test_a_partner_may_have_times_of_its_own(site):
    site.change("partners/example-post.yaml", "timezone:", "retention: {raw: 10d, findings: 20d}\ntimezone:")
    with site.gate() as gate:
        settled(site, gate)
        site.clock.at += timedelta(days=21)
        everything(gate)
        lines = {row["id"]: row["connection"] for row in site.rows(gate, "file")}
        assert {(lines[row["file"]], row["kind"]) for row in site.rows(gate, "cleared")} == {
            ("example-post.live", "raw"),
            ("example-post.live", "findings"),
        }
        gone = {row["connection"] for row in site.rows(gate, "blob") if row["purged_at"] and row["kind"] == "raw"}
        assert gone == {"example-post.live"}


def test_work_that_waits_keeps_its_numbers(site):
    short(site)
    with site.gate() as gate:
        settled(site, gate, 2, faults={2: "gross-zero"})
        known = numbers(site, gate)
        site.clock.at += timedelta(days=400)
        everything(gate)
        assert numbers(site, gate) == known
        assert "INT" not in "".join(site.codes(gate))


def test_a_legal_hold_keeps_bytes_and_rows_of_a_file_and_of_its_answers(site):
    short(site)
    with site.gate() as gate:
        settled(site, gate, 1)
        known = numbers(site, gate)
        (file,) = site.ids(gate, "file", name=b"a.xml")
        hold.hold(gate, file, "O:ana", on=True)
        site.clock.at += timedelta(days=4000)
        assert everything(gate) == 0 and overdue.overdue(gate) == []
        assert numbers(site, gate) == known
        assert all(row["purging_at"] is None for row in site.rows(gate, "blob"))
        hold.hold(gate, file, "O:ana", on=False)
        assert everything(gate) > 0
        assert numbers(site, gate) != known


def test_findings_keep_their_place_in_the_table_and_lose_what_they_quote(site):
    short(site)
    with site.gate() as gate:
        site.post(itmatt(1))
        site.run(gate)
        site.say(response("03", *lrns(site), error=ERROR), "1.xml")
        site.run(gate)
        (item,) = site.ids(gate, "item", kind="consignment")
        with gate.journal.write() as conn:
            place = {"masked": '{"value": "A***"}', "path": "a/b", "row": "x.yaml:7"}
            facts = {"subject": item, "seq": 90, "subject_kind": "item", "code": "SRC301", "severity": "error"}
            conn.execute(insert(schema.finding).values(**facts, **place))
        site.clock.at += timedelta(days=61)
        everything(gate)
        (row,) = [row for row in site.rows(gate, "finding") if row["seq"] == 90]
        assert (row["masked"], row["path"], row["row"], row["code"]) == (None, None, "x.yaml:7", "SRC301")


def test_many_items_are_renamed_a_piece_at_a_time(site, monkeypatch):
    monkeypatch.setattr("gateway.steps.keeping.clearing.PIECE", 2)
    short(site)
    with site.gate() as gate:
        settled(site, gate, 5)
        site.clock.at += timedelta(days=400)
        everything(gate)
        assert all(one.startswith("#") for one in numbers(site, gate))


class Killed(BaseException):
    """As if the process had ended."""


def test_killed_between_two_pieces_it_goes_on(site, monkeypatch):
    monkeypatch.setattr("gateway.steps.keeping.clearing.PIECE", 2)
    short(site)
    with site.gate() as gate:
        settled(site, gate, 5)
        site.clock.at += timedelta(days=400)
        with monkeypatch.context() as patch:
            calls = iter([None, None])
            alone = purge.clearing.name_items

            def dies(conn, items):
                if next(calls, Killed) is Killed:
                    raise Killed
                alone(conn, items)

            patch.setattr(purge.clearing, "name_items", dies)
            with pytest.raises(Killed):
                everything(gate)
        assert 0 < sum(one.startswith("#") for one in numbers(site, gate)) < 5
    with site.gate() as gate:
        everything(gate)
        assert all(one.startswith("#") for one in numbers(site, gate))
        assert site.violations(gate) == []


def test_a_dry_run_says_what_a_purge_then_does(site):
    with site.gate() as gate:
        settled(site, gate)
        assert overdue.overdue(gate) == []
        site.clock.at += timedelta(days=91)
        due = overdue.overdue(gate)
        assert {(one.kind, one.what) for one in due} == {("raw", "bytes")}
        assert {one.days for one in due} == {90} and all(one.bytes > 100 for one in due)
        everything(gate)
        assert overdue.overdue(gate) == []


def test_every_purge_stands_in_the_audit_trail(site):
    with site.gate() as gate:
        settled(site, gate)
        site.clock.at += timedelta(days=91)
        purge.purge(gate, "O:ana")
        rows = [row for row in site.rows(gate, "audit") if row["action"] == "purge"]
        assert {row["after"] for row in rows} == {"bytes", "raw"} and {row["who"] for row in rows} == {"O:ana"}


def test_a_file_that_another_purge_has_cleared_meanwhile_is_not_cleared_twice(site, monkeypatch):
    short(site)
    with site.gate() as gate:
        settled(site, gate)
        site.clock.at += timedelta(days=61)
        clear, first = clearing._file, []

        def after_another(*facts):
            if not first:
                first.append(clear(*facts))
            return clear(*facts)

        monkeypatch.setattr(clearing, "_file", after_another)
        everything(gate)
        done = [row["file"] for row in site.rows(gate, "cleared") if row["kind"] == "findings"]
        assert first == [True] and sorted(done) == sorted({*done}) == sorted(site.ids(gate, "file"))
