"""Secrets from where the service manager puts them, never from environment, flags, messages or the journal.

`credential:<name>` is the file of that name below `$CREDENTIALS_DIRECTORY` (systemd), or below `credentials/` beside
the configuration where no service manager runs us; anything else is the path of a key file. Files outside systemd's
folder must be ours or root's and closed to all others (security.md §8).
"""

import os
import stat
from datetime import UTC, datetime
from pathlib import Path

from gateway.findings.errors import CredentialMissing
from gateway.settings.values import CredentialReference

CERTIFICATE = "-cert.pub"
LARGEST = 1_000_000  # bytes; systemd passes no more to one service


class Secret(bytes):
    """Bytes that do not show themselves."""

    def __repr__(self) -> str:
        return "***"

    __str__ = __repr__

    def __format__(self, spec: str) -> str:
        return repr(self)


class Credentials:
    """Reads secrets by reference. `folder` is that of the configuration."""

    def __init__(self, folder: Path, systemd: str | None = None) -> None:
        self._folder = folder
        given = os.environ.get("CREDENTIALS_DIRECTORY") if systemd is None else systemd
        self._systemd = Path(given) if given else None

    def __call__(self, reference: CredentialReference | str) -> Secret:
        reference = CredentialReference(str(reference))
        try:
            return Secret(self._open(reference))
        except OSError as error:
            raise CredentialMissing(f"{reference}: {error.strerror or type(error).__name__}") from None

    def certificate(self, reference: CredentialReference) -> bytes | None:
        """The user certificate beside a private key (`<key>-cert.pub`, OpenSSH's own name for it); it is no secret."""
        key = self.path(reference)
        try:
            return key.with_name(f"{key.name}{CERTIFICATE}").read_bytes()
        except FileNotFoundError:
            return None
        except OSError as error:
            raise CredentialMissing(f"{reference}{CERTIFICATE}: {error.strerror or type(error).__name__}") from None

    def made_at(self, reference: CredentialReference) -> datetime | None:
        """When a secret was last written; None where the service manager hands us a copy, which is as old as we are.

        Raises: CredentialMissing.
        """
        if reference.name and self._systemd:
            return None
        try:
            return datetime.fromtimestamp(self.path(reference).stat().st_mtime, UTC)
        except OSError as error:
            raise CredentialMissing(f"{reference}: {error.strerror or type(error).__name__}") from None

    def path(self, reference: CredentialReference) -> Path:
        if not reference.name:
            return self._folder / reference.text
        return (self._systemd or self._folder / "credentials") / reference.name

    def _open(self, reference: CredentialReference) -> bytes:
        handle = os.open(self.path(reference), os.O_RDONLY | os.O_CLOEXEC | os.O_NONBLOCK)  # a pipe would keep us
        with os.fdopen(handle, "rb") as stream:
            state = os.fstat(handle)
            if not stat.S_ISREG(state.st_mode) or state.st_size > LARGEST:
                raise CredentialMissing(f"{reference}: not a file of at most {LARGEST:,} bytes")
            if not (reference.name and self._systemd):
                _closed_to_others(state, str(reference))
            return stream.read()


def _closed_to_others(state: os.stat_result, shown: str) -> None:
    if state.st_mode & (stat.S_IRWXG | stat.S_IRWXO):
        raise CredentialMissing(f"{shown}: others may read it; chmod 600")
    if state.st_uid not in (0, os.geteuid()):
        raise CredentialMissing(f"{shown}: belongs to another user")
