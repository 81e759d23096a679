"""Library errors become ours by class; each of ours has a code, and each code has words."""

import socket

import paramiko
import pytest
from paramiko.ssh_exception import IncompatiblePeer

from gateway.findings import catalogue, errors
from gateway.transport.faults import CODES, dialling, finding, retryable, translate, translated
from gateway.transport.packets import BadPacket
from gateway.transport.wire import ConnectionLost, Refused, Unsupported


@pytest.mark.parametrize(
    ("error", "ours", "again"),
    [
        (paramiko.AuthenticationException(), errors.LoginRefused, False),
        (IncompatiblePeer(), errors.NoCommonAlgorithm, False),
        (paramiko.ChannelException(2, "Connect failed"), errors.TooManySessions, True),
        (paramiko.SSHException("Server connection dropped"), errors.PartnerUnreachable, True),
        (FileNotFoundError(), errors.RemotePathMissing, False),
        (PermissionError(), errors.RemotePathMissing, False),
        (FileExistsError(), errors.NameClash, False),
        (TimeoutError(), errors.PartnerUnreachable, True),
        (socket.gaierror(), errors.RequestRefused, True),
        (ConnectionRefusedError(), errors.PartnerUnreachable, True),
        (EOFError(), errors.PartnerUnreachable, True),
        (ConnectionLost(), errors.PartnerUnreachable, True),
        (BadPacket(), errors.PartnerUnreachable, True),
        (Refused(), errors.RequestRefused, True),
        (Unsupported(), errors.RequestRefused, True),
        (OSError("Failure"), errors.RequestRefused, True),
        (errors.RemoteChanged(), errors.RemoteChanged, True),
    ],
)
def test_an_error_is_classified_by_its_class(error, ours, again):
    with pytest.raises(ours) as caught, translated():
        raise error
    assert retryable(caught.value) is again


def test_a_bug_shows_itself():
    assert translate(ZeroDivisionError()) is None
    with pytest.raises(ZeroDivisionError), translated():
        raise ZeroDivisionError


@pytest.mark.parametrize("error", [ValueError("damaged key"), IndexError(), OSError(), socket.gaierror(), EOFError()])
def test_whatever_breaks_a_handshake_means_unreachable(error):
    with pytest.raises(errors.PartnerUnreachable), dialling():
        raise error


def test_a_verdict_of_the_handshake_stays():
    with pytest.raises(errors.HostKeyMismatch), dialling():
        raise errors.HostKeyMismatch
    with pytest.raises(errors.LoginRefused), dialling():
        raise paramiko.AuthenticationException


def test_every_code_has_words():
    for error in CODES:
        assert catalogue.entry(finding(error()).code).hint


def test_every_error_of_the_line_says_whose_fault_it_is_and_whether_to_try_again():
    for error in CODES:
        assert issubclass(error, errors.SenderFault | errors.ReceiverFault | errors.GatewayFault)
        assert issubclass(error, errors.Retryable) != issubclass(error, errors.Permanent)
