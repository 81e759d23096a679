"""One act, and nothing is overwritten: with the kernel's own call, and where it is not known."""

import ctypes
import errno
import os

import pytest

from gateway.transport import Target, open_line, rename
from gateway.transport.rename import rename_new


def no_such_call(*_):
    ctypes.set_errno(errno.EINVAL)  # as NFS answers
    return -1


@pytest.fixture(params=["known", "not to this file system", "not to this machine"])
def machine(request, monkeypatch):
    if request.param != "known":
        monkeypatch.setattr(rename, "_renameat2", no_such_call if "file system" in request.param else None)


@pytest.fixture
def file(tmp_path):
    made = tmp_path / os.fsdecode(b"lat-\xe9")
    made.write_bytes(b"ours")
    return made


@pytest.mark.usefixtures("machine")
def test_a_free_name_is_taken(file, tmp_path):
    rename_new(file, tmp_path / "b")
    assert [(one.name, one.read_bytes()) for one in tmp_path.iterdir()] == [("b", b"ours")]


@pytest.mark.usefixtures("machine")
@pytest.mark.parametrize("there", ["file", "the same file", "folder", "dangling"])
def test_a_name_that_is_taken_stays_as_it_is(file, tmp_path, there):
    to = tmp_path / "b"
    {
        "file": lambda: to.write_bytes(b"theirs"),
        "the same file": lambda: os.link(file, to),
        "folder": to.mkdir,
        "dangling": lambda: to.symlink_to("nowhere"),
    }[there]()
    before = to.lstat()
    with pytest.raises(FileExistsError):
        rename_new(file, to)
    assert to.lstat() == before
    assert file.read_bytes() == b"ours" and (there != "file" or to.read_bytes() == b"theirs")


@pytest.mark.usefixtures("machine")
def test_what_is_not_there_is_told(tmp_path):
    with pytest.raises(FileNotFoundError):
        rename_new(tmp_path / "a", tmp_path / "b")


@pytest.mark.usefixtures("machine")
def test_a_file_for_a_partner_never_has_two_names(file, tmp_path, monkeypatch):
    """Killed between a link and its removal, and the partner quick: it would be sent again."""
    monkeypatch.delattr(os, "link")
    with open_line(Target("directory", path=str(tmp_path))) as line:
        line.publish(os.fsencode(file.name), "b")
        assert line.move("b", "c")
    assert [one.name for one in tmp_path.iterdir()] == ["c"]
