"""From the configuration's connection to an open line: target, key, certificate and pins, read when it is dialled."""

from contextlib import AbstractContextManager
from datetime import UTC, datetime, timedelta

from gateway.settings.connection import Connection
from gateway.settings.credentials import Credentials
from gateway.settings.values import Sftp
from gateway.transport.keys import certificate_ends, private_key
from gateway.transport.line import Line, Target
from gateway.transport.opening import open_line


def target_of(connection: Connection) -> Target:
    where = connection.target
    if isinstance(where, Sftp):
        return Target("sftp", where.host, where.port, where.user, where.path)
    return Target("directory", path=str(where))


def dial(connection: Connection, credentials: Credentials) -> AbstractContextManager[Line]:
    """Open the line. Raises: CredentialMissing, KeyUnusable, and all that `open_line` raises."""
    if connection.key is None:
        return open_line(target_of(connection))
    phrase = credentials(connection.passphrase) if connection.passphrase else None
    key = private_key(credentials(connection.key), phrase, credentials.certificate(connection.key))
    return open_line(target_of(connection), key, connection.host_keys)


def certificate_left(connection: Connection, credentials: Credentials, now: datetime) -> timedelta | None:
    """How long the certificate beside a line's key still holds; None without one, or when it has no end.

    Raises: KeyUnusable.
    """
    certificate = credentials.certificate(connection.key) if connection.key else None
    end = certificate_ends(certificate) if certificate else None
    return None if end is None else datetime.fromtimestamp(end, UTC) - now
