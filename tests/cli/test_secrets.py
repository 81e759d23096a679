"""No command, log or stored byte shows a key: the daemon, and every command that reads one."""

import json

import pyrage
import pytest

from tests.cli.messages import itmatt
from tests.cli.test_state import configured

CANARY = "CANARYKEYBYTES"
KEY = f"-----BEGIN OPENSSH PRIVATE KEY-----\n{CANARY}\n-----END OPENSSH PRIVATE KEY-----\n"
PARTNER = """partner: far-post
party: {name: Far Post, role: post, country: FR, ids: {upu: FRB, account: credential:account}}
timezone: Europe/Paris
connections:
  live:
    environment: production
    sftp: gw@127.0.0.1:9
    key: credential:sftp.far-post
    passphrase: credential:sftp.far-post.passphrase
    host_keys: [ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIA1mTL6XUTg1qgJXaOLVGWQhKyBLTWxAfz0mgXxHnEbu]
    every: 1s
sends:
  upu/itmatt-1.5: {from: out/*.xml, complete: rename, after: delete}
receives:
  upu/cusrsp-1: {to: in}
"""


@pytest.fixture
def site(tmp_path):
    """A gateway that seals its spool, and whose second post has a key that is none."""
    config = configured(tmp_path)
    identity = pyrage.x25519.Identity.generate()
    settings = config / "gateway.yaml"
    settings.write_text(
        settings.read_text() + f"at_rest: {{recipients: [{identity.to_public()}], identity: credential:spool}}\n"
    )
    (config / "partners/far-post.yaml").write_text(PARTNER)
    (config / "credentials").mkdir()
    secrets = {
        "spool": f"{identity}\n", "sftp.far-post": KEY, "sftp.far-post.passphrase": CANARY, "account": CANARY,
    }  # fmt: skip
    for name, text in secrets.items():
        path = config / "credentials" / name
        path.write_text(text)
        path.chmod(0o600)
    (tmp_path / "post/out/a.xml").write_text(itmatt(2))
    return config, str(identity)


COMMANDS = (
    ("run", "--once"),
    ("config", "show"),
    ("config", "show", "--json"),
    ("config", "validate"),
    ("doctor",),
    ("doctor", "--json"),
    ("status",),
    ("partner", "list"),
    ("partner", "test", "far-post"),
    ("partner", "test", "far-post", "--json"),
    ("metrics",),
    ("audit", "list"),
)


def test_no_command_shows_a_key(site, tmp_path, gateway):
    config, identity = site
    for words in COMMANDS:
        said = gateway(*words, "--config", config)
        for secret in (CANARY, identity, identity[16:40]):
            assert secret not in said.out + said.err, words
    for path in (tmp_path / "state").rglob("*"):
        if path.is_file():
            assert CANARY.encode() not in path.read_bytes(), path
            assert identity.encode() not in path.read_bytes(), path


def test_sealed_bytes_without_their_key_are_one_clear_message_and_stay(site, tmp_path, gateway):
    config, _ = site
    assert gateway("run", "--once", "--config", config).code in {0, 4}
    stored = sorted((tmp_path / "state/spool").glob("*/*/*"))
    assert stored and all(path.name.endswith(".sealed") for path in stored)
    (item, *_) = json.loads(gateway("items", "search", "--config", config, "--json").out)["data"]["items"]
    assert "ok    sealing" in gateway("doctor", "--offline", "--config", config).out
    (config / "credentials/spool").unlink()
    assert "warn  sealing" in gateway("doctor", "--offline", "--config", config).out
    said = gateway("items", "show", item["item"], "--config", config)
    assert said.code != 0 and "credential:spool" in said.err and "Traceback" not in said.err
    said = gateway("run", "--once", "--config", config)
    assert said.code == 3 and "credential:spool" in said.err
    assert sorted((tmp_path / "state/spool").glob("*/*/*")) == stored
