"""What in a configuration is a secret that should not stand there: it is refused, and neither shown nor quoted.

>>> is_secret("AGE-SECRET-KEY-1QQ"), is_secret("gw:pw@edi.example.org"), is_secret("postgresql://gw@db/x?sslpassword=pw")
(True, True, True)
>>> is_secret("gw@edi.example.org:2222/drop"), is_secret("postgresql://gw@db.example.org:5432/x?passfile=/etc/pw")
(False, False)
>>> is_kept_by("passphrase", "Hunter2"), is_kept_by("passphrase", "credential:sftp"), is_kept_by("key", "/etc/gw/key")
(True, False, False)
"""

import re

KEYS = ("-----", "AGE-SECRET-KEY-", "b3BlbnNzaC1rZXk")
"""What private keys begin with; the last is OpenSSH's own without its first line."""
HIDDEN = "***"
PASSWORDS = frozenset(("password", "sslpassword", "oauth_client_secret", "scram_client_key", "scram_server_key"))
"""Parameters of libpq that are secrets."""
_WITHIN = re.compile("|".join(re.escape(key) for key in ("-----BEGIN", *KEYS[1:])))
_SCHEME = re.compile(r"\b[a-z][a-z0-9+.-]*://(?=\S)", re.IGNORECASE)
_LOGIN = re.compile(r":\S[^\n]*@|:[^\s@]+@")  # user:password@host
_PARAMETER = re.compile(r"(?:pass(?!file)\w*|pwd|secret|token|scram_\w+_key)\s*=\s*\S", re.IGNORECASE)
_HOLDER = re.compile(r"pass(?=w|ph|c|k|_|-|$)|pwd|secret|token|private|^identity$|^key$", re.IGNORECASE)
_ELSEWHERE = re.compile(r"credential:|/|\./|\.\./")  # a reference, or a path
_SAID = re.compile(r"""(\w[\w-]*)["']?\s*:\s*["']?(?=(\S+))""")  # a key before its value, in what may be no YAML


def is_secret(text: str) -> bool:
    """Whether a value is a private key, or has a password in it."""
    if text.lstrip().startswith(KEYS) or _WITHIN.search(text) or _PARAMETER.search(text):
        return True
    return _LOGIN.search(_SCHEME.sub("", text)) is not None


def is_kept_by(key: str, value: str) -> bool:
    """Whether a value is the secret itself where its key wants to know where the secret is."""
    return bool(value and keeps(key)) and not _ELSEWHERE.match(value)


def keeps(key: str) -> bool:
    """Whether a key is called as those are that say where a secret is; `pass…` of any spelling is."""
    return _HOLDER.search(key) is not None


def lines_of(text: str) -> set[int]:
    """The lines of a file, from 1, that hold a word with a secret in it, in a comment perhaps."""
    return {at for at, line in enumerate(text.splitlines(), 1) if any(map(is_secret, line.split()))}


def may_hold(text: str) -> bool:
    """Whether a secret may stand anywhere in a text that cannot be read as YAML."""
    return bool(lines_of(text)) or any(is_kept_by(*found.groups()) for found in _SAID.finditer(text))


def hidden(text: str) -> str:
    """A text as it may be shown."""
    return HIDDEN if is_secret(text) else text
