"""Private keys: every form and every fault gets one sentence that says what to do."""

import getpass
import shutil
import subprocess

import paramiko
import pytest

from gateway.demo.server import new_key, public_line
from gateway.findings.errors import KeyUnusable
from gateway.transport.keys import certificate_ends, private_key

needs_ssh_keygen = pytest.mark.skipif(not shutil.which("ssh-keygen"), reason="needs openssh-client")


def generated(tmp_path, *arguments):
    file = tmp_path / "key"
    subprocess.run(["ssh-keygen", "-q", "-f", file, *arguments], check=True)
    return file


def certify(tmp_path, file, *arguments):
    authority = tmp_path / "ca"
    authority.write_bytes(new_key())
    authority.chmod(0o600)
    names = ["-I", "gw", "-n", f"gw,{getpass.getuser()}"]
    subprocess.run(["ssh-keygen", "-q", "-s", authority, *names, *arguments, f"{file}.pub"], check=True)


@needs_ssh_keygen
@pytest.mark.parametrize(
    "arguments",
    [
        ("-t", "ed25519", "-N", ""),
        ("-t", "ecdsa", "-N", ""),
        ("-t", "rsa", "-b", "2048", "-N", ""),
        ("-t", "rsa", "-b", "2048", "-m", "PEM", "-N", ""),
    ],
)
def test_every_usual_form_is_read(tmp_path, arguments):
    file = generated(tmp_path, *arguments)
    assert public_line(private_key(file.read_bytes())) in file.with_suffix(".pub").read_text()


@needs_ssh_keygen
def test_a_passphrase_opens_a_key(tmp_path):
    file = generated(tmp_path, "-t", "ed25519", "-N", "open sesame")
    assert private_key(file.read_bytes(), b"open sesame").get_name() == "ssh-ed25519"
    with pytest.raises(KeyUnusable, match="passphrase is missing"):
        private_key(file.read_bytes())
    with pytest.raises(KeyUnusable, match="passphrase is wrong"):
        private_key(file.read_bytes(), b"else")


@needs_ssh_keygen
def test_a_certificate_comes_with_its_key(tmp_path):
    file = generated(tmp_path, "-t", "ed25519", "-N", "")
    certify(tmp_path, file)
    certificate = (tmp_path / "key-cert.pub").read_bytes()
    assert private_key(file.read_bytes(), certificate=certificate).public_blob is not None
    with pytest.raises(KeyUnusable, match="another key"):
        private_key(new_key(), certificate=certificate)
    with pytest.raises(KeyUnusable, match="no user certificate"):
        private_key(file.read_bytes(), certificate=b"nonsense")
    with pytest.raises(KeyUnusable, match="public key where"):
        private_key(file.read_bytes(), certificate=file.with_suffix(".pub").read_bytes())
    assert certificate_ends(certificate) is None


@needs_ssh_keygen
def test_the_end_of_a_certificate_is_known(tmp_path):
    file = generated(tmp_path, "-t", "ed25519", "-N", "")
    certify(tmp_path, file, "-V", "20260101120000Z:20270101120000Z")
    ends = certificate_ends((tmp_path / "key-cert.pub").read_bytes())
    assert ends == 1798804800


@pytest.mark.parametrize("data", [b"", b"nonsense", b"\xff\xfe", b"-----BEGIN OPENSSH PRIVATE KEY-----\nAAAA\n"])
def test_what_is_no_key_is_named_as_such(data):
    with pytest.raises(KeyUnusable, match="no private key"):
        private_key(data)


def test_a_passphrase_too_many_is_named_as_such():
    with pytest.raises(KeyUnusable, match="not encrypted"):
        private_key(new_key(), b"unasked")


def test_an_unsafe_kind_is_refused():
    from cryptography.hazmat.primitives.asymmetric.ed448 import Ed448PrivateKey
    from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat

    pem = Ed448PrivateKey.generate().private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption())
    with pytest.raises(KeyUnusable, match="ed25519"):
        private_key(pem)


def test_a_key_does_not_show_itself():
    key = private_key(new_key())
    assert isinstance(key, paramiko.PKey)
    assert "PRIVATE" not in repr(key)
