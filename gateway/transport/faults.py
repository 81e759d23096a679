"""What the SSH library and the operating system raise, as our own errors: whose fault, may we try again, which code.

The class decides, never the text: servers say `Failure` for a full disk and for a clash alike, and a killed server
shows as three different classes (exchange.md §2.4). The first row that fits counts.
"""

from collections.abc import Iterable, Iterator
from contextlib import contextmanager

import paramiko
from paramiko.ssh_exception import IncompatiblePeer

from gateway.findings import Finding
from gateway.findings.errors import (
    GatewayError,
    HostKeyMismatch,
    KeyUnusable,
    LoginRefused,
    NameClash,
    NameNotAllowed,
    NoCommonAlgorithm,
    NoRoom,
    PartnerUnreachable,
    RemoteChanged,
    RemotePathMissing,
    RequestRefused,
    Retryable,
    SpoolUnreadable,
    TooManySessions,
)
from gateway.transport.packets import BadPacket
from gateway.transport.wire import ConnectionLost, Refused

TABLE: tuple[tuple[tuple[type[Exception], ...], type[GatewayError]], ...] = (
    ((paramiko.AuthenticationException,), LoginRefused),
    ((IncompatiblePeer,), NoCommonAlgorithm),
    ((paramiko.ChannelException,), TooManySessions),
    ((FileNotFoundError, PermissionError, NotADirectoryError), RemotePathMissing),
    ((FileExistsError,), NameClash),
    ((TimeoutError, ConnectionError, ConnectionLost, EOFError, BadPacket, paramiko.SSHException), PartnerUnreachable),
    ((Refused, OSError), RequestRefused),
)

CODES: dict[type[GatewayError], str] = {
    HostKeyMismatch: "DLV601",
    PartnerUnreachable: "DLV602",
    LoginRefused: "DLV603",
    NoCommonAlgorithm: "DLV604",
    TooManySessions: "DLV605",
    KeyUnusable: "DLV606",
    SpoolUnreadable: "DLV608",
    RemotePathMissing: "DLV611",
    RequestRefused: "DLV612",
    NameClash: "DLV613",
    NoRoom: "DLV618",
    RemoteChanged: "DLV621",
    NameNotAllowed: "DLV624",
}


def translate(error: Exception) -> GatewayError | None:
    """None for what is no fault of line or server: a bug of ours, which must show itself."""
    if isinstance(error, GatewayError):
        return error
    return next((ours() for theirs, ours in TABLE if isinstance(error, theirs)), None)


@contextmanager
def translated() -> Iterator[None]:
    try:
        yield
    except Exception as error:
        ours = translate(error)
        if ours is None or ours is error:
            raise
        raise ours from error


@contextmanager
def dialling() -> Iterator[None]:
    """While a connection is made: a damaged handshake surfaces as almost anything, and means unreachable."""
    try:
        yield
    except GatewayError:
        raise
    except (OSError, EOFError) as error:
        raise PartnerUnreachable from error
    except Exception as error:
        raise translate(error) or PartnerUnreachable() from error


def supplied(blocks: Iterable[bytes]) -> Iterator[bytes]:
    """The bytes we are to send: what fails while they are read is our disk, not the partner's."""
    try:
        yield from blocks
    except OSError as error:
        raise SpoolUnreadable from error


def retryable(error: GatewayError) -> bool:
    return isinstance(error, Retryable)


def finding(error: GatewayError, **values: str) -> Finding:
    """The finding that shows an error of the line in lists and alarms, with what to do about it in its hint."""
    return Finding(code=CODES[type(error)], values=values)
