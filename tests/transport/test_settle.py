"""What is concluded from the names at the partner, and that a second publishing can never double."""

import hashlib
import os
import time

import pytest

from gateway.findings.errors import PartnerUnreachable
from gateway.transport import Target, Timeouts, open_line
from gateway.transport.line import Entry
from gateway.transport.publish import EVIDENCE, Evidence, Final, look, settle, withdrawn

OURS = b"our content"
SHA256 = hashlib.sha256(OURS).hexdigest()
SHORT = Timeouts(connect=10, request=2, listing=5, transfer=5)

ROWS = [
    # temp there, final, mode, conclusion, names afterwards
    (True, None, "rename", Evidence.NOT_PUBLISHED, {".t.void"}),
    (True, OURS, "rename", Evidence.PUBLISHED, {"f"}),
    (True, b"x" * len(OURS), "rename", Evidence.CLASH, {".t.part", "f"}),
    (True, b"theirs", "rename", Evidence.CLASH, {".t.part", "f"}),
    (False, None, "rename", Evidence.TAKEN, set()),
    (False, OURS, "rename", Evidence.PUBLISHED, {"f"}),
    (False, b"theirs", "rename", Evidence.CLASH, {"f"}),
    (True, None, "posix_rename", Evidence.NOT_PUBLISHED, {".t.void"}),
    (True, None, "hardlink", Evidence.IN_DOUBT, {".t.part"}),
    (True, OURS, "hardlink", Evidence.PUBLISHED, {"f"}),
    (False, None, "hardlink", Evidence.TAKEN, set()),
]


@pytest.fixture
def line(tmp_path):
    with open_line(Target("directory", path=str(tmp_path))) as line:
        yield line


@pytest.mark.parametrize(("waiting", "final", "mode", "expected", "left"), ROWS)
def test_the_evidence_decides(line, tmp_path, waiting, final, mode, expected, left):
    if waiting:
        (tmp_path / ".t.part").write_bytes(OURS)
    if final is not None:
        (tmp_path / "f").write_bytes(final)
    for _ in range(2):  # a repetition after a crash concludes the same
        assert settle(line, ".t.part", "f", len(OURS), SHA256, mode) is expected
        assert {file.name for file in tmp_path.iterdir()} == left


def test_every_picture_has_a_conclusion():
    for rows in EVIDENCE.values():
        assert set(rows) == {(waiting, final) for waiting in (True, False) for final in Final}


def test_a_crash_while_withdrawing_changes_nothing(line, tmp_path):
    (tmp_path / ".t.part").write_bytes(OURS)
    os.link(tmp_path / ".t.part", tmp_path / ".t.void")
    assert settle(line, ".t.part", "f", len(OURS), SHA256) is Evidence.NOT_PUBLISHED
    assert [file.name for file in tmp_path.iterdir()] == [".t.void"]


def test_a_folder_of_the_final_name_is_a_clash(line, tmp_path):
    (tmp_path / "f").mkdir()
    assert look(line, "f", 4096, SHA256) is Final.OTHER


def test_a_final_file_that_may_not_be_read_is_told_apart(line, tmp_path, monkeypatch):
    (tmp_path / "f").write_bytes(OURS)

    def refuse(*_):
        raise PermissionError

    monkeypatch.setattr("os.open", refuse)
    assert look(line, "f", len(OURS), SHA256) is Final.UNREADABLE


def test_a_picture_that_never_stands_still_is_for_a_person():
    class Restless:
        """A partner where the temporary name is always back."""

        def lstat(self, path):
            return Entry(b"t", 1, 1, "file") if path == b".t.part" else None

        def move(self, *_):
            return True

    assert settle(Restless(), b".t.part", b"f", 1, SHA256) is Evidence.IN_DOUBT


@pytest.mark.openssh
def test_a_rename_that_wakes_up_late_finds_nothing(openssh_server):
    server, root = openssh_server, openssh_server.root / "in"
    with open_line(server.target, server.key, [server.host_key_line], SHORT) as first:
        first.write_new("in/.t1.part", [OURS])
        server.freeze_sessions()
        with pytest.raises(PartnerUnreachable):
            first.publish("in/.t1.part", "in/f")
    with open_line(server.target, server.key, [server.host_key_line], SHORT) as second:
        assert settle(second, "in/.t1.part", "in/f", len(OURS), SHA256) is Evidence.NOT_PUBLISHED
        second.write_new("in/.t2.part", [OURS])
        second.publish("in/.t2.part", "in/f")
        assert (root / "f").read_bytes() == OURS
        (root / "f").unlink()  # the partner takes it
        second.remove(withdrawn("in/.t1.part"))
    server.thaw()
    end = time.monotonic() + 1
    while time.monotonic() < end:
        assert list(root.iterdir()) == []
        time.sleep(0.01)
