"""What partners are called in messages. An id may be a secret: `ids: {ioss: credential:shop.ioss}` is read from there.

These are the only secrets that a process needs which reads messages; keys of lines are read by those that dial them.
"""

from collections.abc import Mapping
from typing import NamedTuple

from gateway.findings.errors import CredentialMissing
from gateway.settings.credentials import Credentials
from gateway.settings.partner import Partner

SECRET = "credential:"  # noqa: S105  # how a reference to one begins


class Identities(NamedTuple):
    """A partner's ids by scheme. `unread` are references that could not be read: nobody goes by them."""

    ids: Mapping[str, str]
    unread: tuple[str, ...] = ()


def identities(partner: Partner, credentials: Credentials) -> Identities:
    """The ids themselves."""
    found, unread = dict[str, str](), list[str]()
    for scheme, said in partner.party.ids.items():
        try:
            found[scheme] = credentials(said).decode().strip() if said.startswith(SECRET) else said
        except (CredentialMissing, UnicodeDecodeError):
            unread.append(said)
    return Identities(found, tuple(unread))
