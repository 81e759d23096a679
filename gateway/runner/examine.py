"""Looks at the line to a partner step by step: name, port, our key, host key, login, folders, writing, clock.

Each step says its cause and what to do. The first one that fails ends the line, for what comes after it cannot be
tried; folders stand for themselves. What is written are files under the temporary names that deliveries have before
they are published, in the folders we deliver to or put files away in; they are renamed once and removed.
"""

import secrets
import time
from collections.abc import Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta

from gateway.findings.catalogue import hint
from gateway.findings.errors import (
    CredentialMissing,
    GatewayError,
    HostKeyMismatch,
    LoginRefused,
    PartnerUnreachable,
    TooManySessions,
)
from gateway.findings.failpoint import effect
from gateway.runner.lines import certificate_left, dial
from gateway.settings import Credentials, Settings
from gateway.settings.connection import Connection
from gateway.settings.values import Sftp
from gateway.steps.lines.diagnosis import Diagnosis, Grade
from gateway.transport import dial as dialling
from gateway.transport.faults import CODES, finding
from gateway.transport.keys import PrivateKey, private_key
from gateway.transport.line import Line as Wire
from gateway.transport.line import PublishMode
from gateway.transport.names import join, temp_name

AT_A_TIME = 8  # lines
SECONDS = 10.0  # for a name, and for a connection
KEY_WARNS = timedelta(days=2 * 365)
CLOCK_WARNS = 60.0  # seconds
DAY = timedelta(days=1)
WORDS: dict[str, PublishMode] = {"posix-rename": "posix_rename", "hardlink": "hardlink"}
_FOLDER = (
    "the partner makes the folder, as seen from where our login lands, or lets us write there; of a folder that files "
    "are put away in say else `after: delete` or `after: none`: until then what is ours stays with them, unread"
)


def examined(settings: Settings, lines: Sequence[Connection]) -> Iterator[Diagnosis]:
    """All of these lines, some at a time, told in their order."""
    credentials = Credentials(settings.folder)
    looks = [Examination(settings, line, credentials) for line in lines]
    with ThreadPoolExecutor(AT_A_TIME) as crew:
        for found in crew.map(lambda look: list(look.run()), looks):
            yield from found


class Examination:
    """The look at one line."""

    def __init__(self, settings: Settings, line: Connection, credentials: Credentials) -> None:
        self._settings, self._line, self._credentials = settings, line, credentials
        self._step = self._where = "line"

    def run(self) -> Iterator[Diagnosis]:
        """Every step until one fails."""
        try:
            if isinstance(self._line.target, Sftp):
                yield self._name(self._line.target)
                yield self._port(self._line.target)
                yield from self._key()
            yield from self._inside()
        except GatewayError as error:
            yield from self._failed(error)
        except TimeoutError:
            yield self._says(
                "fail", f"{self._where}: no answer within {SECONDS:g} seconds", _ADVICE.get(self._step, "")
            )
        except OSError as error:
            said = error.strerror or type(error).__name__
            yield self._says("fail", f"{self._where}: {said}", _ADVICE.get(self._step, ""))

    def _name(self, target: Sftp) -> Diagnosis:
        """DNS."""
        self._step, self._where = "name", target.host
        addresses = dict.fromkeys(found[4][0] for found in dialling.resolve(target.host, target.port, SECONDS))
        return self._says("ok", f"{target.host} is {', '.join(map(str, addresses))}")

    def _port(self, target: Sftp) -> Diagnosis:
        """TCP."""
        self._step, self._where = "port", f"{target.host} port {target.port}"
        began = time.monotonic()
        dialling.connect_socket(target.host, target.port, SECONDS).close()
        return self._says("ok", f"{target.port} is open, {(time.monotonic() - began) * 1000:.0f} ms")

    def _key(self) -> Iterator[Diagnosis]:
        """Our own: whether it can be used, how old it is, when its certificate ends."""
        self._step, self._where = "our key", str(self._line.key)
        key, age = self._private_key(), self._age()
        old = age is not None and age > KEY_WARNS
        since = f", {age // DAY} days old" if age is not None else ""
        fix = "make another pair of keys and ask the partner to install it beside this one" if old else ""
        yield self._says("warn" if old else "ok", f"{key.get_name()} {key.fingerprint}{since}", fix)
        left = certificate_left(self._line, self._credentials, datetime.now(UTC))
        if left is not None:
            yield certificate(self._line, left, self._settings.alerts.certificate)

    def _private_key(self) -> PrivateKey:
        line = self._line
        phrase = self._credentials(line.passphrase) if line.passphrase else None
        assert line.key is not None  # the model demands one beside `sftp`
        return private_key(self._credentials(line.key), phrase, self._credentials.certificate(line.key))

    def _age(self) -> timedelta | None:
        """Since the file was made; unknown where the service manager hands out copies."""
        made = self._credentials.made_at(self._line.key) if self._line.key is not None else None
        return datetime.now(UTC) - made if made is not None else None

    def _inside(self) -> Iterator[Diagnosis]:
        """Host key, login, and what is behind them."""
        self._step = "host key" if isinstance(self._line.target, Sftp) else "place"
        with dial(self._line, self._credentials) as wire:
            if isinstance(self._line.target, Sftp):
                yield self._says("ok", "is pinned")
                self._step = "login"
                yield self._says("ok", f"as {self._line.target.user}, {wire.banner}")
            yield from self._folders(wire)

    def _folders(self, wire: Wire) -> Iterator[Diagnosis]:
        """Every folder is listed; those that take files of ours take one."""
        listed = [rule.directory for rule in self._line.inbound]
        taking = [rule.directory for rule in self._line.outbound]
        taking += [rule.after.directory for rule in self._line.inbound if rule.after.kind == "move"]
        for folder in dict.fromkeys((*listed, *taking)):
            self._step = f"folder {folder}/"
            try:
                with effect("doctor.list"):
                    next(iter(wire.scan(folder)), None)
                yield from self._taken(wire, folder) if folder in taking else [self._says("ok", "can be listed")]
            except PartnerUnreachable:
                raise
            except GatewayError as error:
                yield self._says("fail", f"{error}", f"{_FOLDER} (gateway rule {CODES.get(type(error), 'DLV611')})")

    def _taken(self, wire: Wire, folder: str) -> Iterator[Diagnosis]:
        """Write, rename, remove; what the server says of the time of the file tells its clock."""
        first, second = (
            join(folder, temp_name("doctor", self._settings.gateway.id, secrets.token_hex(4))) for _ in range(2)
        )
        with effect("doctor.write"):
            wire.write_new(first, [b"doctor"])
        now = time.time()
        with effect("doctor.look"):
            seen = wire.lstat(first)
        try:
            with effect("doctor.rename"):
                wire.publish(first, second, WORDS.get(self._line.publish, "rename"))
        except GatewayError:
            _removed(wire, first)
            raise
        if _removed(wire, second):
            yield self._says("ok", "takes files: written, renamed, removed")
        else:
            yield self._says("warn", "takes files, and does not let us remove them", "ask for the right to remove ours")
        if seen is not None and seen.mtime and abs(seen.mtime + 0.5 - now) > CLOCK_WARNS:
            self._step = "clock"
            away = f"{seen.mtime + 0.5 - now:+.0f} s from ours"
            yield self._says(
                "warn", away, "tell the partner, if ours is right; no time of theirs is compared with ours"
            )

    def _failed(self, error: GatewayError) -> Iterator[Diagnosis]:
        """The step by what went wrong: a login is only refused by a server that has shown its key."""
        if self._step == "host key" and isinstance(error, (LoginRefused, TooManySessions)):
            yield self._says("ok", "is pinned")
            self._step = "login"
        yield self._says("fail", self._cause(error), self._advice(error))

    def _cause(self, error: GatewayError) -> str:
        line = self._line
        if isinstance(error, HostKeyMismatch):
            pinned = ", ".join(key.fingerprint for key in dialling.pins(line.host_keys))
            return f"the server shows {error}, pinned is {pinned}"
        if isinstance(error, LoginRefused) and isinstance(line.target, Sftp):
            return f"{line.target.user} with our key {self._private_key().fingerprint} was refused"
        if isinstance(error, PartnerUnreachable) and self._step == "host key":
            return "the port is open, but no SSH server answers there in time"
        return str(error)

    def _advice(self, error: GatewayError) -> str:
        """What the catalogue says; a key that is missing has its own place."""
        if isinstance(error, CredentialMissing):
            folder = self._settings.folder / "credentials"
            return f"put our private key into {folder} under that name, readable by us alone"
        code = CODES.get(type(error))
        if code is None:
            return ""
        pin = f"; `gateway partner trust {self._line.name}` shows and pins it" if code == "DLV601" else ""
        return f"{hint(finding(error))}{pin} (gateway rule {code})"

    def _says(self, grade: Grade, found: str, fix: str = "") -> Diagnosis:
        return Diagnosis(f"{self._line.name}: {self._step}", grade, found, fix)


_ADVICE = {
    "name": "check the name in `sftp:` and the resolver of this machine (`getent hosts NAME` asks the same)",
    "port": "check host and port in `sftp:`, our firewall and theirs: partners often let listed addresses in only",
    "our key": "is the file there, and ours to read?",
}


def _removed(wire: Wire, path: bytes) -> bool:
    try:
        with effect("doctor.remove"):
            wire.remove(path)
    except PartnerUnreachable:
        raise
    except GatewayError:
        return False
    return True


def certificate(line: Connection, left: timedelta, warns: timedelta) -> Diagnosis:
    """The user certificate beside our key, and whether it is time for another."""
    what, days = f"{line.name}: certificate", left // DAY
    if left > warns:
        return Diagnosis(what, "ok", f"holds for {days} days")
    found = f"ends in {days} days" if left > timedelta() else "has ended"
    fix = "ask the partner's authority to sign our public key again (gateway rule DLV607)"
    return Diagnosis(what, "warn" if left > timedelta() else "fail", found, fix)
