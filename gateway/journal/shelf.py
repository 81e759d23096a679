"""The backups that lie in a folder: whose they are, and which of them is the newest.

Several gateways may save into one folder. A backup whose name lies in the future was made while a clock was wrong: when
it was made nobody knows, and it counts as the oldest.
"""

from datetime import UTC, datetime, timedelta
from pathlib import Path

import msgspec

from gateway.findings.errors import BackupUnusable
from gateway.journal.saved import MANIFEST, STAMP

AHEAD = timedelta(minutes=1)  # two that are made within a second are named a second apart


class _Whose(msgspec.Struct, frozen=True):
    """What of a manifest says whose it is."""

    gateway: str


def found(folder: Path) -> list[Path]:
    """The whole backups below a folder, the oldest first; the folder itself where it is one."""
    if is_backup(folder):
        return [folder]
    return sorted(
        (one.parent for one in folder.glob(f"[0-9]*Z/{MANIFEST}")), key=lambda one: (not ahead(one), one.name)
    )


def is_backup(folder: Path) -> bool:
    return (folder / MANIFEST).is_file()


def ahead(backup: Path) -> bool:
    """Whether it is named by a moment that is still to come."""
    try:
        at = datetime.strptime(backup.name, STAMP).replace(tzinfo=UTC)
    except ValueError:
        return False
    return at > datetime.now(UTC) + AHEAD


def whose(backup: Path) -> str:
    """The id of the gateway; empty where the manifest cannot be read."""
    try:
        return msgspec.json.decode((backup / MANIFEST).read_bytes(), type=_Whose).gateway
    except (OSError, msgspec.MsgspecError):
        return ""


def of_gateway(folder: Path, gateway: str) -> list[Path]:
    """The backups of one gateway, the oldest first; one that cannot be read is nobody's."""
    return [one for one in found(folder) if whose(one) == gateway]


def newest(folder: Path, gateway: str = "") -> Path:
    """Of one gateway, or of all; it may be one that cannot be read. Raises: BackupUnusable where there is none."""
    whole = found(folder)
    if not whole:
        raise BackupUnusable(f"there is no backup in {folder}")
    ours = [one for one in whole if whose(one) in ("", gateway)] if gateway else whole
    if not ours:
        raise BackupUnusable(
            f"{whole[-1]} is a backup of gateway {whose(whole[-1])}, the configuration is that of gateway {gateway}: "
            "nothing was restored. Give a backup of this gateway, or the other one's configuration with --config"
        )
    return ours[-1]


def newest_of_each(folder: Path) -> list[Path]:
    """The newest of all, then that of every other gateway. Raises: BackupUnusable where there is none."""
    first = newest(folder)
    last = {whose(one): one for one in found(folder)}
    return [first, *(one for gateway, one in last.items() if gateway not in ("", whose(first)))]


def of_the_future(folder: Path) -> list[str]:
    """What is to be said of backups whose names lie in the future."""
    return [
        f"{one} is named in the future: it was made while a clock was wrong, and counts as the oldest"
        for one in found(folder)
        if ahead(one)
    ]
