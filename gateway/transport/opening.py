"""One door for every transport."""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager

from gateway.findings.errors import KeyUnusable
from gateway.transport.dial import pins
from gateway.transport.directory import open_directory
from gateway.transport.keys import PrivateKey
from gateway.transport.line import Line, Target, Timeouts
from gateway.transport.sftp import open_sftp

DEFAULT = Timeouts()


@contextmanager
def open_line(
    target: Target, key: PrivateKey | None = None, host_keys: Sequence[str] = (), timeouts: Timeouts = DEFAULT
) -> Iterator[Line]:
    """A line for the length of the block. `host_keys` are public key lines; one of them must be the server's."""
    if target.kind == "directory":
        with open_directory(target) as line:
            yield line
    else:
        if key is None:
            raise KeyUnusable("no key is configured for this account")
        with open_sftp(target, key, pins(host_keys), timeouts) as line:
            yield line
