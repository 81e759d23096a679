"""A server that stands still (SIGSTOP) keeps its connections open and says nothing: every call ends by its deadline."""

import subprocess
import sys
import threading
import time
from contextlib import contextmanager
from dataclasses import replace

import pytest

from gateway.findings.errors import PartnerUnreachable
from gateway.transport import Timeouts, open_line
from gateway.transport.publish import settle
from tests.servers import running_demo_server

LIMIT = 0.6
SLACK = 10.0  # seconds: machines are busy; without its deadline a call would never end
SHORT = Timeouts(connect=5, request=LIMIT, listing=LIMIT, transfer=LIMIT, bytes_per_second=100_000_000)
IMPATIENT = replace(SHORT, connect=LIMIT)
CALM = Timeouts()
BIG = 30_000_000


@contextmanager
def ends_in_time(limit=LIMIT):
    start = time.monotonic()
    with pytest.raises(PartnerUnreachable):
        yield
    assert time.monotonic() - start < limit + SLACK


def waited(line):
    """Seconds until a finished line says so."""
    start = time.monotonic()
    with pytest.raises(PartnerUnreachable):
        line.lstat("out/x")
    return time.monotonic() - start


@contextmanager
def line_to(server, timeouts=SHORT):
    with open_line(server.target, server.key, [server.host_key_line], timeouts) as line:
        yield line


def endless():
    while True:
        yield bytes(100_000)


CALLS = {
    "scan": lambda line: list(line.scan("out")),
    "lstat": lambda line: line.lstat("out/x"),
    "fetch": lambda line: list(line.fetch("out/x", BIG)),
    "write": lambda line: line.write_new("in/new", [bytes(BIG)]),
    "endless write": lambda line: line.write_new("in/new", endless()),
    "publish": lambda line: line.publish("in/.part", "in/final"),
    "remove": lambda line: line.remove("out/x"),
    "move": lambda line: line.move("out/x", "in/x"),
    "free_bytes": lambda line: line.free_bytes("in"),
    "settle": lambda line: settle(line, "in/.part", "in/final", 5, ""),
}


@pytest.mark.parametrize("call", CALLS)
def test_every_call_ends(sftp_server, call):
    (sftp_server.root / "in/.part").write_bytes(b"12345")
    with line_to(sftp_server) as line:
        sftp_server.freeze()
        with ends_in_time(1.5 * LIMIT):
            CALLS[call](line)
        assert min(waited(line) for _ in range(5)) < LIMIT / 2  # a finished line says so at once
    sftp_server.thaw()
    with line_to(sftp_server) as line:
        assert line.lstat("in")


def test_a_transfer_ends_in_the_middle(sftp_server):
    (sftp_server.root / "out/x").write_bytes(bytes(BIG))
    with line_to(sftp_server) as line:
        blocks = line.fetch("out/x", BIG)
        next(blocks)
        sftp_server.freeze()
        with ends_in_time(1.5 * LIMIT):
            list(blocks)
    sftp_server.thaw()


@pytest.mark.parametrize("milliseconds", [0, 2, 4, 6, 8, 10, 14, 20])
def test_connecting_ends_whenever_the_server_freezes(sftp_server, milliseconds):
    timer = threading.Timer(milliseconds / 1000, sftp_server.freeze)
    if milliseconds:
        timer.start()
    else:
        sftp_server.freeze()
    start = time.monotonic()
    try:
        with line_to(sftp_server, IMPATIENT) as line:
            timer.join() if milliseconds else None
            list(line.scan("out"))
    except PartnerUnreachable:
        pass
    assert time.monotonic() - start < 2 * LIMIT + SLACK
    sftp_server.thaw()
    with line_to(sftp_server) as line:
        assert line.lstat("in")


def test_a_block_of_calls_has_a_deadline_of_its_own(demo_server):
    with line_to(demo_server) as line, ends_in_time(0.3), line.deadline(0.3):
        while True:
            line.lstat("in")


def test_the_process_ends_too(demo_server):
    demo_server.freeze()
    program = f"""
from pathlib import Path
from gateway.transport import Target, Timeouts, open_line, private_key
key = private_key(Path({str(demo_server.key_file)!r}).read_bytes())
target = Target("sftp", "127.0.0.1", {demo_server.port}, "gw")
with open_line(target, key, [{demo_server.host_key_line!r}], Timeouts(connect=1)):
    pass
"""
    start = time.monotonic()
    ended = subprocess.run([sys.executable, "-c", program], capture_output=True, check=False, timeout=30)
    assert b"PartnerUnreachable" in ended.stderr
    assert time.monotonic() - start < 20


def fails(line):
    with pytest.raises(PartnerUnreachable):
        line.lstat("in")


def test_a_frozen_partner_delays_no_other(demo_server, tmp_path):
    """Each connection has its own thread; what stands still is that one alone."""
    (tmp_path / "other").mkdir()
    with (
        running_demo_server(tmp_path / "other") as other,
        line_to(demo_server) as frozen,
        line_to(other, CALM) as lively,
    ):
        demo_server.freeze()
        stuck = threading.Thread(target=fails, args=(frozen,))
        stuck.start()
        scans = 0
        while stuck.is_alive():
            assert list(lively.scan("out")) == []
            scans += 1
        stuck.join()
    assert scans > 3
