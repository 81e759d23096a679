"""Servers that are not as they should be: the line notices, the probe says so and the right way is chosen."""

import os
import time
from contextlib import contextmanager
from dataclasses import replace
from types import MappingProxyType

import pytest

from gateway.demo.folder import Folder, status
from gateway.demo.server import USER, Session, SftpServer, new_key, public_line
from gateway.findings.errors import NameClash, PartnerUnreachable, RemotePathMissing, RequestRefused
from gateway.transport import Target, Timeouts, open_line, private_key
from gateway.transport.packets import Attributes, Fields, Kind, Status, string
from gateway.transport.probe import TRIALS, mark_of, probe
from tests.faults.manners import DropsMany, OutOfOrder
from tests.servers import running_openssh

QUICK = Timeouts(connect=5, request=5, listing=5, transfer=5)
EVERYTHING = dict.fromkeys(TRIALS, True)


class RenameOverwrites(Folder):
    def _rename(self, fields):
        self._path(fields).replace(self._path(fields))


class NoExtensions(RenameOverwrites):
    extensions = MappingProxyType({})

    def _extended(self, _):
        return status(Status.OP_UNSUPPORTED)


class NoExclusive(Folder):
    def _open(self, fields):
        path, flags = fields.string(), fields.uint32()
        return super()._open(Fields(string(path) + (flags & ~0x20).to_bytes(4, "big")))


class ReadOnce(Folder):
    def _open(self, fields):
        path, flags = fields.string(), fields.uint32()
        answer = super()._open(Fields(string(path) + flags.to_bytes(4, "big")))
        if not flags & 2:
            self._path(Fields(string(path))).unlink()
        return answer


class ShortReads(Folder):
    def _read(self, fields):
        kind, body = super()._read(fields)
        return (kind, string(body[4:][:4096])) if kind == Kind.DATA else (kind, body)


class RefusesTheThirdWrite(Folder):
    writes = 0

    def _write(self, fields):
        self.writes += 1
        return status(Status.FAILURE) if self.writes == 3 else super()._write(fields)


class ForgetsTheLastWrite(Folder):
    def _write(self, fields):
        offset = Fields(fields._data[fields._at + 4 + 1 :]).uint64()
        return None if offset else super()._write(fields)


class StatRefused(Folder):
    def _attributes(self, _):
        return status(Status.PERMISSION_DENIED)


class NoSizes(Folder):
    def _describe(self, seen):
        return Attributes(mode=seen.st_mode)


class CannotRemove(Folder):
    def answer(self, kind, body):
        return status(Status.PERMISSION_DENIED) if kind == Kind.REMOVE else super().answer(kind, body)


class FoldsCase(Folder):
    def _path(self, fields):
        path = super()._path(fields)
        return path.with_name(path.name.lower())


@contextmanager
def line_to(folder, tmp_path, session=Session):
    for name in ("in", "probe"):
        (tmp_path / name).mkdir(parents=True)
    key, talk = private_key(new_key()), {"folder": folder, "session": session}
    with (
        SftpServer(tmp_path, private_key(new_key()), USER, [public_line(key)], **talk) as server,
        open_line(Target("sftp", "127.0.0.1", server.port, USER), key, [server.host_key_line], QUICK) as line,
    ):
        yield line


PROBED = [
    (Folder, set(), "rename"),
    (RenameOverwrites, {"rename_refuses"}, "hardlink"),
    (NoExtensions, {"rename_refuses", "hardlink", "fsync"}, "posix_rename"),
    (NoExclusive, {"exclusive_create"}, "rename"),
    (ReadOnce, {"read_twice"}, "rename"),
    (ShortReads, set(), "rename"),
    (CannotRemove, {"remove", "hardlink"}, "rename"),
    (FoldsCase, {"case_sensitive", "utf8_names"}, "rename"),
]


@pytest.mark.parametrize(("folder", "missing", "mode"), PROBED)
def test_the_probe_finds_it(tmp_path, folder, missing, mode):
    with line_to(folder, tmp_path) as line:
        found = probe(line, "probe", time.time, lambda _: None)
    assert {name for name, works in found.results.items() if not works} >= missing
    if folder in (Folder, ShortReads):
        assert found.results == EVERYTHING
    assert found.publish_mode == mode
    assert found.in_flight == 256
    assert abs(found.clock_offset or 0) < 3
    if folder is not CannotRemove:
        assert list((tmp_path / "probe").iterdir()) == []


def test_the_probe_on_real_servers(sftp_server):
    with open_line(sftp_server.target, sftp_server.key, [sftp_server.host_key_line], QUICK) as line:
        found = probe(line, "probe", time.time, lambda _: None)
        assert found.results == EVERYTHING
        assert found.publish_mode == "rename"
        assert found.in_order
        assert found.free_bytes > 0
        assert list(line.scan("probe")) == []
        with pytest.raises(RemotePathMissing):
            probe(line, "nowhere", time.time)


def test_the_probe_of_a_local_folder(tmp_path):
    (tmp_path / "probe").mkdir()
    with open_line(Target("directory", path=str(tmp_path))) as line:
        found = probe(line, "probe", time.time, lambda _: None)
    assert found.results == EVERYTHING
    assert list((tmp_path / "probe").iterdir()) == []


class Cut:
    """A line that is gone after so many calls."""

    def __init__(self, line, calls):
        self._line, self._left = line, calls

    def __getattr__(self, name):
        whole = getattr(self._line, name)
        return self._counted(whole) if callable(whole) else whole

    def _counted(self, whole):
        def call(*given, **named):
            self._left -= 1
            if self._left < 0:
                raise PartnerUnreachable
            return whole(*given, **named)

        return call


def test_what_a_probe_has_left_that_was_cut_off_is_removed_by_the_next_one(tmp_path):
    others = {".gw-probe-of-another-line", "theirs.xml"}
    mine, left = mark_of("GW1", "post.live"), set()
    with line_to(Folder, tmp_path) as line:
        for name in others:
            (tmp_path / "probe" / name).touch()
        for calls in (15, *range(45, 75, 4)):
            with pytest.raises(PartnerUnreachable):
                probe(Cut(line, calls), "probe", time.time, lambda _: None, mark=mine)
            left |= {path.name for path in (tmp_path / "probe").rglob("*")} - others
        assert len(left) > 6 and "moved" in left
        assert mine not in {mark_of("GW2", "post.live"), mark_of("GW1", "post.test")}
        probe(line, "probe", time.time, lambda _: None, mark=mine)
    assert {path.name for path in (tmp_path / "probe").iterdir()} == others


@pytest.mark.parametrize("folder", [RefusesTheThirdWrite, ForgetsTheLastWrite])
def test_a_corrupt_file_is_never_reported_as_written(tmp_path, folder):
    with line_to(folder, tmp_path) as line:
        with pytest.raises(RequestRefused):
            line.write_new("in/x", [os.urandom(200_000)] * 5)
        assert line.lstat("in/x") is None  # and nothing is left of it


def test_short_reads_are_asked_again(tmp_path):
    content = os.urandom(1_000_000)
    with line_to(ShortReads, tmp_path) as line:
        line.write_new("in/x", [content])
        assert b"".join(line.fetch("in/x", len(content))) == content


def test_a_server_without_stat_is_written_to(tmp_path):
    with line_to(StatRefused, tmp_path) as line:
        assert line.write_new("in/.x", [b"content"]) == 7
        line.publish("in/.x", "in/x")
    assert (tmp_path / "in/x").read_bytes() == b"content"


def test_publishing_overwrites_nothing_where_only_an_overwriting_rename_exists(tmp_path):
    (tmp_path / "taken").write_bytes(b"theirs")
    with line_to(NoExtensions, tmp_path) as line:
        line.write_new(".x", [b"ours"])
        with pytest.raises(NameClash):
            line.publish(".x", "taken", "posix_rename")
        line.publish(".x", "free", "posix_rename")
        assert line.free_bytes("") is None
    assert (tmp_path / "taken").read_bytes() == b"theirs"
    assert (tmp_path / "free").read_bytes() == b"ours"


def test_a_server_without_hard_links_refuses_them(tmp_path):
    with line_to(NoExtensions, tmp_path) as line:
        line.write_new(".x", [b"ours"])
        with pytest.raises(RequestRefused):
            line.publish(".x", "free", "hardlink")


def test_a_file_of_unknown_size_is_none(tmp_path):
    (tmp_path / "x").write_bytes(b"content")
    with line_to(NoSizes, tmp_path) as line:
        assert line.lstat("x").kind == "other"
        assert {entry.kind for entry in line.scan(".")} == {"other"}


class WriteOnly(Folder):
    """An inbox that takes files and gives none back."""

    def _open(self, fields):
        path, flags = fields.string(), fields.uint32()
        if not flags & 2:
            return status(Status.PERMISSION_DENIED)
        return super()._open(Fields(string(path) + flags.to_bytes(4, "big")))


class NoFolders(Folder):
    def answer(self, kind, body):
        return status(Status.PERMISSION_DENIED) if kind == Kind.MKDIR else super().answer(kind, body)


class ShortNames(Folder):
    """Cuts names at a hundred bytes, as old file systems do."""

    def _path(self, fields):
        path = super()._path(fields)
        return path.with_name(path.name[:100])


class Utf8Alone(Folder):
    def _path(self, fields):
        data = fields.string()
        data.decode("utf-8")
        return super()._path(Fields(string(data)))


class OtherClock(Folder):
    """Two hours ahead, and two seconds coarse."""

    def _describe(self, seen):
        return replace(super()._describe(seen), mtime=(int(seen.st_mtime) + 7200) // 2 * 2)


TOLD = [
    (RenameOverwrites, {"DLV642"}),
    (NoExtensions, {"DLV642", "DLV646"}),
    (NoExclusive, {"DLV645"}),
    (ReadOnce, {"DLV643"}),
    (CannotRemove, {"DLV647"}),
    (OtherClock, {"DLV644"}),
    (WriteOnly, set()),
    (NoFolders, set()),
    (Folder, set()),
]


@pytest.mark.parametrize(("folder", "codes"), TOLD)
def test_what_a_person_should_know_of_a_server_is_told(tmp_path, folder, codes):
    with line_to(folder, tmp_path) as line:
        assert set(probe(line, "probe", time.time, lambda _: None).codes) == codes


def test_what_cannot_be_read_is_judged_by_its_size(tmp_path):
    with line_to(WriteOnly, tmp_path) as line:
        found = probe(line, "probe", time.time, lambda _: None)
    assert found.publish_mode == "rename" and found.can("posix_rename") and not found.reads_once
    assert set(found.lacks) == {"readable", "read_twice"}


def test_a_right_that_is_missing_is_found(tmp_path):
    with line_to(NoFolders, tmp_path) as line:
        assert set(probe(line, "probe", time.time, lambda _: None).lacks) == {"mkdir", "rename_across"}


def test_names_are_measured(tmp_path):
    with line_to(ShortNames, tmp_path) as line:
        assert probe(line, "probe", time.time, lambda _: None).longest_name == 64
    with line_to(Utf8Alone, tmp_path / "other") as line:
        found = probe(line, "probe", time.time, lambda _: None)
    assert found.can("utf8_names") and not found.can("any_bytes_in_names")


def test_the_clock_of_the_server_is_compared(tmp_path):
    with line_to(OtherClock, tmp_path) as line:
        found = probe(line, "probe", time.time)
    assert 7197 < found.clock_offset < 7203 and found.time_resolution in (2, None)


def test_a_server_that_forgets_requests_is_found_and_costs_the_line(tmp_path, monkeypatch):
    monkeypatch.setattr("gateway.transport.probe.PATIENCE", 2.0)
    with line_to(Folder, tmp_path, DropsMany) as line:
        found = probe(line, "probe", time.time, lambda _: None)
        assert found.in_flight == 16 and not line.alive


def test_a_server_that_answers_in_any_order_is_found(tmp_path):
    with line_to(Folder, tmp_path, OutOfOrder) as line:
        found = probe(line, "probe", time.time, lambda _: None)
    assert not found.in_order and found.in_flight == 256


@pytest.mark.openssh
def test_channels_are_counted_until_one_is_refused(tmp_path):
    with (
        running_openssh(tmp_path, "MaxSessions 3") as server,
        open_line(server.target, server.key, [server.host_key_line], QUICK) as line,
    ):
        found = probe(line, "probe", time.time, lambda _: None)
        assert line.alive
    assert (found.channels, found.channels_wanted, found.depth) == (3, 1, 256)
