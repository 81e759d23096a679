"""From the configuration's connection to an open line: target, key and pins, read when the line is dialled."""

from contextlib import AbstractContextManager

from gateway.settings.connection import Connection
from gateway.settings.credentials import Credentials
from gateway.settings.values import Sftp
from gateway.transport.keys import private_key
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
    return open_line(target_of(connection), private_key(credentials(connection.key), phrase), connection.host_keys)
