"""A line over SFTP, on the demo's server and on a real OpenSSH."""

import os
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager

import pytest

from gateway.demo.server import new_key, public_line
from gateway.findings.errors import (
    HostKeyMismatch,
    LoginRefused,
    NameClash,
    PartnerUnreachable,
    RemoteChanged,
    RemotePathMissing,
    SpoolUnreadable,
)
from gateway.transport import Timeouts, open_line, private_key
from gateway.transport.names import join
from tests.servers import Server, free_port

QUICK = Timeouts(connect=5, request=5, listing=10, transfer=10)


@contextmanager
def line_to(server: Server, **changed):
    given = {"key": server.key, "host_keys": [server.host_key_line], "timeouts": QUICK} | changed
    with open_line(server.target, **given) as line:
        yield line


def fetched(line, path, size):
    return b"".join(line.fetch(path, size))


def test_what_is_written_is_read_back(sftp_server):
    content = os.urandom(3_000_001)
    with line_to(sftp_server) as line:
        assert line.write_new("in/.x.part", [content[:7], content[7:1_000_000], b"", content[1_000_000:]]) == len(
            content
        )
        line.publish("in/.x.part", "in/x")
        assert line.lstat("in/.x.part") is None
        assert fetched(line, "in/x", len(content)) == content
    assert (sftp_server.root / "in/x").read_bytes() == content


def test_an_empty_file_goes_both_ways(sftp_server):
    with line_to(sftp_server) as line:
        assert line.write_new("in/x", []) == 0
        assert fetched(line, "in/x", 0) == b""


def test_a_folder_is_listed_with_kinds_and_sizes(sftp_server):
    out = sftp_server.root / "out"
    (out / "a.xml").write_bytes(b"12345")
    (out / "folder").mkdir()
    (out / "link").symlink_to("a.xml")
    os.mkfifo(out / "fifo")
    with line_to(sftp_server) as line:
        seen = {entry.name: (entry.kind, entry.size) for entry in line.scan("out") if entry.kind != "directory"}
        assert line.lstat("out/folder").kind == "directory"
        assert line.lstat("out/link").kind == "link"
    assert seen.pop(b"link")[0] == "link"
    assert seen == {b"a.xml": ("file", 5), b"fifo": ("other", 0)}


def test_names_are_bytes(sftp_server):
    name = b"lat-\xe9\n\x1b[2J.xml"
    (sftp_server.root / "out" / os.fsdecode(name)).write_bytes(b"odd")
    with line_to(sftp_server) as line:
        (entry,) = line.scan("out")
        assert entry.name == name
        path = join("out", entry.name)
        assert line.lstat(path) == entry
        assert fetched(line, path, 3) == b"odd"
        assert line.remove(path)


def test_a_long_listing_may_be_left_early(sftp_server):
    for number in range(1500):
        (sftp_server.root / "out" / f"{number}.xml").touch()
    with line_to(sftp_server) as line:
        assert len({entry.name for entry in line.scan("out")}) == 1500
        listing = line.scan("out")
        next(listing)
        listing.close()
        assert line.lstat("out/7.xml")


def test_nothing_is_overwritten_when_a_file_is_written(sftp_server):
    (sftp_server.root / "in/x").write_bytes(b"theirs")
    with line_to(sftp_server) as line, pytest.raises(NameClash):
        line.write_new("in/x", [b"ours"])
    assert (sftp_server.root / "in/x").read_bytes() == b"theirs"


@pytest.mark.parametrize("mode", ["rename", "posix_rename", "hardlink"])
def test_nothing_is_overwritten_when_a_file_is_published(sftp_server, mode):
    (sftp_server.root / "in/x").write_bytes(b"theirs")
    with line_to(sftp_server) as line:
        line.write_new("in/.x.part", [b"ours"])
        with pytest.raises(NameClash):
            line.publish("in/.x.part", "in/x", mode)
        line.publish("in/.x.part", "in/y", mode)
        assert line.lstat("in/.x.part") is None
    assert (sftp_server.root / "in/x").read_bytes() == b"theirs"
    assert (sftp_server.root / "in/y").read_bytes() == b"ours"


def test_removing_twice_says_so(sftp_server):
    (sftp_server.root / "out/x").touch()
    with line_to(sftp_server) as line:
        assert line.remove("out/x")
        assert not line.remove("out/x")


def test_moving_tells_a_missing_file_from_a_missing_folder(sftp_server):
    (sftp_server.root / "out/x").touch()
    with line_to(sftp_server) as line:
        with pytest.raises(RemotePathMissing):
            line.move("out/x", "nowhere/x")
        assert line.move("out/x", "in/x")
        assert not line.move("out/x", "in/x")


def test_moving_overwrites_nothing(sftp_server):
    (sftp_server.root / "out/x").write_bytes(b"new")
    (sftp_server.root / "in/x").write_bytes(b"old")
    with line_to(sftp_server) as line, pytest.raises(NameClash):
        line.move("out/x", "in/x")


def test_a_missing_folder_is_named_as_such(sftp_server):
    with line_to(sftp_server) as line:
        with pytest.raises(RemotePathMissing):
            list(line.scan("nowhere"))
        with pytest.raises(RemotePathMissing):
            line.write_new("nowhere/x", [b"x"])
        assert line.lstat("nowhere/x") is None


def test_a_file_that_shrank_is_in_motion(sftp_server):
    (sftp_server.root / "out/x").write_bytes(b"12345")
    with line_to(sftp_server) as line:
        with pytest.raises(RemoteChanged):
            fetched(line, "out/x", 2_000_000)
        assert fetched(line, "out/x", 5) == b"12345"


def test_a_growing_file_gives_what_was_asked_for(sftp_server):
    (sftp_server.root / "out/x").write_bytes(b"12345" * 100_000)
    with line_to(sftp_server) as line:
        assert fetched(line, "out/x", 7) == b"1234512"


def test_reading_may_be_left_early(sftp_server):
    (sftp_server.root / "out/x").write_bytes(bytes(5_000_000))
    with line_to(sftp_server) as line:
        blocks = line.fetch("out/x", 5_000_000)
        next(blocks)
        blocks.close()
        assert line.lstat("out/x").size == 5_000_000


def test_many_threads_share_one_line(sftp_server):
    contents = {f"in/{number}": os.urandom(50_000) for number in range(60)}

    def deliver(name):
        temp = name.replace("in/", "in/.")
        line.write_new(temp, [contents[name]])
        line.publish(temp, name)
        same = fetched(line, name, 50_000) == contents[name]
        return same and line.remove(name)

    with line_to(sftp_server) as line, ThreadPoolExecutor(16) as pool:
        assert all(pool.map(deliver, contents))
        assert list(line.scan("in")) == []


def test_room_on_the_disk_is_told(sftp_server):
    with line_to(sftp_server) as line:
        assert line.free_bytes("in") > 1_000_000


def test_the_targets_path_is_laid_before_every_folder(sftp_server):
    (sftp_server.root / "out/deep").mkdir()
    (sftp_server.root / "out/deep/x").touch()
    target = sftp_server.target
    below = type(target)(target.kind, target.host, target.port, target.user, "out")
    with open_line(below, sftp_server.key, [sftp_server.host_key_line], QUICK) as line:
        assert [entry.name for entry in line.scan(".")] == [b"deep"]
        assert [entry.name for entry in line.scan("deep")] == [b"x"]
        assert line.lstat("deep/x").name == b"x"


def test_a_key_that_is_not_pinned_is_refused(sftp_server):
    pinned = public_line(private_key(new_key()))
    with pytest.raises(HostKeyMismatch) as caught, line_to(sftp_server, host_keys=[pinned]):
        pass
    assert str(caught.value).startswith("SHA256:")


def test_the_live_key_may_be_the_second_of_its_type(sftp_server):
    pinned = [public_line(private_key(new_key())), sftp_server.host_key_line]
    with line_to(sftp_server, host_keys=pinned) as line:
        assert list(line.scan("out")) == []


def test_our_key_may_be_refused(sftp_server):
    with pytest.raises(LoginRefused), line_to(sftp_server, key=private_key(new_key())):
        pass


def test_nobody_listens(demo_server):
    with (
        pytest.raises(PartnerUnreachable),
        open_line(demo_server.target_at(free_port()), demo_server.key, [demo_server.host_key_line], QUICK),
    ):
        pass


def test_an_unknown_host_is_unreachable(demo_server):
    target = type(demo_server.target)("sftp", "no-such-host.invalid", 22, "gw")
    with pytest.raises(PartnerUnreachable), open_line(target, demo_server.key, [demo_server.host_key_line], QUICK):
        pass


def test_our_own_disk_is_not_blamed_on_the_partner(sftp_server):
    def blocks():
        yield bytes(100_000)
        raise FileNotFoundError

    with line_to(sftp_server) as line:
        with pytest.raises(SpoolUnreadable):
            line.write_new("in/x", blocks())
        assert line.lstat("in/x") is None


def test_after_the_end_every_call_says_so(sftp_server):
    with line_to(sftp_server) as line:
        assert line.alive
    with pytest.raises(PartnerUnreachable):
        line.lstat("in")
    with pytest.raises(PartnerUnreachable):
        line.write_new("in/x", [b"x"])
    with pytest.raises(PartnerUnreachable):
        list(line.scan("in"))
    assert not line.alive
