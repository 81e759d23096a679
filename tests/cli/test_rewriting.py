"""A file of the operator's is the old one or the new one, never less."""

import os
from pathlib import Path

import pytest

from gateway.cli.rewriting import rewrite


def test_a_file_keeps_its_rights_and_its_line_ends(tmp_path):
    file = tmp_path / "a.yaml"
    file.write_bytes(b"old")
    file.chmod(0o640)
    rewrite(file, "new\r\nlines\n")
    assert file.read_bytes() == b"new\r\nlines\n" and file.stat().st_mode & 0o777 == 0o640
    assert [one.name for one in tmp_path.iterdir()] == ["a.yaml"]


def test_behind_a_link_the_file_is_written_and_the_link_stays(tmp_path):
    (tmp_path / "there").mkdir()
    file, link = tmp_path / "there/a.yaml", tmp_path / "a.yaml"
    file.write_text("old")
    link.symlink_to(file)
    rewrite(link, "new")
    assert link.is_symlink() and file.read_text() == "new"


@pytest.mark.parametrize("dies", ["fsync", "replace"])
def test_broken_off_the_old_file_is_whole(tmp_path, monkeypatch, dies):
    file = tmp_path / "a.yaml"
    file.write_text("old")

    def fails(*_):
        assert file.read_text() == "old"
        raise KeyboardInterrupt

    monkeypatch.setattr(*((os, "fsync") if dies == "fsync" else (Path, "replace")), fails)
    with pytest.raises(KeyboardInterrupt):
        rewrite(file, "new")
    assert file.read_text() == "old" and [one.name for one in tmp_path.iterdir()] == ["a.yaml"]
