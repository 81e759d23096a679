"""Sockets and pins."""

import socket
import time

import pytest

from gateway.demo.server import new_key, public_line
from gateway.findings.errors import ConfigurationInvalid, PartnerUnreachable
from gateway.transport import Target, Timeouts, dial, open_line, private_key


def line_of(key=None):
    return public_line(private_key(key or new_key()))


def test_pinned_lines_may_carry_a_comment():
    line = line_of()
    assert [key.get_base64() for key in dial.pins([f"{line} partner 2026"])] == [line.split()[1]]


@pytest.mark.parametrize("line", ["", "ssh-ed25519", "ssh-ed25519 AAAA", "ssh-ed25519 !", "ssh-dss AAAAB3NzaC1kc3M="])
def test_a_line_that_is_no_key_is_refused(line):
    with pytest.raises(ConfigurationInvalid):
        dial.pins([line])


def test_only_types_that_are_pinned_are_asked_for():
    keys = dial.pins([line_of(), line_of()])
    assert dial._key_types(keys) == ["ssh-ed25519"]


def test_an_rsa_pin_asks_for_signatures_with_sha_2():
    import paramiko

    key = paramiko.RSAKey.generate(2048)
    assert dial._key_types([key]) == ["rsa-sha2-512", "rsa-sha2-256"]


def test_a_server_that_accepts_and_says_nothing_is_unreachable():
    with socket.create_server(("127.0.0.1", 0)) as listener:
        target = Target("sftp", "127.0.0.1", listener.getsockname()[1], "gw")
        start = time.monotonic()
        with (
            pytest.raises(PartnerUnreachable),
            open_line(target, private_key(new_key()), [line_of()], Timeouts(connect=0.3)),
        ):
            pass
        assert time.monotonic() - start < 10


def test_a_name_that_is_looked_up_for_ever_is_unreachable(monkeypatch):
    monkeypatch.setattr(socket, "getaddrinfo", lambda *_, **__: time.sleep(30))
    start = time.monotonic()
    with pytest.raises(TimeoutError):
        dial.connect_socket("partner.example.org", 22, 0.2)
    assert time.monotonic() - start < 10


def test_all_addresses_of_a_name_share_one_deadline(monkeypatch):
    answers = [(socket.AF_INET, socket.SOCK_STREAM, 0, "", ("192.0.2.1", 9))] * 50
    monkeypatch.setattr(socket, "getaddrinfo", lambda *_, **__: answers)
    start = time.monotonic()
    with pytest.raises(OSError):  # noqa: PT011  # whichever the last address gave
        dial.connect_socket("partner.example.org", 22, 0.3)
    assert time.monotonic() - start < 10


def test_packets_leave_at_once():
    with (
        socket.create_server(("127.0.0.1", 0)) as listener,
        dial.connect_socket("127.0.0.1", listener.getsockname()[1], 2) as sock,
    ):
        assert sock.getsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY)
        assert sock.getsockopt(socket.SOL_SOCKET, socket.SO_KEEPALIVE)
