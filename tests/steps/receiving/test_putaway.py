"""A file that is ours and cannot be put away is told, shown, looked for by the doctor, and put away when it can be."""

import pytest

from gateway.demo.folder import Folder
from gateway.runner.examine import examined
from gateway.settings.values import Tidy
from gateway.steps.receiving import putaway
from gateway.steps.watching.overview import overview
from gateway.transport import Target, open_line, talk
from gateway.transport.plain import Plain
from gateway.transport.tidy import tidy
from tests.faults.far import line_to, odd, poll
from tests.steps.killing import Killed, dying
from tests.steps.test_exchange import itmatt
from tests.steps.wires import Odd
from tests.transport.test_server_variety import NoExtensions, RenameOverwrites

WAITS = "files that the partner keeps although they are ours"


def waits(gate):
    with gate.journal.read() as conn:
        return {one.what: (one.count, one.codes, one.next) for one in overview(gate, conn).waiting}


@pytest.fixture
def done(site):
    """The folder for what we have, which the partner forgot."""
    folder = site.folder / "post/done"
    folder.rmdir()
    return folder


def test_a_missing_folder_is_told_once_and_shown_until_it_is_there(site, done):
    with site.gate() as gate:
        site.post(itmatt(1), "a.xml")
        for _ in range(3):
            site.run(gate)
        assert [row["code"] for row in site.rows(gate, "finding") if row["subject_kind"] == "file"] == [putaway.CODE]
        assert waits(gate)[WAITS] == (1, ((putaway.CODE, 1),), "gateway doctor")
        assert len(site.filed()) == 1 and (site.folder / "post/out/a.xml").exists()
        done.mkdir()
        site.run(gate)
        assert waits(gate) == {} and site.codes(gate, "file") == set()
        assert (done / "a.xml").exists() and not (site.folder / "post/out/a.xml").exists()


def test_a_bug_over_one_file_is_told_like_a_refusal(site, monkeypatch):
    def broken(*_, **__):
        raise ZeroDivisionError

    monkeypatch.setattr(putaway, "tidy", broken)
    with site.gate() as gate:
        site.post(itmatt(1), "a.xml")
        site.run(gate)
        assert WAITS in waits(gate) and len(site.filed()) == 1


@pytest.mark.parametrize("after", ["delete", "move to done/"])
def test_a_done_file_outlives_no_file_that_it_speaks_of(site, monkeypatch, after):
    """Killed between the two: what the partner begins to write tomorrow is not taken for whole."""
    rule = "complete: rename, after: move to done/"
    site.change("partners/example-post.yaml", rule, f"complete: done-file *.done, after: {after}")
    out, today = site.folder / "post/out", itmatt(1)
    site.post(today, "a.xml")
    (out / "a.xml.done").touch()
    with site.gate() as gate, dying(monkeypatch, "tidy.put_away.after"), pytest.raises(Killed):
        site.poll(gate)  # `a.xml.done` is away, and the file not yet
    assert [file.name for file in out.iterdir()] == ["a.xml"]
    with site.gate() as gate:
        site.poll(gate)
        assert list(out.iterdir()) == [], "it leads us back without its done-file"
        site.post(itmatt(1, 2, reference="ITM2")[:400], "a.xml")
        for _ in range(2):
            site.poll(gate)
        assert site.states(gate, "file") == {"received": 1} and (out / "a.xml").exists()


@pytest.mark.parametrize("probed", [True, False])
@pytest.mark.parametrize("server", [Folder, RenameOverwrites, NoExtensions])
def test_what_lies_there_already_is_kept_whatever_a_rename_does(site, server, probed):
    if probed:
        site.change("partners/example-post.yaml", "live: {environment", "live: {probe: probe, environment")
        (site.folder / "post/probe").mkdir()
    with site.gate() as gate, odd(site, "post", server) as far, line_to(far) as wire:
        for number, day in enumerate(("monday", "tuesday", "wednesday")):
            site.post(day.encode() + itmatt(1, number), "a.xml")
            assert poll(site, gate, wire) == 1
    kept = {file.name: file.read_bytes().partition(b"<")[0] for file in (site.folder / "post/done").iterdir()}
    assert kept == {"a.xml": b"monday", "a.xml.2": b"tuesday", "a.xml.3": b"wednesday"}


def test_where_a_rename_refuses_nothing_is_looked_at_before(site):
    looked = []

    def lstat(whole, path):
        looked.append(path)
        return whole(path)

    for refuses in (True, False):
        looked.clear()
        site.post(itmatt(1), "a.xml")
        rule = Tidy("move", "done")
        with open_line(Target("directory", path=str(site.folder / "post"))) as line:
            talk.now(tidy(Plain(Odd(line, lstat=lstat), site.crew), rule, "out", b"a.xml", refuses=refuses), 5)
        assert bool(looked) != refuses


def diagnosed(gate, name):
    """What the doctor says of a line's folders."""
    found = examined(gate.hub.settings, [gate.hub.connections[name]])
    return {one.what.removeprefix(f"{name}: "): one.grade for one in found}


def test_the_doctor_tries_the_folder_and_leaves_nothing_in_it(site):
    with site.gate() as gate:
        assert diagnosed(gate, "example-post.live") == dict.fromkeys(
            ("folder out/", "folder in/", "folder done/"), "ok"
        )
        assert list((site.folder / "post/done").iterdir()) == []


def test_the_doctor_misses_the_folder(site, done):
    with site.gate() as gate:
        assert diagnosed(gate, "example-post.live")[f"folder {done.name}/"] == "fail"


def test_the_doctor_says_when_the_folder_takes_nothing(site, done):
    done.write_text("a file")
    with site.gate() as gate:
        found = diagnosed(gate, "example-post.live")
        assert (found["folder in/"], found["folder done/"]) == ("ok", "fail")


def test_a_line_that_puts_nothing_away_has_no_such_folder(site):
    with site.gate() as gate:
        assert set(diagnosed(gate, "uk-customs.live")) == {"folder out/", "folder in/"}
