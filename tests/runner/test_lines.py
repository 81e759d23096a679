"""From a connection to an open line: the certificate beside our key goes along where its authority is trusted."""

import getpass
import shutil
import subprocess
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from gateway.demo.server import new_key, public_line
from gateway.findings.errors import KeyUnusable, LoginRefused
from gateway.runner.examine import certificate
from gateway.runner.lines import certificate_left, dial
from gateway.settings import CredentialReference, Credentials, Sftp
from gateway.transport import private_key
from tests.servers import running_openssh

pytestmark = pytest.mark.skipif(not shutil.which("ssh-keygen"), reason="needs openssh-client")
NOW = datetime(2026, 9, 15, tzinfo=UTC)
WARNS = timedelta(days=21)


class Keys:
    """Our key in the credentials folder, and an authority that may sign it."""

    def __init__(self, folder: Path) -> None:
        self.folder, self.key, self.authority = folder, folder / "credentials/sftp.customs", folder / "authority"
        self.key.parent.mkdir()
        for path in (self.key, self.authority):
            path.write_bytes(new_key())
            path.chmod(0o600)
            path.with_name(f"{path.name}.pub").write_text(public_line(private_key(path.read_bytes())) + "\n")
        self.credentials = Credentials(folder, "")

    def sign(self, *validity: str) -> None:
        public = self.key.with_name(f"{self.key.name}.pub")
        names = ["-I", "gateway", "-n", getpass.getuser()]
        subprocess.run(["ssh-keygen", "-q", "-s", self.authority, *names, *validity, public], check=True)


@pytest.fixture
def keys(tmp_path):
    return Keys(tmp_path)


@pytest.fixture
def line(site):
    """A connection to be, with our key."""
    with site.gate() as gate:
        found = gate.hub.connections["uk-customs.live"]
    return replace(found, key=CredentialReference("credential:sftp.customs"))


@pytest.fixture
def trusting(tmp_path, keys):
    """A server that knows no key of ours, only who signs them."""
    own = tmp_path / "server"
    own.mkdir()
    with running_openssh(own, f"TrustedUserCAKeys {keys.authority}.pub", "AuthorizedKeysFile none") as server:
        yield server


def to(line, server):
    return replace(line, target=Sftp(server.user, "127.0.0.1", server.port), host_keys=(server.host_key_line,))


@pytest.mark.openssh
def test_the_certificate_beside_the_key_lets_us_in(keys, line, trusting):
    with pytest.raises(LoginRefused), dial(to(line, trusting), keys.credentials):
        pass
    keys.sign()
    with dial(to(line, trusting), keys.credentials) as wire:
        assert wire.lstat("in")


@pytest.mark.openssh
def test_one_that_has_ended_does_not(keys, line, trusting):
    keys.sign("-V", "20250101120000Z:20250201120000Z")
    with pytest.raises(LoginRefused), dial(to(line, trusting), keys.credentials):
        pass


def test_one_of_another_key_is_named_before_anyone_is_dialled(keys, line):
    keys.sign()
    keys.key.write_bytes(new_key())
    line = replace(line, target=Sftp("gw", "127.0.0.1", 9), host_keys=())
    with pytest.raises(KeyUnusable, match="another key"), dial(line, keys.credentials):
        pass


def test_the_doctor_counts_its_days(keys, line):
    assert certificate_left(line, keys.credentials, NOW) is None
    keys.sign()
    assert certificate_left(line, keys.credentials, NOW) is None, "it has no end"
    keys.sign("-V", "20260101120000Z:20260925120000Z")
    left = certificate_left(line, keys.credentials, NOW)
    assert left == timedelta(days=10, hours=12)
    assert (certificate(line, left, WARNS).grade, certificate(line, left, WARNS).found) == ("warn", "ends in 10 days")
    assert certificate(line, timedelta(days=100), WARNS).grade == "ok"
    assert certificate(line, timedelta(days=-1), WARNS).grade == "fail"


def test_a_folder_has_no_key_and_no_certificate(line, keys):
    assert certificate_left(replace(line, key=None), keys.credentials, NOW) is None
