"""Values with a form of their own: durations, brakes, completion rules, targets, schedules, credential references.

Each is read from text by one function that gives the value or `None`; `Written` hands it to the models, with the words
of the fault and the pattern of the JSON Schema beside it.

>>> parse_duration("4h")
datetime.timedelta(seconds=14400)
>>> parse_brake("20 of 50")
Brake(failures=20, window=50)
>>> parse_cut_off("2h before departure")
datetime.timedelta(seconds=7200)
>>> parse_completion("stable 2 polls 30s")
Completion(kind='stable', polls=2, age=datetime.timedelta(seconds=30), done='')
>>> parse_sftp("gw@edi.example.org:2222/drop")
Sftp(user='gw', host='edi.example.org', port=2222, path='/drop')
"""

import re
from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path
from typing import Annotated, Any, Literal
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from pydantic import GetCoreSchemaHandler, GetJsonSchemaHandler
from pydantic_core import CoreSchema, PydanticCustomError, core_schema

from gateway.settings.secret import hidden, is_secret

LONGEST_PATH = 255  # characters of the path of a key: what is longer is the key
_BYTES = {"kB": 1000, "MB": 1_000_000, "GB": 1_000_000_000}
# A year is never shorter than a calendar year: what must be kept three years is kept three years.
_SECONDS = {"s": 1, "m": 60, "h": 3600, "d": 86_400, "w": 604_800, "y": 366 * 86_400}


@dataclass(frozen=True)
class Brake:
    """Stop when `failures` of the last `window` were refused."""

    failures: int
    window: int

    def __str__(self) -> str:
        return f"{self.failures} of {self.window}"


@dataclass(frozen=True)
class Completion:
    """When a file at the partner is whole: it appears whole, stays the same, or has a done-file beside it."""

    kind: Literal["rename", "stable", "done-file"]
    polls: int = 1
    age: timedelta = timedelta()
    done: str = ""

    def __str__(self) -> str:
        if self.kind == "stable":
            return f"stable {self.polls} polls {duration_text(self.age)}"
        return f"{self.kind} {self.done}".rstrip()


@dataclass(frozen=True)
class Tidy:
    """What is done with a file at the partner once its bytes are ours."""

    kind: Literal["delete", "none", "move"]
    directory: str = ""

    def __str__(self) -> str:
        return f"move to {self.directory}/" if self.kind == "move" else self.kind


@dataclass(frozen=True)
class Sftp:
    """An account at a partner's SFTP server; `path` is laid before every folder, empty = where the login lands."""

    user: str
    host: str
    port: int = 22
    path: str = ""

    def __str__(self) -> str:
        host = f"[{self.host}]" if ":" in self.host else self.host
        return f"{self.user}@{host}" + (f":{self.port}" if self.port != 22 else "") + self.path


@dataclass(frozen=True)
class Schedule:
    """Every so long, or at the times of a cron line with named weekdays."""

    interval: timedelta | None = None
    cron: str = ""

    def __str__(self) -> str:
        return self.cron if self.interval is None else duration_text(self.interval)


@dataclass(frozen=True)
class CredentialReference:
    """Where a secret is, never the secret: `credential:<name>` or the path of a file only we can read."""

    text: str

    @property
    def name(self) -> str:
        """The name below the credentials folder; empty for a path."""
        return self.text.removeprefix("credential:") if self.text.startswith("credential:") else ""

    def __str__(self) -> str:
        return self.text


@dataclass(frozen=True)
class RemoteFiles:
    """A folder at the partner and a pattern for names in it."""

    directory: str
    pattern: str

    def __str__(self) -> str:
        return f"{self.directory}/{self.pattern}".removeprefix("./")


def parse_size(text: str) -> int | None:
    """Bytes, in decimal units.

    >>> parse_size("50 MB"), parse_size("lots")
    (50000000, None)
    """
    found = re.fullmatch(r"(\d{1,6}) ?(kB|MB|GB)", text)
    return int(found[1]) * _BYTES[found[2]] if found else None


def size_text(value: int) -> str:
    size, unit = next((size, unit) for unit, size in reversed(_BYTES.items()) if not value % size)
    return f"{value // size} {unit}"


def parse_duration(text: str) -> timedelta | None:
    found = re.fullmatch(r"(\d{1,6})([smhdwy])", text)
    return timedelta(seconds=int(found[1]) * _SECONDS[found[2]]) if found else None


def duration_text(value: timedelta) -> str:
    seconds = int(value.total_seconds())
    size, unit = next((size, unit) for unit, size in reversed(_SECONDS.items()) if not seconds % size)
    return f"{seconds // size}{unit}" if seconds else "0s"


def parse_brake(text: str) -> Brake | None:
    found = re.fullmatch(r"(\d{1,6}) of (\d{1,6})", text)
    if not found or not 0 < int(found[1]) <= int(found[2]):
        return None
    return Brake(int(found[1]), int(found[2]))


def parse_cut_off(text: str) -> timedelta | None:
    span, _, what = text.partition(" ")
    return parse_duration(span) if what == "before departure" else None


def cut_off_text(value: timedelta) -> str:
    return f"{duration_text(value)} before departure"


def parse_completion(text: str) -> Completion | None:
    if text == "rename":
        return Completion("rename")
    if found := re.fullmatch(r"stable (\d{1,3}) polls (\w+)", text):
        age = parse_duration(found[2])
        return None if age is None or not int(found[1]) else Completion("stable", int(found[1]), age)
    if found := re.fullmatch(r"done-file ([^\s/]*\*[^\s/]*)", text):
        return Completion("done-file", done=found[1])
    return None


def parse_tidy(text: str) -> Tidy | None:
    if text in ("delete", "none"):
        return Tidy("delete" if text == "delete" else "none")
    found = re.fullmatch(r"move to (\S+)/", text)
    return Tidy("move", found[1]) if found and _plain(found[1]) else None


def parse_sftp(text: str) -> Sftp | None:
    found = re.fullmatch(r"([\w.-]+)@(\[[0-9a-fA-F:]+\]|[\w.-]+)(?::(\d{1,5}))?(/\S*)?", text)
    if not found or not 0 < int(found[3] or 22) < 65_536 or not _plain(found[4] or ""):
        return None
    return Sftp(found[1], found[2].strip("[]"), int(found[3] or 22), (found[4] or "").rstrip("/"))


def parse_folder(text: str) -> str | None:
    """A folder at the partner, without the closing slash."""
    return text.rstrip("/") or None if text and _plain(text) and not set(text) & set("*?[") else None


def parse_remote_files(text: str) -> RemoteFiles | None:
    directory, _, pattern = text.rpartition("/")
    if not pattern or not _plain(text) or set(directory) & set("*?["):
        return None
    return RemoteFiles(directory or ".", pattern)


def parse_schedule(text: str) -> Schedule | None:
    if interval := parse_duration(text):
        return Schedule(interval)
    fields = text.split()
    if len(fields) != 5 or not all(re.fullmatch(r"[\w*/,-]+", f) for f in fields):
        return None
    if re.search(r"\d", fields[4]):  # cron says 0 = Sunday, the scheduler 0 = Monday: only names are safe
        raise PydanticCustomError("weekday", "{value}", {"value": fields[4]})
    return Schedule(cron=text) if _names_a_time(text) else None


def _names_a_time(cron: str) -> bool:
    from apscheduler.triggers.cron import CronTrigger  # noqa: PLC0415  # a tenth of a second that most files never need

    try:
        CronTrigger.from_crontab(cron, timezone="UTC")
    except ValueError:
        return False
    return True


def parse_credential(text: str) -> CredentialReference | None:
    if text.startswith("credential:"):
        return CredentialReference(text) if re.fullmatch(r"credential:[A-Za-z0-9][\w.-]*", text) else None
    return CredentialReference(text) if _is_path(text) and not is_secret(text) else None


def _is_path(text: str) -> bool:
    """A word alone is rather the secret itself than a file: one beside the configuration is `./name`."""
    return "/" in text and text.isprintable() and len(text) <= LONGEST_PATH


def parse_recipient(text: str) -> str | None:
    """An age public key: bech32 of 32 bytes (age-encryption.org/v1)."""
    if not re.fullmatch(r"age1[02-9ac-hj-np-z]{58}", text):
        return None
    from pyrage import RecipientError, x25519  # noqa: PLC0415  # where nothing is sealed nothing is loaded

    try:
        return str(x25519.Recipient.from_str(text))
    except RecipientError:
        return None


_NO_PLACE = ("localtime", "posixrules", "Factory")  # files among those of zones: what they say depends on the machine


def parse_zone(text: str) -> ZoneInfo | None:
    if text in _NO_PLACE:
        return None
    try:
        return ZoneInfo(text)
    except (ZoneInfoNotFoundError, ValueError, OSError):  # OSError: the name of a folder of zones
        return None


def _plain(path: str) -> bool:
    return ".." not in path.split("/") and path.isprintable()


@dataclass(frozen=True)
class Written:
    """Pydantic's view of a value read from text by one of our functions."""

    kind: type
    parse: Callable[[str], Any]
    expected: str
    show: Callable[[Any], str] = str
    pattern: str = ""

    def __get_pydantic_core_schema__(self, source: Any, handler: GetCoreSchemaHandler) -> CoreSchema:
        return core_schema.no_info_plain_validator_function(
            self._validate, serialization=core_schema.plain_serializer_function_ser_schema(self.show)
        )

    def __get_pydantic_json_schema__(self, schema: CoreSchema, handler: GetJsonSchemaHandler) -> dict[str, Any]:
        return {"type": "string", **({"pattern": self.pattern} if self.pattern else {})}

    def _validate(self, value: Any) -> Any:
        if isinstance(value, self.kind) and self.kind is not str:
            return value
        text = value if isinstance(value, str) else type(value).__name__
        found = self.parse(value) if isinstance(value, str) else None
        if found is None:
            said = {"value": hidden(text), "expected": self.expected}
            raise PydanticCustomError("form", "{value} is not {expected}", said)
        return found


Duration = Annotated[
    timedelta,
    Written(timedelta, parse_duration, "a duration such as 60s, 10m, 4h, 90d or 3y", duration_text, r"^\d+[smhdwy]$"),
]
Size = Annotated[int, Written(int, parse_size, "a size such as 500 kB or 50 MB", size_text, r"^\d+ ?(kB|MB|GB)$")]
CutOff = Annotated[
    timedelta,
    Written(
        timedelta,
        parse_cut_off,
        "a time such as `2h before departure`",
        cut_off_text,
        r"^\d+[smhdwy] before departure$",
    ),
]
BrakeRule = Annotated[Brake, Written(Brake, parse_brake, "a brake such as `20 of 50`", pattern=r"^\d+ of \d+$")]
CompletionRule = Annotated[
    Completion,
    Written(
        Completion,
        parse_completion,
        "`rename`, `stable 2 polls 30s` or `done-file *.done`",
        pattern=r"^(rename|stable \d+ polls \d+[smhdwy]|done-file \S+)$",
    ),
]
TidyRule = Annotated[
    Tidy, Written(Tidy, parse_tidy, "`delete`, `none` or `move to done/`", pattern=r"^(delete|none|move to \S+/)$")
]
SftpAccount = Annotated[
    Sftp,
    Written(
        Sftp, parse_sftp, "an account such as user@host, user@host:2222 or user@host/folder", pattern=r"^[^@]+@.+$"
    ),
]
Folder = Annotated[str, Written(str, parse_folder, "a folder at the partner, without wildcards and `..`")]
Files = Annotated[
    RemoteFiles, Written(RemoteFiles, parse_remote_files, "a folder and a pattern such as out/*.xml, without `..`")
]
Timetable = Annotated[
    Schedule, Written(Schedule, parse_schedule, "an interval such as 60s, or a cron line such as `0 6 * * mon-fri`")
]
Credential = Annotated[
    CredentialReference,
    Written(
        CredentialReference,
        parse_credential,
        "`credential:<name>` or the path of a key file, with a `/` in it (never the key itself)",
    ),
]
AgeRecipient = Annotated[
    str, Written(str, parse_recipient, "an age public key, `age1` and 58 characters", pattern=r"^age1[a-z0-9]{58}$")
]
Zone = Annotated[ZoneInfo, Written(ZoneInfo, parse_zone, "a time zone such as Europe/Brussels")]
LocalPath = Annotated[Path, Written(Path, lambda text: Path(text) if text else None, "a path")]
