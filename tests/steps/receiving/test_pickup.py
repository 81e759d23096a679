"""Files at a partner become files of ours, once in effect, whatever the partner, the line and our disk do meanwhile."""

import os
from contextlib import suppress
from datetime import timedelta

import pytest

from gateway.findings.errors import PartnerUnreachable, RemotePathMissing
from gateway.journal.store import JournalUnavailable
from gateway.steps.receiving.pickup import SpoolUnwritable
from gateway.steps.watching.overview import overview
from tests.steps.answers import response
from tests.steps.killing import Killed, dying
from tests.steps.test_exchange import itmatt
from tests.steps.wires import cut_short, failing


def files(site, gate):
    return {row["name"].decode(): row["state"] for row in site.rows(gate, "file")}


def waits(gate):
    with gate.journal.read() as conn:
        return {one.what: one.count for one in overview(gate, conn).waiting}


def mail(number, items=1):
    return itmatt(items, number, reference=f"ITM{number}")


def test_two_formats_share_a_folder_by_their_patterns(site):
    rule = "upu/itmatt-1.5: {from: out/*.xml, complete: rename, after: move to done/}"
    other = "customs/uk/response: {from: out/*.res, complete: stable 2 polls 1s, after: none}"
    site.change("partners/example-post.yaml", rule, f"{rule}\n  {other}")
    with site.gate() as gate:
        site.post(mail(1), "a.xml")
        site.post(response("01", "GW1X").encode(), "b.res")
        for _ in range(4):
            site.poll(gate)
            site.clock.at += timedelta(seconds=1)
        formats = {row["name"]: row["format"] for row in site.rows(gate, "file")}
        assert formats == {b"a.xml": "upu/itmatt-1.5", b"b.res": "customs/uk/response"}
        assert (site.folder / "post/out/b.res").exists(), "`after: none` is of its own rule"
        assert not (site.folder / "post/out/a.xml").exists()


def test_one_file_that_the_partner_does_not_let_us_read_costs_no_other(site):
    fetch = failing(b"/2.xml", RemotePathMissing)
    with site.gate() as gate:
        for number in range(4):
            site.post(mail(number), f"{number}.xml")
        assert site.poll(gate, fetch=fetch) == 3
        assert files(site, gate)["2.xml"] == "sighted" and site.codes(gate, "file") == {"DLV611"}
        assert site.poll(gate, fetch=fetch) == 0 and len(site.rows(gate, "file")) == 4
        assert site.poll(gate) == 1, "it is tried again, under its row"
        assert set(files(site, gate).values()) == {"received"} and site.codes(gate) == set()


def test_a_line_that_breaks_during_a_round_leaves_nothing_half_done(site):
    fetch = failing(b"/1.xml", PartnerUnreachable)
    with site.gate() as gate:
        for number in range(3):
            site.post(mail(number), f"{number}.xml")
        with pytest.raises(PartnerUnreachable):
            site.poll(gate, fetch=fetch)
        assert sorted(files(site, gate).values()) == ["received", "received", "sighted"]
        site.run(gate)
        assert len(site.filed()) == 3 and site.violations(gate) == []


def test_our_own_full_disk_is_not_the_partners_fault_and_loses_nothing(site):
    def fetch(*_):
        raise OSError(28, "No space left on device")

    with site.gate() as gate:
        site.post(mail(1), "a.xml")
        with pytest.raises(SpoolUnwritable):
            site.poll(gate, fetch=fetch)
        assert files(site, gate) == {"a.xml": "sighted"}
        assert (site.folder / "post/out/a.xml").exists()
        site.run(gate)
        assert len(site.filed()) == 1


def test_a_round_that_broke_off_is_taken_up_by_the_next_poll(site, monkeypatch):
    from gateway.steps.receiving import pickup

    with site.gate() as gate:
        site.post(mail(1), "a.xml")
        site.post(mail(2), "b.xml")
        with monkeypatch.context() as patch, suppress(ZeroDivisionError):
            patch.setattr(pickup, "receive", lambda *_: 1 / 0)
            site.poll(gate)
        assert set(files(site, gate).values()) == {"fetching"}
        fetched = []
        site.poll(gate, fetch=lambda whole, path, size: fetched.append(path) or whole(path, size))
        assert fetched == [], "the bytes are in the spool: nothing is fetched again"
        assert set(files(site, gate).values()) == {"received"}
        site.run(gate)
        assert len(site.filed()) == 2 and site.violations(gate) == []


@pytest.mark.parametrize("moment", ["pickup.keep.after", "pickup.receive.before", "pickup.receive.commit"])
def test_what_was_cut_short_before_a_death_waits_for_a_person_after_it(site, monkeypatch, moment):
    site.post(mail(1), "a.xml")
    with site.gate() as gate, dying(monkeypatch, moment), pytest.raises(Killed):
        site.poll(gate, fetch=cut_short(site.folder / "post", 100))
    with site.gate() as gate:
        site.run(gate)
        (file,) = site.rows(gate, "file")
        assert (file["state"], site.codes(gate, "file")) == ("suspect", {"DLV626"})
        assert b"a.xml" in site.rows(gate, "finding")[0]["masked"].encode() and site.filed() == {}


def test_what_was_cut_short_is_no_message_when_the_journal_was_away_for_a_moment(site, monkeypatch):
    from gateway.steps.receiving import pickup

    def away(*_):
        raise JournalUnavailable

    site.post(mail(1), "a.xml")
    with site.gate() as gate:
        with monkeypatch.context() as patch:
            patch.setattr(pickup, "receive", away)
            with pytest.raises(JournalUnavailable):
                site.poll(gate, fetch=cut_short(site.folder / "post", 100))
        site.run(gate)
        assert (files(site, gate), site.codes(gate, "file")) == ({"a.xml": "suspect"}, {"DLV626"})


def test_a_file_that_vanishes_while_it_is_read_is_kept_and_waits_for_a_person(site):
    def lstat(whole, path):
        (site.folder / "post/out/a.xml").unlink(missing_ok=True)
        return whole(path)

    with site.gate() as gate:
        site.post(mail(1), "a.xml")
        site.poll(gate, lstat=lstat)
        (file,) = site.rows(gate, "file")
        assert (file["state"], site.codes(gate, "file")) == ("suspect", {"DLV626"})
        with gate.journal.read() as conn:
            assert gate.blobs.read(conn, file["blob"]) == mail(1)


def test_a_file_that_grows_while_it_is_read_is_read_again(site):
    def lstat(whole, path):
        with suppress(FileNotFoundError), (site.folder / "post/out/a.xml").open("ab") as file:
            file.write(b"\n")
        return whole(path)

    with site.gate() as gate:
        site.post(mail(1), "a.xml")
        assert site.poll(gate, lstat=lstat) == 0 and files(site, gate) == {"a.xml": "sighted"}
        assert site.poll(gate) == 1 and files(site, gate) == {"a.xml": "received"}


def test_another_file_that_takes_the_name_before_we_tidy_is_not_deleted(site):
    with site.gate() as gate:
        site.post(mail(1), "a.xml")
        held = []

        def move(_whole, path, _to):  # the first time the partner forbids it
            held.append(path)
            raise RemotePathMissing

        site.poll(gate, move=move)
        assert held and files(site, gate) == {"a.xml": "received"}

        def scan(whole, directory):
            listed = list(whole(directory))
            if directory == "out":
                site.post(mail(2, 3), "a.xml")  # between the listing and the move
            return iter(listed)

        site.poll(gate, scan=scan)
        assert (site.folder / "post/out/a.xml").exists()
        site.run(gate)
        assert len(site.rows(gate, "file")) == 2 and len(site.filed()) == 4


def test_a_file_that_comes_again_under_the_same_name_and_time_is_read_again(site):
    with site.gate() as gate:
        for _ in range(2):
            site.post(mail(1), "a.xml")
            os.utime(site.folder / "post/out/a.xml", (1000, 1000))
            site.run(gate)
        assert site.states(gate, "file") == {"read": 1, "refused": 1} and site.codes(gate, "file") == {"RTE122"}


def test_what_we_may_not_remove_is_not_read_twice(site):
    site.change("partners/example-post.yaml", "after: move to done/", "after: none")
    with site.gate() as gate:
        site.post(mail(1), "a.xml")
        for _ in range(3):
            site.run(gate)
            site.poll(gate)
        assert files(site, gate) == {"a.xml": "read"}


def test_a_folder_at_fault_keeps_no_other_from_being_read(site):
    rule = "upu/itmatt-1.5: {from: out/*.xml, complete: rename, after: move to done/}"
    site.change(
        "partners/example-post.yaml", rule, f"customs/uk/response: {{from: away/*.xml, complete: rename}}\n  {rule}"
    )
    with site.gate() as gate:
        site.post(mail(1), "a.xml")
        with pytest.raises(RemotePathMissing):
            site.poll(gate)
        assert files(site, gate) == {"a.xml": "received"}


def test_a_file_beyond_the_limit_is_left_where_it_is_until_the_limit_is_raised(site):
    site.change("gateway.yaml", "retention:", "limits: {file: 1 kB}\nretention:")
    with site.gate() as gate:
        site.post(mail(1), "a.xml")
        site.run(gate)
        site.run(gate)
        assert files(site, gate) == {"a.xml": "sighted"} and site.codes(gate, "file") == {"DLV623"}
        said = next(row["masked"] for row in site.rows(gate, "finding"))
        assert '"name":"a.xml"' in said and f'"size":"{len(mail(1))}"' in said
    site.change("gateway.yaml", "1 kB", "1 MB")
    with site.gate() as gate:
        site.run(gate)
        assert files(site, gate) == {"a.xml": "read"} and site.codes(gate, "file") == set()


def test_a_file_that_could_not_be_read_and_is_taken_back_waits_for_nobody(site):
    site.change("gateway.yaml", "retention:", "limits: {file: 1 kB}\nretention:")
    with site.gate() as gate:
        site.post(mail(1), "a.xml")
        site.post(mail(2), "b.xml")
        site.run(gate)
        assert waits(gate) == {"files that cannot be fetched": 2}
        (site.folder / "post/out/a.xml").unlink()
        site.run(gate)
        assert waits(gate) == {"files that cannot be fetched": 1}


def test_a_partner_has_limits_of_its_own(site):
    site.change("gateway.yaml", "retention:", "limits: {file: 1 kB}\nretention:")
    site.change("partners/example-post.yaml", "sends:", "limits: {file: 1 MB, item: 500 kB}\nsends:")
    with site.gate() as gate:
        site.post(mail(1), "a.xml")
        site.run(gate)
        assert files(site, gate) == {"a.xml": "read"}
        post, customs = gate.limits("example-post.live"), gate.limits("uk-customs.live")
        assert (post.file_bytes, post.item_bytes, post.items) == (1_000_000, 500_000, 50_000)
        assert (customs.file_bytes, customs.item_bytes) == (1_000, 1_000_000)
        assert gate.limits("gone.live") == customs


@pytest.mark.parametrize(
    ("cap", "state", "code"), [("items: 2", "refused", "SRC214"), ("item: 1 kB", "read", "SRC230")]
)
def test_limits_of_a_partner_hold_for_what_is_read(site, cap, state, code):
    site.change("partners/example-post.yaml", "sends:", f"limits: {{{cap}}}\nsends:")
    with site.gate() as gate:
        site.post(mail(1, 3), "a.xml")
        site.run(gate)
        assert files(site, gate) == {"a.xml": state} and code in site.codes(gate)
