"""Our private keys, from bytes: the library's misleading faults become one sentence that says what to do.

OpenSSH and PEM forms; ed25519, ECDSA, RSA. A user certificate (`<key>-cert.pub`) may come with the key.
"""

import io

import paramiko
from cryptography.exceptions import UnsupportedAlgorithm
from cryptography.hazmat.primitives.asymmetric.ec import EllipticCurvePrivateKey
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.asymmetric.rsa import RSAPrivateKey
from cryptography.hazmat.primitives.serialization import (
    Encoding,
    PublicFormat,
    SSHCertificate,
    load_pem_private_key,
    load_ssh_private_key,
    load_ssh_public_identity,
)

from gateway.findings.errors import KeyUnusable

PrivateKey = paramiko.PKey
FOREVER = 2**64 - 1  # OpenSSH PROTOCOL.certkeys: valid before

_CLASSES: tuple[tuple[type, type[paramiko.PKey]], ...] = (
    (Ed25519PrivateKey, paramiko.Ed25519Key),
    (EllipticCurvePrivateKey, paramiko.ECDSAKey),
    (RSAPrivateKey, paramiko.RSAKey),
)


def private_key(data: bytes, passphrase: bytes | None = None, certificate: bytes | None = None) -> PrivateKey:
    """Raises: KeyUnusable."""
    key = _load(data, passphrase)
    if certificate:
        if _certified(certificate) != f"{key.get_name()} {key.get_base64()}":
            raise KeyUnusable("the certificate belongs to another key")
        key.load_certificate(certificate.decode("ascii").strip())
    return key


def certificate_ends(certificate: bytes) -> int | None:
    """When a user certificate ends, in seconds since 1970; None when never. Raises: KeyUnusable."""
    end = _identity(certificate).valid_before
    return None if end >= FOREVER else end


def _certified(certificate: bytes) -> str:
    public = _identity(certificate).public_key()
    return public.public_bytes(Encoding.OpenSSH, PublicFormat.OpenSSH).decode("ascii")


def _identity(certificate: bytes) -> SSHCertificate:
    try:
        found = load_ssh_public_identity(certificate.strip())
    except (ValueError, UnsupportedAlgorithm) as error:
        raise KeyUnusable("this is no user certificate") from error
    if not isinstance(found, SSHCertificate):
        raise KeyUnusable("this is a public key where a user certificate was expected")
    return found


def _load(data: bytes, passphrase: bytes | None) -> PrivateKey:
    load = load_ssh_private_key if b"BEGIN OPENSSH PRIVATE KEY" in data else load_pem_private_key
    try:
        loaded = load(data, password=passphrase)
    except TypeError as error:
        raise KeyUnusable(_passphrase_fault(passphrase)) from error
    except (ValueError, UnsupportedAlgorithm) as error:
        raise KeyUnusable(_content_fault(passphrase)) from error
    kind = next((ours for theirs, ours in _CLASSES if isinstance(loaded, theirs)), None)
    if kind is None:
        raise KeyUnusable("the key is of a kind that SFTP servers no longer take; make an ed25519 key")
    key: PrivateKey = kind.from_private_key(io.StringIO(data.decode("ascii")), password=passphrase)
    return key


def _passphrase_fault(passphrase: bytes | None) -> str:
    """The loader says the same of both."""
    if passphrase is None:
        return "the key is encrypted; its passphrase is missing"
    return "a passphrase is given but the key is not encrypted"


def _content_fault(passphrase: bytes | None) -> str:
    if passphrase is None:
        return "this is no private key in OpenSSH or PEM form"
    return "the passphrase is wrong, or this is no private key in OpenSSH or PEM form"
