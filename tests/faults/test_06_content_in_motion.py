"""Row 6, content in motion: what partners do to files while we look at them, and what they leave lying that is none.

One test for each; the policy is that a file is taken when it is whole, once, under whatever name, and that nothing is
lost, changed or waited for that is not a file.
"""

import os
import socket
import time
from contextlib import suppress
from datetime import timedelta
from pathlib import Path

import pytest

from gateway.steps.receiving import listing
from tests.steps.test_exchange import itmatt

STABLE = ("complete: rename", "complete: stable 2 polls 30s")


def mail(number=1, items=1):
    return itmatt(items, number, reference=f"ITM{number}")


def out(site, name="a.xml"):
    return site.folder / "post/out" / name


def files(site, gate):
    return {row["name"]: row["state"] for row in site.rows(gate, "file")}


def content(site, gate, name=b"a.xml"):
    """The bytes that we hold of a name, oldest first."""
    blobs = [row["blob"] for row in site.rows(gate, "file") if row["name"] == name]
    with gate.journal.read() as conn:
        return [gate.blobs.read(conn, blob) for blob in blobs]


def alarms(site, gate):
    """Open alarms; each is one, however often it was seen."""
    return {row["code"] for row in site.rows(gate, "alert") if row["cleared_at"] is None}


def whole(site, gate):
    """Half a minute passes, then the folder is looked at."""
    site.clock.at += timedelta(seconds=31)
    return site.poll(gate)


def test_a_file_that_grows_is_left_until_it_has_stood_still(site):
    site.change("partners/example-post.yaml", *STABLE)
    data = mail(1, 3)
    with site.gate() as gate:
        for part in range(1, 5):
            out(site).write_bytes(data[: len(data) * part // 4])
            assert whole(site, gate) == 0
        assert whole(site, gate) == 1 and content(site, gate) == [data]


def test_a_file_that_shrinks_while_it_is_read_is_read_again(site):
    def fetch(full, path, size):
        out(site).write_bytes(mail(1)[: size // 2])
        return full(path, size)

    with site.gate() as gate:
        site.post(mail(1))
        assert site.poll(gate, fetch=fetch) == 0 and files(site, gate) == {b"a.xml": "sighted"}
        site.post(mail(1))
        assert site.poll(gate) == 1 and content(site, gate) == [mail(1)]


def test_a_file_that_is_replaced_while_it_is_read_is_read_again(site):
    def lstat(full, path):
        if b"out/" in path:
            site.post(mail(2, 2))
        return full(path)

    with site.gate() as gate:
        site.post(mail(1))
        assert site.poll(gate, lstat=lstat) == 0
        assert site.poll(gate) == 1 and content(site, gate) == [mail(2, 2)]


def test_a_name_that_is_used_again_is_another_file(site):
    with site.gate() as gate:
        for number in (1, 2):
            site.post(mail(number))
            site.run(gate)
        assert content(site, gate) == [mail(1), mail(2)]
        assert site.states(gate) == {"accepted": 2} and len(list((site.folder / "post/done").iterdir())) == 2


def test_a_name_that_is_used_again_for_as_many_bytes_at_the_same_second_is_another_file(site):
    with site.gate() as gate:
        same = [mail(1), mail(1).replace(b"ITM1", b"ITM2")]
        for data in same:
            site.post(data)
            os.utime(out(site), (1_000_000, 1_000_000))
            site.run(gate)
        assert len({len(data) for data in same}) == 1 and content(site, gate) == same


def test_the_same_content_under_another_name_is_kept_told_and_filed_once(site):
    with site.gate() as gate:
        for name in ("a.xml", "b.xml"):
            site.post(mail(1), name)
            site.run(gate)
        assert files(site, gate) == {b"a.xml": "read", b"b.xml": "refused"} and site.codes(gate, "file") == {"RTE122"}
        assert content(site, gate, b"b.xml") == [mail(1)] and len(site.filed()) == 1


def test_an_empty_file_is_kept_and_told(site):
    site.change("partners/example-post.yaml", *STABLE)
    with site.gate() as gate:
        out(site).touch()
        assert whole(site, gate) == 0, "its sender may be about to write it"
        site.run(gate)
        assert whole(site, gate) == 1
        site.run(gate)
        (file,) = site.rows(gate, "file")
        assert file["state"] == "refused" and site.codes(gate, "file")
        assert (site.folder / "post/done/a.xml").exists(), "nothing is deleted silently"


def test_a_done_file_before_its_file_waits_for_it(site):
    site.change("partners/example-post.yaml", "complete: rename", "complete: done-file *.done")
    with site.gate() as gate:
        out(site, "a.xml.done").touch()
        assert site.poll(gate) == 0 and files(site, gate) == {}
        site.post(mail(1))
        assert site.poll(gate) == 1 and content(site, gate) == [mail(1)]
        assert not list((site.folder / "post/out").iterdir()), "both are put away"


def test_a_file_without_its_done_file_is_left(site):
    site.change("partners/example-post.yaml", "complete: rename", "complete: done-file *.done")
    with site.gate() as gate:
        site.post(mail(1))
        for _ in range(3):
            assert whole(site, gate) == 0
        out(site, "a.done").touch()
        assert whole(site, gate) == 1


@pytest.mark.parametrize("mtime", [0, 1, 2**31 + 5, 4_000_000_000], ids=["1970", "one", "2038", "2096"])
def test_a_file_of_the_past_or_the_future_is_taken_as_any_other(site, mtime):
    site.change("partners/example-post.yaml", *STABLE)
    with site.gate() as gate:
        site.post(mail(1))
        os.utime(out(site), (mtime, mtime))
        assert whole(site, gate) == 0 and whole(site, gate) == 1
        site.run(gate)
        assert site.states(gate) == {"accepted": 1}


MANY = 700


@pytest.mark.parametrize("after", ["move to done/", "none"])
def test_a_folder_with_more_names_than_one_poll_looks_at_is_emptied_by_several(site, monkeypatch, after):
    monkeypatch.setattr(listing, "ENOUGH", 300)
    monkeypatch.setattr(listing, "AT_ONCE", 100)
    site.change("partners/example-post.yaml", "after: move to done/", f"after: {after}")
    with site.gate() as gate:
        for number in range(MANY):
            out(site, f"{number:05}.xml").write_bytes(b"%d" % number)
        came = [site.poll(gate) for _ in range(3)]
        assert sum(came) == MANY, came
        assert {row["state"] for row in site.rows(gate, "file")} == {"received"}


NAMES = [b"lat-\xe9.xml", b"new\nline.xml", b"\x1b[2J.xml", b"a b'\"`$(x);&|.xml", "\u202eabc\u200b.xml".encode()]


@pytest.mark.parametrize("name", NAMES, ids=["no UTF-8", "newline", "ESC", "shell", "bidirectional"])
def test_a_name_of_any_bytes_is_data_and_costs_no_other_file(site, name):
    with site.gate() as gate:
        site.post(mail(1), "b.xml")
        (site.folder / "post/out" / os.fsdecode(name)).write_bytes(mail(2))
        site.run(gate)
        assert files(site, gate) == {b"b.xml": "read", name: "read"} and len(site.filed()) == 2
        assert os.fsencode(next((site.folder / "post/done").glob("*[!b].xml")).name) == name
        assert all(path.name.isascii() for path in (site.folder / "state/spool").rglob("*")), "never a local path"


def fifo(path):
    os.mkfifo(path)


def link(path):
    (path.parent.parent / "theirs.xml").write_bytes(mail(9))
    path.symlink_to("../theirs.xml")


def dangling(path):
    path.symlink_to("/nowhere")


def folder(path):
    path.mkdir()
    (path / "inside.xml").write_bytes(mail(9))


def listener(path):
    with suppress(OSError), socket.socket(socket.AF_UNIX) as sock:
        at = Path.cwd()
        os.chdir(path.parent)  # a path of a socket has at most 107 bytes
        try:
            sock.bind(path.name)
        finally:
            os.chdir(at)


@pytest.mark.parametrize("lay", [fifo, link, dangling, folder, listener])
def test_what_is_no_file_is_left_alone_and_costs_no_other(site, lay):
    with site.gate() as gate:
        lay(out(site, "odd.xml"))
        site.post(mail(1), "b.xml")
        start = time.monotonic()
        site.run(gate)
        assert time.monotonic() - start < 60, "nothing waits for whoever would write into it"
        assert files(site, gate)[b"b.xml"] == "read" and len(site.filed()) == 1
        assert os.path.lexists(out(site, "odd.xml"))
        assert b"odd.xml" not in files(site, gate) and alarms(site, gate) == {"DLV622"}


def test_a_name_that_fits_no_pattern_is_told_once_and_left_alone(site):
    with site.gate() as gate:
        out(site, "readme.txt").write_bytes(b"for you")
        for _ in range(3):
            assert site.poll(gate) == 0
        assert alarms(site, gate) == {"DLV624"} and out(site, "readme.txt").exists()
