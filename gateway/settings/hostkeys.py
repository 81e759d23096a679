"""Pinned host keys: whole public key lines, as `ssh-keyscan` prints them without the host.

A fingerprint alone does not tell which key type to ask for, so the line is kept (exchange.md §2.2).

>>> parse_host_key("ssh-ed25519 AAAA")
"""

import base64
import binascii
from typing import Annotated

from gateway.settings.values import Written


def parse_host_key(line: str) -> str | None:
    """The line without its comment; the blob must begin with the type's own name (RFC 4253 §6.6)."""
    words = line.split()
    if len(words) < 2:
        return None
    kind, blob = words[:2]
    try:
        data = base64.b64decode(blob, validate=True)
    except binascii.Error:
        return None
    name = kind.encode()
    fits = data[:4] == len(name).to_bytes(4, "big") and data[4 : 4 + len(name)] == name
    return f"{kind} {blob}" if fits and len(data) > 4 + len(name) else None


HostKey = Annotated[str, Written(str, parse_host_key, "a public key line such as `ssh-ed25519 AAAA…`")]
