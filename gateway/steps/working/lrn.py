"""The functional reference (LRN) of a filing, derived and never counted.

prefix (≤ 6) + base32 of BLAKE2b-80 over environment, declarant, dossier key, route, purpose and attempt: at most 22
characters (ICS2 takes an..22, the WCO Data Model an..35), the same after a replay or a restore.

>>> derive("GW1", "test", "GB1", DossierKey("test", "consignment", "RR473124829GB", "2026-09-13"), "uk-h7")
'GW1J5RZ7GDR3YRA5KTM'
"""

import base64
import hashlib

import msgspec

PREFIX_WIDTH = 6
WITHOUT = "~"  # begins what stands in the place of an LRN
SEPARATOR = b"\x1f"  # ASCII unit separator: cannot stand in any of the parts


class DossierKey(msgspec.Struct, frozen=True):
    """What makes a parcel one parcel: environment, kind, business id and epoch (its first posting date).

    S10 numbers return after 12 months (UPU S10-12), so the number alone is no key.
    """

    environment: str
    kind: str
    business_id: str
    epoch: str


def derive(
    prefix: str,
    environment: str,
    declarant: str,
    key: DossierKey,
    route: str,
    purpose: str = "declare",
    attempt: int = 1,
) -> str:
    parts = (
        environment,
        declarant,
        key.environment,
        key.kind,
        key.business_id,
        key.epoch,
        route,
        purpose,
        str(attempt),
    )
    return prefix[:PREFIX_WIDTH] + _digest(parts, 10)


def lasting(key: DossierKey, route: str, purpose: str, attempt: int) -> str:
    """A name, the same after a restore, for a parcel that is declared among others and has no LRN of its own."""
    parts = (key.environment, key.kind, key.business_id, key.epoch, route, purpose, str(attempt))
    return WITHOUT + _digest(parts, 15)


def _digest(parts: tuple[str, ...], size: int) -> str:
    """Five bytes are eight characters."""
    return base64.b32encode(
        hashlib.blake2b(SEPARATOR.join(p.encode() for p in parts), digest_size=size).digest()
    ).decode()
