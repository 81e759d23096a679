"""Exceptions: something about us or the line. The type says whose fault it is and whether trying again may help."""

import inspect

from gateway.findings.finding import Finding


class GatewayError(Exception):
    """Something went wrong."""

    def __str__(self) -> str:
        return super().__str__() or inspect.cleandoc(self.__doc__ or "")


class SenderFault(GatewayError):
    """What was sent to us cannot be read."""


class GatewayFault(GatewayError):
    """The gateway or its configuration is at fault."""


class ReceiverFault(GatewayError):
    """The system we deliver to, or its SFTP server, is at fault."""


class Retryable:
    """Mixin: the same call may succeed later."""


class Permanent:
    """Mixin: trying again changes nothing; a person is needed."""


class HostKeyMismatch(ReceiverFault, Permanent):
    """The server's key is not one of the pinned keys."""


class PartnerUnreachable(ReceiverFault, Retryable):
    """No connection to the partner."""


class LoginRefused(GatewayFault, Permanent):
    """The partner refused our key."""


class RemotePathMissing(ReceiverFault, Permanent):
    """A folder or a right is missing at the partner."""


class RemoteChanged(SenderFault, Retryable):
    """The file changed while it was read."""


class NameClash(ReceiverFault, Permanent):
    """A different file of this name is already at the partner."""


class NoCommonAlgorithm(ReceiverFault, Permanent):
    """The partner's server offers no algorithm that is still safe."""


class TooManySessions(ReceiverFault, Retryable):
    """The partner's server takes no further session."""


class RequestRefused(ReceiverFault, Retryable):
    """The partner's server refused a request without a reason: full disk, quota, a right."""


class NoRoom(ReceiverFault, Retryable):
    """The partner's disk has no room for what we have."""


class NameNotAllowed(GatewayFault, Permanent):
    """A file name is not one that we create or follow."""


class SpoolUnreadable(GatewayFault, Retryable):
    """The bytes to send cannot be read from our own disk."""


class SpoolSealed(GatewayFault, Retryable):
    """The stored bytes are sealed, and no identity that opens them is at hand: set `at_rest.identity`."""


class BlobGone(GatewayFault, Permanent):
    """The bytes were purged."""


class BlobDamaged(BlobGone):
    """The bytes are not in the spool as they were stored: restore the file from a backup."""


class KeyUnusable(GatewayFault, Permanent):
    """Our private key cannot be used."""


class ConfigurationInvalid(GatewayFault, Permanent):
    """The configuration cannot be used."""


class MappingInvalid(GatewayFault, Permanent):
    """A mapping table cannot be used. `findings` say all that is wrong with it."""

    def __init__(self, message: str = "", findings: tuple[Finding, ...] = ()) -> None:
        super().__init__(message)
        self.findings = findings


class StateLocked(GatewayFault, Retryable):
    """Another gateway works on this state folder."""


class CredentialMissing(GatewayFault, Permanent):
    """A key or secret that the configuration names cannot be read."""


class JournalFault(GatewayFault, Permanent):
    """The journal does not allow this change."""


class BackupUnusable(GatewayFault, Permanent):
    """The backup cannot be made or used."""
