"""The demo's server: one folder, nothing outside it, every request answered with a status."""

import os
import socket
import subprocess
import sys
from contextlib import contextmanager
from pathlib import Path

import paramiko
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from gateway.demo.folder import Folder
from gateway.demo.server import USER, SftpServer, new_key, public_line, spawn
from gateway.findings.errors import GatewayError, LoginRefused
from gateway.transport import Target, open_line, private_key
from gateway.transport.packets import Fields, Flag, Kind, Status, string, uint32, uint64


@contextmanager
def line_to(root):
    key = private_key(new_key())
    with (
        SftpServer(root, private_key(new_key()), USER, [public_line(key)]) as server,
        open_line(Target("sftp", "127.0.0.1", server.port, USER), key, [server.host_key_line]) as line,
    ):
        yield line


@pytest.fixture
def root(tmp_path):
    (tmp_path / "secret").write_text("outside")
    inside = tmp_path / "root"
    (inside / "in").mkdir(parents=True)
    (inside / "link").symlink_to(tmp_path)
    (inside / "file-link").symlink_to(tmp_path / "secret")
    return inside


OUTSIDE = ["../secret", "in/../../secret", "/../secret", "link/secret", "file-link", "in/../link/secret"]


@pytest.mark.parametrize("path", OUTSIDE)
def test_nothing_outside_is_read_or_written(root, path):
    with line_to(root) as line:
        with pytest.raises(GatewayError):
            b"".join(line.fetch(path, 7))
        with pytest.raises(GatewayError):
            line.write_new("link/new", [b"x"])
        with pytest.raises(GatewayError):
            list(line.scan("link"))
    assert (root.parent / "secret").read_text() == "outside"
    assert not (root.parent / "new").exists()


def test_only_the_user_with_the_key_gets_in(root):
    key = private_key(new_key())
    with SftpServer(root, private_key(new_key()), USER, [public_line(key)]) as server:
        with (
            pytest.raises(LoginRefused),
            open_line(Target("sftp", "127.0.0.1", server.port, "root"), key, [server.host_key_line]),
        ):
            pass
        with (
            pytest.raises(LoginRefused),
            open_line(Target("sftp", "127.0.0.1", server.port, USER), private_key(new_key()), [server.host_key_line]),
        ):
            pass


@contextmanager
def stock_client(root):
    """The SSH library's own client, logged in."""
    key = private_key(new_key())
    with (
        SftpServer(root, private_key(new_key()), USER, [public_line(key)]) as server,
        socket.create_connection(("127.0.0.1", server.port)) as sock,
    ):
        transport = paramiko.Transport(sock)
        transport.daemon = True
        transport.start_client(timeout=5)
        transport.auth_publickey(USER, key)
        yield transport
        transport.close()


def test_there_is_no_shell_and_no_tunnel(root):
    with stock_client(root) as transport:
        with pytest.raises(paramiko.ChannelException):
            transport.open_channel("direct-tcpip", ("127.0.0.1", 9), ("127.0.0.1", 1), timeout=5)
        channel = transport.open_session(timeout=5)
        with pytest.raises(paramiko.SSHException):
            channel.exec_command("id")


def test_a_broken_client_does_not_stop_it(root):
    key = private_key(new_key())
    with SftpServer(root, private_key(new_key()), USER, [public_line(key)]) as server:
        for words in (b"", b"GET / HTTP/1.1\r\n\r\n", os.urandom(200)):
            with socket.create_connection(("127.0.0.1", server.port)) as sock:
                sock.sendall(words)
        target = Target("sftp", "127.0.0.1", server.port, USER)
        with open_line(target, key, [server.host_key_line]) as line:
            assert line.lstat("in")


def test_a_stock_client_works_with_it(root):
    with stock_client(root) as transport, paramiko.SFTPClient.from_transport(transport) as sftp:
        with sftp.open("in/x", "wx") as file:
            file.write(b"content")
        with pytest.raises(OSError, match="FAILURE"):
            sftp.open("in/x", "wx")
        sftp.mkdir("new")
        sftp.posix_rename("in/x", "new/x")
        assert sftp.listdir("new") == ["x"]
        assert sftp.stat("new/x").st_size == 7
        assert sftp.normalize("new/../in") == "/in"
        with sftp.open("new/x") as file:
            assert file.read() == b"content"
        sftp.remove("new/x")
        sftp.rmdir("new")


def test_as_a_process_it_keeps_its_identity(root, tmp_path):
    key = private_key(new_key())
    file = tmp_path / "host_key"
    file.write_bytes(new_key())
    for _ in range(2):
        with spawn(root, [public_line(key)], host_key=file) as running:
            assert running.host_key_line == public_line(private_key(file.read_bytes()))
            target = Target("sftp", "127.0.0.1", running.port, running.user)
            with open_line(target, key, [running.host_key_line]) as line:
                assert line.lstat("in")
        assert running.process.returncode is not None


def test_a_terminated_process_ends_quietly(root):
    with spawn(root, [public_line(private_key(new_key()))]) as running:
        running.process.terminate()
        assert running.process.wait(10) == 0


def test_it_logs_nothing(root, capfd, caplog):
    with line_to(root) as line:
        line.write_new("in/x", [b"x"])
    with line_to(root) as line, pytest.raises(GatewayError):
        line.write_new("in/x", [b"x"])
    out, err = capfd.readouterr()
    assert out + err == ""
    assert not [record for record in caplog.records if record.name.startswith("gateway.demo")]


def test_help_tells_how(root):
    ended = subprocess.run(
        [sys.executable, "-m", "gateway.demo.server", "--help"], capture_output=True, text=True, check=True
    )
    assert "--host-key" in ended.stdout
    assert Path(root).exists()


@settings(max_examples=300, deadline=None)
@given(st.integers(0, 255), st.binary(max_size=60))
def test_whatever_is_asked_there_is_an_answer(tmp_path_factory, kind, body):
    folder = Folder(tmp_path_factory.getbasetemp())
    if kind in (Kind.REMOVE, Kind.RMDIR, Kind.RENAME, Kind.OPEN, Kind.MKDIR, Kind.EXTENDED):
        return
    answered, data = folder.answer(kind, body)
    assert answered in (Kind.STATUS, Kind.ATTRS, Kind.NAME, Kind.HANDLE, Kind.EXTENDED_REPLY)
    assert data
    folder.close()


def test_a_handle_that_is_none_is_refused(root):
    folder = Folder(root)
    for kind in (Kind.READ, Kind.WRITE, Kind.CLOSE, Kind.FSTAT, Kind.READDIR):
        answered, data = folder.answer(kind, string("7") + uint64(0) + uint32(5) + b"12345")
        assert (answered, Fields(data).uint32()) == (Kind.STATUS, Status.BAD_MESSAGE)


def test_exclusive_creation_is_exclusive(root):
    folder = Folder(root)
    body = string("in/x") + uint32(Flag.WRITE | Flag.CREATE | Flag.EXCLUSIVE) + uint32(0)
    assert folder.answer(Kind.OPEN, body)[0] == Kind.HANDLE
    answered, data = folder.answer(Kind.OPEN, body)
    assert (answered, Fields(data).uint32()) == (Kind.STATUS, Status.FAILURE)
    folder.close()
