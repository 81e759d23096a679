"""What an item is beside what its dossier holds: new, a repeat, newer, late, or otherwise than what was filed."""

import re

import pytest

from gateway.journal import schema
from gateway.steps.declaring.versions import Earlier, find_dossier
from gateway.steps.reading import intake, translate
from gateway.steps.repeating import operate
from gateway.steps.working.translation import perform
from tests.steps.answers import response
from tests.steps.test_exchange import itmatt

UNITS = rb"<number-of-units>(\d+)<"


def units(data, number):
    return re.sub(UNITS, b"<number-of-units>%d<" % number, data)


def one(reference, number=5, **facts):
    """Units are counted and gross weights differ: customs is told of the weight alone."""
    data = units(itmatt(1, reference=reference, **facts), number)
    return re.sub(rb"(<gross-weight>0\.)(?!000)\d\d\d<", rb"\g<1>9%02d<" % number, data)


def twice(first, second):
    """Both items in one file."""
    item = re.search(rb"<item>.*</item>\n", second, re.DOTALL)[0]
    return first.replace(b"</item>\n", b"</item>\n" + item)


def versions(site, gate):
    """State and units of each version, in the order of their places."""
    found = sorted((row["file"], row["seq"], row["state"]) for row in site.rows(gate, "item"))
    return [state for *_, state in found]


def pause(gate):
    operate.switch(gate, "route", "uk-h7", "paused", "O:tester")


def resume(gate):
    operate.switch(gate, "route", "uk-h7", "active", "O:tester")


def give_back(site, gate, state):
    (item,) = site.ids(gate, "item", state=state)
    operate.give_back(gate, item, "O:tester")


def bring(site, gate, data, name):
    site.post(data, name)
    site.run(gate)


def test_the_same_item_twice_in_one_file_is_filed_once(site):
    with site.gate() as gate:
        bring(site, gate, twice(one("A"), one("A")), "a.xml")
        assert versions(site, gate) == ["accepted", "repeat"] and len(site.filed()) == 1
        assert site.violations(gate) == []


def test_two_versions_of_an_item_in_one_file_file_the_second(site):
    with site.gate() as gate:
        bring(site, gate, twice(one("A", 5), one("A", 7)), "a.xml")
        assert versions(site, gate) == ["superseded", "accepted"]
        (filed,) = site.filed().values()
        assert site.states(gate, "filing") == {"withdrawn": 1, "lodged": 1} and site.violations(gate) == []
        assert b"7" in re.search(rb"<SupplementaryQuantity|<TariffQuantity>.*?</TariffQuantity>|7", filed)[0]


def test_an_older_version_that_is_settled_later_changes_nothing(site):
    """Two workers: the batch of the second file is done first."""
    with site.gate() as gate:
        for name, data in (("a.xml", one("A", 5)), ("b.xml", one("B", 7))):
            site.post(data, name)
            site.poll(gate)
        intake.intake(gate)
        first, second = (
            (taken, perform(type(job)((each,))))
            for taken, job in translate.take(gate, 1)
            for taken, each in zip([[t] for t in taken], job.jobs, strict=True)
        )
        translate.finish(gate, *second)
        translate.finish(gate, *first)
        site.run(gate)
        assert versions(site, gate) == ["superseded", "accepted"] and len(site.filed()) == 1
        assert "RTE129" in site.codes(gate, "item") and site.violations(gate) == []


def test_files_are_read_in_the_order_in_which_they_were_left(site):
    import os

    with site.gate() as gate:
        for name, number, at in (("z.xml", 5, 1000), ("a.xml", 7, 2000)):
            site.post(one(name, number), name)
            os.utime(site.folder / "post/out" / name, (at, at))
        site.run(gate)
        assert versions(site, gate) == ["superseded", "accepted"]
        names = [row["name"] for row in sorted(site.rows(gate, "file"), key=lambda row: row["id"])]
        assert names == [b"z.xml", b"a.xml"]


def test_a_newer_version_takes_the_place_of_one_that_was_held_to_replace_a_filed_one(site):
    with site.gate() as gate:
        for name, number in (("a", 5), ("b", 6), ("c", 7)):
            bring(site, gate, one(name, number), f"{name}.xml")
        assert versions(site, gate) == ["accepted", "superseded", "held"] and len(site.filed()) == 1
        operate.release(gate, *site.ids(gate, "item", state="held"), ["RTE125"], "O:tester")
        site.run(gate)
        assert len(site.filed()) == 1, "the change waits until customs has told the MRN"
        site.say(response("01", next(iter(site.filed())).removesuffix(".xml")), "1.xml")
        site.run(gate)
        assert len(site.filed()) == 2 and site.violations(gate) == []


def test_a_held_version_of_a_filed_item_cannot_be_released_without_knowing_that(site):
    with site.gate() as gate:
        bring(site, gate, one("a"), "a.xml")
        bring(site, gate, itmatt(1, reference="b", faults={1: "units-zero"}), "b.xml")
        (held,) = site.ids(gate, "item", state="held")
        codes = [row["code"] for row in site.rows(gate, "finding") if row["severity"] == "error"]
        assert len(codes) == 2 and "RTE125" in codes
        with pytest.raises(operate.NotPossible, match="RTE125"):
            operate.release(gate, held, [code for code in codes if code != "RTE125"], "O:tester")
        assert len(site.filed()) == 1


def test_a_retry_cannot_get_around_what_was_filed_already(site):
    with site.gate() as gate:
        bring(site, gate, one("a"), "a.xml")
        bring(site, gate, one("b", 7), "b.xml")
        assert operate.retry(gate, *site.ids(gate, "item", state="held"), "O:tester") == "held"
        site.run(gate)
        assert len(site.filed()) == 1 and site.violations(gate) == []


def test_a_retry_of_an_old_version_does_not_push_a_newer_one_out(site):
    with site.gate() as gate:
        pause(gate)
        bring(site, gate, re.sub(rb"<gross-weight>[^<]*<", b"<gross-weight>0.000<", one("a")), "a.xml")
        (old,) = site.ids(gate, "item")
        with gate.journal.write() as conn:  # the rule that held it is gone today
            conn.exec_driver_sql("update item set state = 'held'")
        bring(site, gate, one("b", 7), "b.xml")
        assert versions(site, gate) == ["superseded", "accepted"]
        with pytest.raises(operate.NotPossible):
            operate.retry(gate, old, "O:tester")
        resume(gate)
        site.run(gate)
        assert len(site.filed()) == 1 and site.violations(gate) == []


def test_a_quarantined_version_that_is_retried_after_a_newer_one_came_is_held(site):
    with site.gate() as gate:
        bring(site, gate, one("a", faults={1: "gross-zero"}), "a.xml")
        bring(site, gate, one("b", 7), "b.xml")
        assert versions(site, gate) == ["quarantined", "accepted"]
        (old,) = site.ids(gate, "item", state="quarantined")
        mended = one("a")
        _mend(gate, old, mended)
        assert operate.retry(gate, old, "O:tester") == "held" and "RTE129" in site.codes(gate, "item")
        site.run(gate)
        assert len(site.filed()) == 1
        operate.release(gate, old, ["RTE129"], "O:tester")
        site.say(response("01", next(iter(site.filed())).removesuffix(".xml")), "1.xml")
        site.run(gate)
        assert len(site.filed()) == 2 and site.violations(gate) == []


def _mend(gate, item, data):
    """Other bytes for an item, as if the table had been corrected."""
    with gate.journal.read() as conn:
        from gateway.steps.ground import source

        row = source.item_row(conn, item)
        path = gate.blobs.path_of(conn, row["blob"])
    path.write_bytes(data)
    start = data.index(b"<item>")
    with gate.journal.write() as conn:
        length = data.index(b"</item>") + 7 - start
        conn.execute(schema.item.update().where(schema.item.c.id == item).values(offset=start, length=length))


def test_to_return_a_bad_version_leaves_the_good_one_alone(site):
    with site.gate() as gate:
        pause(gate)
        bring(site, gate, one("a"), "a.xml")
        bring(site, gate, one("b", faults={1: "gross-zero"}), "b.xml")
        give_back(site, gate, "quarantined")
        assert site.states(gate, "filing") == {"written": 1}
        resume(gate)
        site.run(gate)
        assert len(site.filed()) == 1 and site.violations(gate) == []


def test_a_returned_item_that_comes_again_is_looked_at_again(site):
    with site.gate() as gate:
        bring(site, gate, itmatt(1, reference="a", faults={1: "units-zero"}), "a.xml")
        give_back(site, gate, "held")
        site.run(gate)
        assert versions(site, gate) == ["closed"] and "ERR" in site.answers()
        bring(site, gate, itmatt(1, reference="b", faults={1: "units-zero"}), "b.xml")
        assert versions(site, gate) == ["closed", "held"], "not a repeat of what was given back"
        operate.release(gate, *site.ids(gate, "item", state="held"), sorted(site.codes(gate, "item")), "O:tester")
        site.run(gate)
        assert len(site.filed()) == 1 and site.violations(gate) == []


def test_an_item_without_a_posting_date_is_one_parcel_whenever_it_comes(site):
    from datetime import timedelta

    with site.gate() as gate:
        for name in ("a", "b"):
            bring(site, gate, re.sub(rb" *<posting-date>[^<]*</posting-date>\n", b"", one(name)), f"{name}.xml")
            site.clock.at += timedelta(days=1)
        assert len(site.rows(gate, "dossier")) == 1


def test_a_posting_date_that_is_none_quarantines_the_item_only(site):
    with site.gate() as gate:
        bring(site, gate, re.sub(rb"(<posting-date>)[^<]*<", rb"\g<1>2026-13-41<", itmatt(3), count=1), "a.xml")
        assert sorted(versions(site, gate)) == ["accepted", "accepted", "quarantined"]


def test_the_nearest_dossier_within_a_year_is_the_parcel():
    old, new = Earlier("1", "2025-01-10"), Earlier("2", "2026-01-05")
    assert find_dossier([old, new], "2025-12-30") is new
    assert find_dossier([old, new], "2027-06-01") is None
    assert find_dossier([], "0001-01-01") is None


def test_an_empty_interchange_waits_for_a_person(site):
    with site.gate() as gate:
        bring(site, gate, itmatt(0), "a.xml")
        assert site.states(gate, "file") == {"refused": 1} and site.codes(gate) == {"SRC206"}
        (file,) = site.ids(gate, "file")
        assert operate.retry(gate, file, "O:tester") == "received"
        site.run(gate)
        assert site.states(gate, "file") == {"refused": 1} and site.violations(gate) == []
