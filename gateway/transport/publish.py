"""Settling a delivery whose end is not known: what is at the partner decides, by a table.

Publishing is one rename request. When its answer is lost, the names at the partner tell what happened, as far as our
temporary files are ours alone; a hard link leaves no such evidence (exchange.md §4).
"""

import hashlib
from enum import Enum, StrEnum

from gateway.findings.errors import NameClash, RemoteChanged, RemotePathMissing
from gateway.findings.failpoint import effect
from gateway.transport.line import Line, PublishMode
from gateway.transport.names import TEMP, WITHDRAWN, encoded, mark_of
from gateway.transport.packets import PathLike

LOOKS = 5  # how often the picture may change under our eyes before a person decides


class Final(Enum):
    """The final name at the partner, compared with what we sent."""

    ABSENT = "absent"
    SAME = "same size and hash"
    UNREADABLE = "same size, we may not read it"
    OTHER = "other content"


class Evidence(StrEnum):
    """What is concluded; the value is the delivery's next state."""

    NOT_PUBLISHED = "queued"
    PUBLISHED = "sent"
    TAKEN = "unconfirmed"
    CLASH = "clash"
    IN_DOUBT = "in_doubt"


_BY_RENAME = {
    (True, Final.ABSENT): Evidence.NOT_PUBLISHED,
    (True, Final.SAME): Evidence.PUBLISHED,  # the server died between link and unlink
    (True, Final.UNREADABLE): Evidence.IN_DOUBT,
    (True, Final.OTHER): Evidence.CLASH,
    (False, Final.ABSENT): Evidence.TAKEN,  # unless somebody else deletes our temporary files
    (False, Final.SAME): Evidence.PUBLISHED,
    (False, Final.UNREADABLE): Evidence.PUBLISHED,
    (False, Final.OTHER): Evidence.CLASH,
}
EVIDENCE: dict[PublishMode, dict[tuple[bool, Final], Evidence]] = {
    "rename": _BY_RENAME,
    "posix_rename": _BY_RENAME,
    "hardlink": _BY_RENAME | {(True, Final.ABSENT): Evidence.IN_DOUBT},  # published, taken, and not yet unlinked?
}


MARKS: dict[PublishMode, str] = {"rename": "", "posix_rename": "", "hardlink": "h"}
"""What stands in a temporary name: evidence is read by the way a file was published, whatever holds by then."""


def mode_of(temp: PathLike) -> PublishMode:
    """The way in which a file of this temporary name was to be published, as far as evidence goes."""
    mark = mark_of(temp)
    return next(mode for mode, its in MARKS.items() if its == mark)


def settle(
    line: Line, temp: PathLike, final: PathLike, size: int, sha256: str, mode: PublishMode = "rename"
) -> Evidence:
    """Conclude and make it last: may be repeated after a crash with the same result.

    A file that was not published is withdrawn first, by renaming it to `withdrawn(temp)`. That is the fence: a rename
    request that still waits in a frozen session of an earlier attempt finds nothing when the server thaws, so that
    publishing again under a new temporary name cannot double. The withdrawn file may go once the next state is stored.
    """
    for _ in range(LOOKS):
        waiting = line.lstat(temp) is not None
        if not waiting and line.lstat(withdrawn(temp)):
            return Evidence.NOT_PUBLISHED
        evidence = EVIDENCE[mode][waiting, look(line, final, size, sha256)]
        if waiting and evidence is Evidence.PUBLISHED:
            _remove(line, temp)
        if not (waiting and evidence is Evidence.NOT_PUBLISHED):
            return evidence
        _withdraw(line, temp)  # and look again: it may have been published under our eyes
    return Evidence.IN_DOUBT


def withdrawn(temp: PathLike) -> bytes:
    return encoded(temp).removesuffix(encoded(TEMP)) + encoded(WITHDRAWN)


def _withdraw(line: Line, temp: PathLike) -> None:
    try:
        with effect("settle.withdraw"):
            line.move(temp, withdrawn(temp))
    except NameClash:  # died between link and unlink the last time
        _remove(line, temp)


def _remove(line: Line, temp: PathLike) -> None:
    with effect("settle.remove"):
        line.remove(temp)


def look(line: Line, final: PathLike, size: int, sha256: str) -> Final:
    """Compare the final name with what we sent; it is read only when the size is ours."""
    seen = line.lstat(final)
    if seen is None:
        return Final.ABSENT
    if seen.kind != "file" or seen.size != size:
        return Final.OTHER
    try:
        return Final.SAME if _sha256(line, final, size) == sha256 else Final.OTHER
    except RemoteChanged:
        return Final.OTHER
    except RemotePathMissing:
        return Final.UNREADABLE if line.lstat(final) else Final.ABSENT


def _sha256(line: Line, path: PathLike, size: int) -> str:
    digest = hashlib.sha256()
    for block in line.fetch(path, size):
        digest.update(block)
    return digest.hexdigest()
