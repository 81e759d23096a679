"""The same line over a local folder."""

import os
import stat

import pytest

from gateway.findings.errors import NameClash, RemoteChanged, RemotePathMissing, RequestRefused, SpoolUnreadable
from gateway.transport import Target, open_line


@pytest.fixture
def line(tmp_path):
    for name in ("in", "out"):
        (tmp_path / name).mkdir()
    with open_line(Target("directory", path=str(tmp_path))) as line:
        yield line


def fetched(line, path, size):
    return b"".join(line.fetch(path, size))


def test_what_is_written_is_read_back(line, tmp_path):
    content = os.urandom(700_001)
    assert line.write_new("in/.x.part", [content[:5], content[5:]]) == len(content)
    line.publish("in/.x.part", "in/x")
    assert fetched(line, b"in/x", len(content)) == content
    assert [file.name for file in (tmp_path / "in").iterdir()] == ["x"]


def test_kinds_and_odd_names_are_listed(line, tmp_path):
    name = b"lat-\xe9\n.xml"
    (tmp_path / "out" / os.fsdecode(name)).write_bytes(b"odd")
    (tmp_path / "out/folder").mkdir()
    (tmp_path / "out/link").symlink_to("folder")
    os.mkfifo(tmp_path / "out/fifo")
    kinds = {entry.name: entry.kind for entry in line.scan("out")}
    assert kinds == {name: "file", b"folder": "directory", b"link": "link", b"fifo": "other"}
    assert line.lstat(b"out/" + name).size == 3


@pytest.mark.parametrize("mode", ["rename", "posix_rename", "hardlink"])
def test_nothing_is_overwritten(line, tmp_path, mode):
    (tmp_path / "in/x").write_bytes(b"theirs")
    line.write_new("in/.x.part", [b"ours"])
    with pytest.raises(NameClash):
        line.publish("in/.x.part", "in/x", mode)
    with pytest.raises(NameClash):
        line.write_new("in/x", [b"ours"])
    assert (tmp_path / "in/x").read_bytes() == b"theirs"


def test_only_plain_files_are_read(line, tmp_path):
    os.mkfifo(tmp_path / "out/fifo")
    (tmp_path / "out/link").symlink_to("/etc/hostname")
    for name in ("out/fifo", "out/link", "out/none"):
        with pytest.raises((RemotePathMissing, RequestRefused, SpoolUnreadable)):
            fetched(line, name, 1)


def test_a_file_that_shrank_is_in_motion(line, tmp_path):
    (tmp_path / "out/x").write_bytes(b"123")
    with pytest.raises(RemoteChanged):
        fetched(line, "out/x", 4)


def test_removing_and_moving_twice_says_so(line, tmp_path):
    (tmp_path / "out/x").touch()
    assert line.move("out/x", "in/x")
    assert not line.move("out/x", "in/x")
    assert line.remove("in/x")
    assert not line.remove("in/x")


def test_moving_overwrites_nothing(line, tmp_path):
    (tmp_path / "out/x").write_bytes(b"new")
    (tmp_path / "in/x").write_bytes(b"old")
    with pytest.raises(NameClash):
        line.move("out/x", "in/x")
    with pytest.raises(RemotePathMissing):
        line.move("out/x", "nowhere/x")


def test_a_failed_write_leaves_nothing(line, tmp_path, monkeypatch):
    def full(*_):
        raise OSError(28, "No space left on device")

    monkeypatch.setattr("os.fsync", full)
    with pytest.raises(RequestRefused):
        line.write_new("in/x", [b"x"])
    assert list((tmp_path / "in").iterdir()) == []


def test_our_own_disk_is_not_blamed_on_the_partner(line, tmp_path):
    with pytest.raises(SpoolUnreadable):
        line.write_new("in/x", ((tmp_path / name).read_bytes() for name in ("gone",)))
    assert list((tmp_path / "in").iterdir()) == []


def test_others_may_not_read_what_we_leave(line, tmp_path):
    line.write_new("in/x", [b"x"])
    assert not stat.S_IMODE((tmp_path / "in/x").stat().st_mode) & stat.S_IRWXO


def test_a_missing_folder_is_named_as_such(line, tmp_path):
    with pytest.raises(RemotePathMissing):
        list(line.scan("nowhere"))
    with pytest.raises(RemotePathMissing), open_line(Target("directory", path=str(tmp_path / "nowhere"))):
        pass


def test_room_on_the_disk_is_told(line):
    assert line.free_bytes("in") > 0
