"""A file that is ours and cannot be put away is told, shown, looked for by the doctor, and put away when it can be."""

import pytest

from gateway.runner.examine import examined
from gateway.steps import putaway
from gateway.steps.overview import overview
from tests.steps.test_exchange import itmatt

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
    def broken(*_):
        raise ZeroDivisionError

    monkeypatch.setattr(putaway, "tidy", broken)
    with site.gate() as gate:
        site.post(itmatt(1), "a.xml")
        site.run(gate)
        assert WAITS in waits(gate) and len(site.filed()) == 1


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
