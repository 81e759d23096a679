"""An independent server, written by others: asyncssh answers side by side, so also out of order, and knows no fsync."""

import asyncio
import os
import threading
import time
from concurrent.futures import Future
from contextlib import contextmanager
from typing import ClassVar

import asyncssh
import pytest

from gateway.demo.server import new_key, public_line
from gateway.findings.errors import NameClash
from gateway.transport import Target, Timeouts, open_line, private_key
from gateway.transport.probe import probe

QUICK = Timeouts(connect=5, request=5, listing=5, transfer=10)


class Host(asyncssh.SSHServer):
    """Remembers who is connected, to say goodbye."""

    connections: ClassVar = []

    def connection_made(self, conn):
        self.connections.append(conn)


async def serve(root, key, host_key, started, over):
    server = await asyncssh.listen(
        "127.0.0.1",
        0,
        server_factory=Host,
        server_host_keys=[asyncssh.import_private_key(host_key)],
        authorized_client_keys=asyncssh.import_authorized_keys(public_line(key)),
        sftp_factory=lambda channel: asyncssh.SFTPServer(channel, chroot=os.fsencode(root)),
    )
    started.set_result(server.get_port())
    await asyncio.to_thread(over.wait)
    server.close()
    for connection in Host.connections:
        connection.abort()
        await connection.wait_closed()
    Host.connections.clear()
    await server.wait_closed()


@contextmanager
def asyncssh_server(root, key):
    host_key, started, over = new_key(), Future(), threading.Event()
    thread = threading.Thread(target=lambda: asyncio.run(serve(root, key, host_key, started, over)))
    thread.start()
    try:
        yield started.result(10), public_line(private_key(host_key))
    finally:
        over.set()
        thread.join(10)


@pytest.fixture
def line(tmp_path):
    for name in ("in", "out", "probe"):
        (tmp_path / name).mkdir()
    key = private_key(new_key())
    with (
        asyncssh_server(tmp_path, key) as (port, host_key_line),
        open_line(Target("sftp", "127.0.0.1", port, "gw"), key, [host_key_line], QUICK) as line,
    ):
        yield line


def test_files_go_both_ways(line, tmp_path):
    content = os.urandom(3_000_000)
    assert line.write_new("in/.x", [content]) == len(content)
    line.publish("in/.x", "in/x")
    assert (tmp_path / "in/x").read_bytes() == content
    assert b"".join(line.fetch("in/x", len(content))) == content
    with pytest.raises(NameClash):
        line.write_new("in/x", [b"again"])


def test_odd_names_and_long_listings(line, tmp_path):
    for number in range(300):
        (tmp_path / "out" / f"{number}.xml").touch()
    (tmp_path / "out" / os.fsdecode(b"lat-\xe9\n.xml")).touch()
    names = [entry.name for entry in line.scan("out")]
    assert len(names) == 301
    assert b"lat-\xe9\n.xml" in names


def test_what_it_can_do_is_found(line):
    found = probe(line, "probe", time.time, lambda _: None)
    assert found.results["exclusive_create"]
    assert found.in_flight == 256
    line.write_new(".x", [b"ours"])
    line.write_new("x", [b"theirs"])
    with pytest.raises(NameClash):
        line.publish(".x", "x", found.publish_mode)
    line.publish(".x", "y", found.publish_mode)
