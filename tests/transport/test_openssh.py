"""What only a real OpenSSH shows: certificates, other kinds of host keys, connections used up, sessions killed."""

import os
import socket
import subprocess
import threading
import time
from contextlib import ExitStack

import paramiko
import pytest

from gateway.demo.server import new_key, public_line
from gateway.findings.errors import HostKeyMismatch, NoCommonAlgorithm, PartnerUnreachable, RemotePathMissing
from gateway.transport import Timeouts, open_line, private_key
from gateway.transport.dial import WEAK
from tests.servers import running_openssh

pytestmark = pytest.mark.openssh
QUICK = Timeouts(connect=5, request=5, listing=5, transfer=5)


def line_to(server, *host_keys, key=None):
    return open_line(server.target, key or server.key, host_keys or [server.host_key_line], QUICK)


def keygen(*arguments):
    subprocess.run(["ssh-keygen", "-q", *map(str, arguments)], check=True)


def test_it_offers_what_the_design_counts_on(openssh_server):
    with line_to(openssh_server) as line:
        assert line.banner.startswith("SSH-2.0-OpenSSH")
        offered = {name.partition("@")[0] for name in line.extensions}
    assert offered >= {"posix-rename", "hardlink", "fsync", "statvfs", "limits"}


def test_nothing_above_the_chroot_can_be_named(openssh_server):
    if os.geteuid():
        pytest.skip("a chroot needs root")
    (openssh_server.root / "out/escape").symlink_to("/etc")
    with line_to(openssh_server) as line:
        assert line.lstat("../../../etc/passwd") is None
        assert line.lstat("/etc/passwd") is None
        with pytest.raises(RemotePathMissing):
            list(line.scan("out/escape"))


def test_an_rsa_host_key_is_verified_with_sha_2(tmp_path):
    keygen("-t", "rsa", "-b", "3072", "-N", "", "-f", tmp_path / "rsa")
    public = (tmp_path / "rsa.pub").read_text()
    with running_openssh(tmp_path, f"HostKey {tmp_path / 'rsa'}") as server, line_to(server, public) as line:
        assert line.lstat("in")


def test_only_a_key_of_a_pinned_type_is_asked_for(tmp_path):
    """The server has an ed25519 and an RSA key; the pin of the second holds although the server prefers the first."""
    keygen("-t", "ecdsa", "-N", "", "-f", tmp_path / "ecdsa")
    public = (tmp_path / "ecdsa.pub").read_text()
    with running_openssh(tmp_path, f"HostKey {tmp_path / 'ecdsa'}") as server, line_to(server, public) as line:
        assert line.lstat("in")


def test_a_changed_host_key_stops_us(openssh_server):
    with pytest.raises(HostKeyMismatch), line_to(openssh_server, public_line(private_key(new_key()))):
        pass


def test_a_server_of_the_old_days_is_told_apart(tmp_path):
    old = ("Ciphers aes128-cbc", "MACs hmac-sha1")
    with running_openssh(tmp_path, *old) as server, pytest.raises(NoCommonAlgorithm), line_to(server):
        pass


def test_a_user_certificate_is_let_in(tmp_path):
    authority = tmp_path / "ca"
    authority.write_bytes(new_key())
    authority.chmod(0o600)
    trusted = tmp_path / "trusted"
    trusted.write_text(public_line(private_key(authority.read_bytes())) + "\n")
    with running_openssh(tmp_path, f"TrustedUserCAKeys {trusted}", "AuthorizedKeysFile none") as server:
        plain = tmp_path / "user"
        plain.write_bytes(new_key())
        plain.chmod(0o600)
        (tmp_path / "user.pub").write_text(public_line(private_key(plain.read_bytes())))
        keygen("-s", authority, "-I", "gateway", "-n", server.user, tmp_path / "user.pub")
        key = private_key(plain.read_bytes(), certificate=(tmp_path / "user-cert.pub").read_bytes())
        with line_to(server, key=key) as line:
            assert line.lstat("in")


def test_connections_used_up_are_worth_another_try(tmp_path):
    with running_openssh(tmp_path, "MaxStartups 1:100:1") as server, ExitStack() as stack:
        for _ in range(2):
            waiting = stack.enter_context(socket.create_connection(("127.0.0.1", server.port)))
            waiting.settimeout(5)
            waiting.recv(1)
        with pytest.raises(PartnerUnreachable), line_to(server):
            pass


def test_a_killed_session_ends_a_transfer_at_once(openssh_server):
    (openssh_server.root / "out/x").write_bytes(bytes(50_000_000))
    with line_to(openssh_server) as line:
        blocks = line.fetch("out/x", 50_000_000)
        next(blocks)
        openssh_server.kill_sessions()
        with pytest.raises(PartnerUnreachable):
            list(blocks)
        assert not line.alive


def test_weak_algorithms_are_not_even_offered(openssh_server):
    seen = {}

    class Noting(paramiko.Transport):
        def _send_kex_init(self):
            seen["ciphers"], seen["macs"] = self.preferred_ciphers, self.preferred_macs
            super()._send_kex_init()

    original, paramiko.Transport = paramiko.Transport, Noting
    try:
        with line_to(openssh_server) as line:
            line.lstat("in")
    finally:
        paramiko.Transport = original
    assert seen["ciphers"]
    assert not {*seen["ciphers"], *seen["macs"]} & {*WEAK["ciphers"], *WEAK["macs"]}


def test_many_lines_leave_no_thread_behind(openssh_server):
    before = threading.active_count()
    for _ in range(10):
        with line_to(openssh_server) as line:
            line.lstat("in")
    end = time.monotonic() + 5
    while threading.active_count() > before:
        assert time.monotonic() < end
        time.sleep(0.01)


def test_a_line_that_was_hung_up_while_idle_says_so(openssh_server):
    with line_to(openssh_server) as line:
        assert line.alive
        openssh_server.kill_sessions()
        end = time.monotonic() + 5
        while line.alive:
            assert time.monotonic() < end
            time.sleep(0.01)
