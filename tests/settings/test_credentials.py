"""Secrets are read from where they belong, only if nobody else can read them, and never show themselves."""

import os

import pytest

from gateway.findings.errors import CredentialMissing
from gateway.settings import CredentialReference, Credentials, Secret

CANARY = b"-----BEGIN CANARY KEY-----"


@pytest.fixture
def put(tmp_path):
    def write(name, mode=0o600):
        path = tmp_path / name
        path.parent.mkdir(exist_ok=True)
        path.write_bytes(CANARY)
        path.chmod(mode)
        return path

    return write


def test_credential_comes_from_the_service_manager(tmp_path, put):
    put("systemd/sftp.post", 0o640)
    found = Credentials(tmp_path, str(tmp_path / "systemd"))(CredentialReference("credential:sftp.post"))
    assert bytes(found) == CANARY


def test_without_service_manager_it_lies_beside_the_configuration(tmp_path, put):
    put("credentials/sftp.post")
    assert bytes(Credentials(tmp_path, "")("credential:sftp.post")) == CANARY


def test_path_counts_from_the_configuration(tmp_path, put):
    put("keys/post")
    assert bytes(Credentials(tmp_path, "")("keys/post")) == CANARY


@pytest.mark.parametrize("mode", [0o640, 0o604, 0o660])
def test_file_that_others_may_read_is_refused(tmp_path, put, mode):
    put("credentials/sftp.post", mode)
    with pytest.raises(CredentialMissing, match="chmod 600"):
        Credentials(tmp_path, "")("credential:sftp.post")


@pytest.mark.skipif(os.geteuid() != 0, reason="only root can give a file away")
def test_file_of_another_user_is_refused(tmp_path, put):
    os.chown(put("credentials/sftp.post"), 12345, 12345)
    with pytest.raises(CredentialMissing, match="another user"):
        Credentials(tmp_path, "")("credential:sftp.post")


def test_missing_credential_is_one_clear_message(tmp_path):
    with pytest.raises(CredentialMissing, match="credential:gone: No such file"):
        Credentials(tmp_path, "")("credential:gone")


def test_secret_never_shows_itself():
    secret = Secret(CANARY)
    assert {repr(secret), str(secret), f"{secret}", f"{secret!r}", "%s" % secret} == {"***"}  # noqa: UP031
    assert "CANARY" not in repr([secret])


def test_no_configuration_object_shows_a_secret(tmp_path, put, folder):
    put("credentials/sftp.example-post")
    settings, _ = folder.load()
    Credentials(tmp_path, "")("credential:sftp.example-post")
    assert "CANARY" not in repr(settings) + repr(settings.connections())
