"""Secrets are read from where they belong, only if nobody else can read them, and never show themselves."""

import os
from datetime import UTC, datetime

import pytest

from gateway.findings.errors import CredentialMissing
from gateway.findings.render import as_text
from gateway.settings import CredentialReference, Credentials, Secret
from gateway.settings.credentials import LARGEST

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


@pytest.mark.parametrize("mode", [0o400, 0o440, 0o640, 0o444])
def test_credential_comes_from_the_service_manager(tmp_path, put, mode):
    """Whose folder it is nobody else can enter; an access list shows as bits of the group."""
    put("systemd/sftp.post", mode)
    found = Credentials(tmp_path, str(tmp_path / "systemd"))(CredentialReference("credential:sftp.post"))
    assert bytes(found) == CANARY


def test_without_service_manager_it_lies_beside_the_configuration(tmp_path, put):
    put("credentials/sftp.post")
    assert bytes(Credentials(tmp_path, "")("credential:sftp.post")) == CANARY


def test_path_counts_from_the_configuration(tmp_path, put):
    put("keys/post")
    assert bytes(Credentials(tmp_path, "")("keys/post")) == CANARY


@pytest.mark.parametrize("mode", [0o640, 0o604, 0o660, 0o620, 0o602, 0o601, 0o777])
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


@pytest.mark.parametrize("mode", [0o400, 0o600, 0o700])
def test_file_that_we_alone_may_read_is_taken(tmp_path, put, mode):
    put("credentials/sftp.post", mode)
    assert bytes(Credentials(tmp_path, "")("credential:sftp.post")) == CANARY


def test_path_is_looked_at_beside_a_service_manager_too(tmp_path, put):
    """It is not in the folder that the service manager keeps."""
    put("systemd/x")
    put("keys/post", 0o640)
    with pytest.raises(CredentialMissing, match="chmod 600"):
        Credentials(tmp_path, str(tmp_path / "systemd"))("keys/post")


def test_link_is_judged_by_what_it_leads_to(tmp_path, put):
    (tmp_path / "credentials").mkdir()
    (tmp_path / "credentials/sftp.post").symlink_to(put("keys/post", 0o644))
    with pytest.raises(CredentialMissing, match="chmod 600"):
        Credentials(tmp_path, "")("credential:sftp.post")


@pytest.mark.parametrize("kind", ["pipe", "folder", "large"])
def test_what_is_no_key_file_is_refused_at_once(tmp_path, kind):
    path = tmp_path / "credentials/sftp.post"
    path.parent.mkdir()
    match kind:
        case "pipe":
            os.mkfifo(path, 0o600)
        case "folder":
            path.mkdir(0o700)
        case "large":
            path.write_bytes(b"x" * (LARGEST + 1))
            path.chmod(0o600)
    with pytest.raises(CredentialMissing, match="credential:sftp"):
        Credentials(tmp_path, "")("credential:sftp.post")


def test_age_of_a_key_is_that_of_its_file(tmp_path, put):
    os.utime(put("credentials/sftp.post"), (1e9, 1e9))
    reference = CredentialReference("credential:sftp.post")
    assert Credentials(tmp_path, "").made_at(reference) == datetime.fromtimestamp(1e9, UTC)
    assert Credentials(tmp_path, str(tmp_path / "systemd")).made_at(reference) is None
    with pytest.raises(CredentialMissing):
        Credentials(tmp_path, "").made_at(CredentialReference("credential:gone"))


@pytest.mark.parametrize("secret", ["AGE-SECRET-KEY-1CANARY", "-----BEGIN CANARY KEY-----", "  AGE-SECRET-KEY-1CANARY"])
@pytest.mark.parametrize("place", ["identity", "recipients", "key"])
def test_secret_in_place_of_a_reference_is_a_fault_that_does_not_quote_it(folder, secret, place):
    values = {"identity": f'"{secret}"', "recipients": f'["{secret}"]'}
    if place == "key":
        folder.change("partners/example-post.yaml", "key: credential:sftp.example-post", f'key: "{secret}"')
    else:
        folder.change("gateway.yaml", "retention:", f"at_rest: {{{place}: {values[place]}}}\nretention:")
    _, faults = folder.load()
    told = repr(faults) + "".join(as_text(fault) for fault in faults)
    assert faults and "CANARY" not in told


def test_what_is_sealed_must_be_readable_here(folder):
    recipient = "age14ayq3yksmtj8nwgxjjyrql5jt0vcy3yhgqpnjxdm04aju8rsm95qm3ljw3"
    folder.change("gateway.yaml", "retention:", f"at_rest: {{recipients: [{recipient}]}}\nretention:")
    assert [fault[:6] for fault in folder.faults()] == ["CFG150"]


def test_retention_behind_a_mailbox_is_said_where_it_counts(folder):
    folder.change("partners/island-post.yaml", "via:", "retention: {raw: 5d}\nvia:")
    assert [fault[:6] for fault in folder.faults()] == ["CFG151"]
