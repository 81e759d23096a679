"""What should not stand in a configuration is told from what may, and neither named nor quoted by any finding."""

import pytest

from gateway.settings import secret
from gateway.settings.source import read_text

PASTED = [
    "-----BEGIN OPENSSH PRIVATE KEY-----b3Blbn",
    "b3BlbnNzaC1rZXktdjEAAAAABG5vbmUAAAAEbm9uZQ",
    "AGE-SECRET-KEY-1QQPQZLFSLV3",
    "postgresql://gw:S3CRET@h/x",
    "postgresql://:S3CRET@h/x",
    "postgresql://gw:S3C#RET@h/x",
    "postgresql://gw@h/x?password=S3CRET",
    "postgresql://gw@h/x?sslpassword=S3CRET",
    "gw:S3CRET@127.0.0.1",
    "gw:S3 CRET@127.0.0.1",
]
OPEN = [
    "gw@edi.example.org:2222/drop",
    "postgresql://gateway@db.example.org:5432/gateway?sslmode=verify-full",
    "postgresql://gateway@db.example.org/gateway?passfile=/etc/gateway/pgpass",
    "mail.example.org:587",
    "gw@[2001:db8::1]:22",
    "credential:sftp.example-post",
    "ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIGtt9BeozASVxdqCC/sAVBaE3IWgFPT+FD1dhH7egtl9",
]


@pytest.mark.parametrize("text", PASTED)
def test_what_is_a_secret_is_hidden(text):
    assert secret.hidden(text) == "***"


@pytest.mark.parametrize("text", OPEN)
def test_what_is_none_is_shown(text):
    assert secret.hidden(text) == text


@pytest.mark.parametrize("key", ["password", "passwrod", "pass", "passphrase", "journal_password", "sslpassword"])
def test_a_word_where_a_reference_belongs_is_the_secret(key):
    assert secret.is_kept_by(key, "S3CRET")
    assert not secret.is_kept_by(key, "credential:sftp")
    assert not secret.is_kept_by(key, "/etc/gateway/key")


@pytest.mark.parametrize("key", ["passau", "passport", "host_keys", "identities", "keys"])
def test_other_keys_are_not_taken_for_one(key):
    assert not secret.is_kept_by(key, "word")


@pytest.mark.parametrize(
    ("text", "lines"),
    [
        ("a: b\npassword: S3CRET\nc: d\n", {2}),
        ("a: {password: S3CRET, every: 1s}\n", {1}),
        ("password: {deep: [S3CRET]}\n", {1}),
        ("password: credential:a\npassword: S3CRET\n", {2}),
        ("key: |\n  S3CRET\n  more\nother: x\n", {1, 2, 3, 4}),
        ("sftp: gw@h  # gw:S3CRET@h\nother: x\n", {1}),
        ("password: *S3CRET\nother: x\n", {1, 2, 3}),
        ("key: -----BEGIN OPENSSH PRIVATE KEY-----\nS3CRET\nother: x\n", {1, 2, 3, 4}),
    ],
)
def test_lines_that_hold_one_are_not_quoted(text, lines):
    source, faults = read_text("a.yaml", text)
    assert source.unquoted == lines
    assert "S3CRET" not in str(faults)


def test_no_finding_says_one():
    source, _ = read_text("a.yaml", "passphrase: S3CRET\ngw:S3CRET@h: x\n")
    assert source.finding("CFG108", ("passphrase",), value="S3CRET").values == {"value": "***"}
    assert source.key_finding("CFG105", ("gw:S3CRET@h",), name="gw:S3CRET@h").values == {"name": "***"}
    assert source.name_finding("CFG117", ("x",), "gw:S3CRET@h").values == {"name": "***"}
