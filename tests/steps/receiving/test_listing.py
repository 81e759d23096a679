"""A folder is looked through as it is listed: bounded in memory and in work, and nobody starves behind others."""

import itertools
import os
import tracemalloc

import pytest
from sqlalchemy import insert, update

from gateway.findings.errors import RemotePathMissing
from gateway.journal import schema
from gateway.steps.receiving import listing
from gateway.steps.receiving.listing import look
from gateway.steps.receiving.looks import Looks
from gateway.steps.receiving.pickup import Pickup
from gateway.transport.line import Entry
from tests.steps.test_exchange import itmatt
from tests.steps.wires import cut_short

LINE = "example-post.live"


class Endless:
    """A line on which a folder never ends; counts how far it was read."""

    def __init__(self, name="%d.xml", count=None):
        self.name, self.count, self.read = name, count, 0

    def scan(self, _):
        for number in itertools.count() if self.count is None else range(self.count):
            self.read += 1
            yield Entry((self.name % number).encode(), 5, 1000 + number, "file")


@pytest.fixture
def gate(site):
    with site.gate() as gate:
        yield gate


def found_in(gate, wire, tried=()):
    line = gate.hub.connections[LINE]
    return look(gate, line, wire, line.inbound[0], tried, Looks(gate.clock).begin())


def test_a_listing_is_left_as_soon_as_enough_is_ready(gate, monkeypatch):
    monkeypatch.setattr(listing, "ENOUGH", 2000)
    wire = Endless()
    found = found_in(gate, wire)
    assert len(found.ready) == 2000 and wire.read == 2000 and not found.whole


def test_an_entry_that_is_listed_twice_comes_in_once(gate):
    class Twice(Endless):
        def scan(self, where):
            for entry in super().scan(where):
                yield from (entry, entry)

    found = found_in(gate, Twice(count=1500))
    assert len(found.to_fetch) == len({entry.name for entry in found.to_fetch}) == 1500 and found.whole


def test_what_is_ours_already_does_not_count(gate, monkeypatch, site):
    """The next poll finds the others behind it."""
    monkeypatch.setattr(listing, "ENOUGH", 1000)
    wire = Endless()
    found_in(gate, wire)
    one = {"id": "0" * 26, "connection": LINE, "environment": "production", "name": b"x", "state": "received"}
    with gate.journal.write() as conn:
        conn.execute(insert(schema.file).values(**one))
        conn.execute(update(schema.sighting).values(file_id=one["id"], tidied_at=gate.now()))
    site.change("partners/example-post.yaml", "after: move to done/", "after: none")
    with site.gate() as again:
        assert next(iter(found_in(again, Endless()).ready)) == b"1000.xml"


def test_what_was_tried_in_vain_comes_last_and_keeps_nobody_waiting(gate, monkeypatch):
    monkeypatch.setattr(listing, "ENOUGH", 1000)
    found = found_in(gate, Endless(), tried=[b"%d.xml" % number for number in range(500)])
    assert len(found.ready) == 1500 and len(found.again) == 500
    assert found.to_fetch[0].name == b"500.xml" and found.to_fetch[-1].name == b"499.xml"
    assert not found.missing


def test_a_hundred_thousand_names_cost_the_memory_of_a_thousand(gate):
    found_in(gate, Endless("%d.txt", 1000))
    tracemalloc.start()
    try:
        found = found_in(gate, Endless("a name of some length that fits no pattern %09d.txt", 100_000))
        peak = tracemalloc.get_traced_memory()[1]
    finally:
        tracemalloc.stop()
    assert found.whole and len(found.strange) == listing.TOLD
    assert peak < 2_000_000


def test_a_listing_that_never_ends_is_left(gate, monkeypatch):
    monkeypatch.setattr(listing, "LISTED", 5000)
    wire = Endless("%d.txt")
    assert found_in(gate, wire).whole and wire.read == 5000


def test_the_oldest_comes_in_first_whatever_the_order_of_the_listing(site, gate):
    def scan(whole, directory):
        return iter(sorted(whole(directory), key=lambda entry: entry.name, reverse=True))

    for number in (3, 1, 2):
        site.post(itmatt(1, number, reference=f"ITM{number}"), f"{number}.xml")
        os.utime(site.folder / f"post/out/{number}.xml", (1000 + number, 1000 + number))
    site.poll(gate, scan=scan)
    assert [row["name"] for row in sorted(site.rows(gate, "file"), key=lambda row: row["id"])] == [
        b"1.xml", b"2.xml", b"3.xml",
    ]  # fmt: skip


def test_a_done_file_may_be_listed_anywhere(site):
    """First, last, or seen only after its file: the file comes in once it is there."""
    site.change("partners/example-post.yaml", "complete: rename", 'complete: "done-file *.done"')
    site.change("partners/example-post.yaml", "from: out/*.xml", "from: out/*")
    with site.gate() as gate:
        site.post(itmatt(1, 1, reference="ITM1"), "b.xml")
        (site.folder / "post/out/b.xml.done").touch()
        (site.folder / "post/out/a.done").touch()
        for order in (False, True):
            site.poll(
                gate, scan=lambda whole, d, back=order: iter(sorted(whole(d), key=lambda e: e.name, reverse=back))
            )
        assert [row["name"] for row in site.rows(gate, "file")] == [b"b.xml"], "a done-file is no file, and waits"
        site.post(itmatt(1, 2, reference="ITM2"), "a.xml")
        site.poll(gate)
        assert sorted(row["name"] for row in site.rows(gate, "file")) == [b"a.xml", b"b.xml"]


def test_files_of_a_server_that_keeps_none_are_no_suspects(site, gate, monkeypatch):
    """The probe has shown that a file is gone there once it was read: all of its bytes are here."""
    monkeypatch.setattr("gateway.steps.receiving.pickup.reads_once", lambda *_: True)

    def lstat(whole, path):
        (site.folder / "post" / path.decode()).unlink(missing_ok=True)
        return whole(path)

    site.post(itmatt(1), "a.xml")
    line = gate.hub.connections[LINE]
    site.on(gate, LINE, lambda wire: Pickup(gate, line, site.crew).poll(wire), lstat=lstat)
    assert site.states(gate, "file") == {"received": 1} and site.codes(gate, "file") == set()


def test_a_file_that_is_cut_short_and_gone_is_kept_for_a_person(site, gate):
    """Some servers delete what is opened: what came is all there will ever be."""

    site.post(itmatt(1), "a.xml")
    site.poll(gate, fetch=cut_short(site.folder / "post", 10))
    assert site.states(gate, "file") == {"suspect": 1} and site.codes(gate, "file") == {"DLV626"}
    (blob,) = [row for row in site.rows(gate, "blob") if row["kind"] == "raw"]
    assert blob["size"] == 10


def test_a_name_that_we_leave_alone_is_told_until_it_is_gone(site, gate):
    odd = site.folder / "post/out/readme.txt"
    odd.write_text("for you")
    for _ in range(2):
        site.poll(gate)
    (alarm,) = site.rows(gate, "alert")
    assert (alarm["code"], alarm["subject"]) == ("DLV624", LINE)
    assert alarm["cleared_at"] is None
    odd.unlink()
    line = gate.hub.connections[LINE]
    pickup = Pickup(gate, line, site.crew)
    odd.write_text("again")
    site.on(gate, LINE, pickup.poll)
    odd.unlink()
    site.on(gate, LINE, pickup.poll)
    (alarm,) = site.rows(gate, "alert")
    assert alarm["cleared_at"] is not None


def test_a_folder_that_is_not_there_is_an_error_of_the_partner(site, gate):
    (site.folder / "post/out").rmdir()
    with pytest.raises(RemotePathMissing):
        site.poll(gate)
