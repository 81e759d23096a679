"""A ruleset is archived once, named by its content, and told apart from one that was changed."""

import os

import pytest

from gateway.ruleset import Archive, survey
from gateway.ruleset.archive import RulesetMissing


@pytest.fixture
def root(tmp_path):
    folder = tmp_path / "mappings"
    (folder / "upu" / "cases").mkdir(parents=True)
    (folder / "upu/a.yaml").write_text("format: upu/a")
    (folder / "upu/cases/one.yaml").write_text("a case decides nothing")
    return folder


@pytest.fixture
def archive(tmp_path):
    (tmp_path / "state/rulesets").mkdir(parents=True)
    return Archive(tmp_path / "state")


def test_pinning_twice_is_pinning_once(archive, root):
    first = archive.pin([root], b"{}")
    assert archive.pin([root], b"{}").hash == first.hash
    assert [p.name for p in archive.folder.iterdir()] == [first.hash]
    assert archive.verify(first.hash)


def test_an_edit_makes_another_ruleset_and_leaves_the_first(archive, root):
    first = archive.pin([root], b"{}")
    (root / "upu/a.yaml").write_text("format: upu/b")
    second = archive.pin([root], b"{}")
    assert first.hash != second.hash
    assert (archive.roots(first.hash)[0] / "upu/a.yaml").read_text() == "format: upu/a"


def test_settings_count_and_cases_do_not(root):
    plain = survey([root], b"{}").hash
    (root / "upu/cases/one.yaml").write_text("changed")
    assert survey([root], b"{}").hash == plain != survey([root], b"{1}").hash


def test_a_changed_archive_is_seen(archive, root):
    hash_ = archive.pin([root], b"{}").hash
    (archive.roots(hash_)[0] / "upu/a.yaml").write_text("tampered")
    assert not archive.verify(hash_)


def test_a_ruleset_that_is_not_there_is_said(archive):
    with pytest.raises(RulesetMissing):
        archive.roots("0" * 32)


def test_a_copy_that_was_cut_short_is_made_again(archive, root):
    (archive.folder / ".1.part").mkdir()
    assert archive.verify(archive.pin([root], b"{}").hash)


def test_two_processes_archive_the_same_at_once(archive, root, monkeypatch):
    hash_ = survey([root], b"{}").hash
    copy = Archive._copy

    def slow(self, draft, *given):
        manifest = copy(self, draft, *given)
        copy(self, self.folder / hash_, *given)  # the other one was faster
        return manifest

    monkeypatch.setattr(Archive, "_copy", slow)
    assert archive.pin([root], b"{}").hash == hash_
    assert archive.verify(hash_) and [p.name for p in archive.folder.iterdir()] == [hash_]


def test_what_a_crash_left_goes_after_a_day(archive, root):
    left = archive.folder / ".1.part"
    left.mkdir()
    os.utime(left, (0, 0))
    archive.pin([root], b"{}")
    assert not left.exists()
