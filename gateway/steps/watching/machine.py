"""Looks at this machine: programs, disk, clock. Needs no journal."""

import ctypes
import os
import secrets
import sqlite3
import sys
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path

from gateway.findings.failpoint import effect
from gateway.journal.folders import sync_folder
from gateway.journal.lock import ROLES, holder
from gateway.journal.sqlite import wal_is_safe
from gateway.settings import Settings
from gateway.settings.values import size_text
from gateway.steps.lines.diagnosis import Diagnosis
from gateway.steps.watching.watch import INODES

OURS = "run this as the gateway's own user, or as root"
UNSYNCHRONISED = 0x40  # STA_UNSYNC, adjtimex(2)
ROOM_FOR_TIMEX = 512  # bytes; the structure has 208 on 64-bit machines
_STATUS, _MAXERROR = 40, 24  # where the fields begin there
FAR = 1_000_000  # microseconds of possible error of our clock


def machine(settings: Settings) -> Iterator[Diagnosis]:
    yield _versions()
    if "://" not in settings.gateway.journal or settings.gateway.journal.startswith("sqlite"):
        yield _sqlite()
    yield _process(settings)
    if settings.state.is_dir():
        yield _private(settings.state)
        yield from _room(settings)
        yield _syncs(settings.state)
    yield _clock()
    yield _told(settings)
    yield from _shown(settings)


def _versions() -> Diagnosis:
    from lxml import etree  # noqa: PLC0415  # half a second of imports that no other step needs
    from paramiko import __version__ as paramiko  # noqa: PLC0415

    python = ".".join(map(str, sys.version_info[:3]))
    libxml = ".".join(map(str, etree.LIBXML_VERSION))
    return Diagnosis("versions", "ok", f"Python {python}, libxml2 {libxml}, paramiko {paramiko}")


def _sqlite() -> Diagnosis:
    safe = wal_is_safe(sqlite3.sqlite_version_info)
    mode = "write-ahead log" if safe else "rollback journal (this version may lose rows in write-ahead mode)"
    return Diagnosis("SQLite", "ok", f"{sqlite3.sqlite_version}: {mode}")


def _process(settings: Settings) -> Diagnosis:
    """Who works on this state folder now: nothing here needs it to stop."""
    if settings.gateway.runner != "local":
        return Diagnosis("daemon", "ok", "one host among others: each says for itself whether it runs")
    try:
        held = {role: process for role in ROLES if (process := holder(settings.state, role)) is not None}
    except OSError as error:
        return Diagnosis("daemon", "warn", f"cannot be told: {error.filename}: {error.strerror}", OURS)
    said = ", ".join(f"{role} by process {process}" for role, process in held.items())
    return Diagnosis("daemon", "ok", f"runs: {said}" if said else "does not run")


def _private(state: Path) -> Diagnosis:
    if state.stat().st_mode & 0o077:
        return Diagnosis("state folder", "warn", f"{state} is open to others", f"chmod 700 {state}")
    return Diagnosis("state folder", "ok", str(state))


def _room(settings: Settings) -> Iterator[Diagnosis]:
    disk, wanted = os.statvfs(settings.state), settings.alerts.disk
    free = disk.f_bavail * disk.f_frsize
    fix = "make room, or shorten the retention (gateway rule INT962)"
    low = free < wanted
    said = f"{free // 1_000_000:,} MB free" + (f" of the {size_text(wanted)} that should be" if low else "")
    yield Diagnosis("disk", "warn" if low else "ok", said, fix if low else "")
    if disk.f_files:  # some file systems make inodes as they are needed
        few = disk.f_favail < INODES
        yield Diagnosis("inodes", "warn" if few else "ok", f"{disk.f_favail:,} free", fix if few else "")


def _syncs(state: Path) -> Diagnosis:
    """What is written there is on the disk when we are told so, as far as the disk is honest."""
    path = state / f".doctor-{secrets.token_hex(4)}"
    try:
        with effect("doctor.sync"):
            handle = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_CLOEXEC, 0o600)
            try:
                os.write(handle, b"doctor")
                os.fsync(handle)
            finally:
                os.close(handle)
                path.unlink()
            sync_folder(state)
    except OSError as error:
        fix = "is the disk full, read-only or broken? Is it ours to write to? `dmesg` and `ls -ld` tell"
        return Diagnosis("disk writes", "fail", f"{state}: {error.strerror or type(error).__name__}", fix)
    return Diagnosis("disk writes", "ok", "written, synced, removed")


def _clock() -> Diagnosis:
    """Whether the kernel knows our clock to follow another one (adjtimex(2))."""
    fix = "let chrony, ntpd or systemd-timesyncd set the clock; names of files and times of messages are made by it"
    timex = ctypes.create_string_buffer(ROOM_FOR_TIMEX)
    with suppress(OSError, AttributeError):
        if ctypes.sizeof(ctypes.c_long) == 8 and ctypes.CDLL(None).adjtimex(timex) >= 0:
            status = int.from_bytes(timex.raw[_STATUS : _STATUS + 4], sys.byteorder)
            error = int.from_bytes(timex.raw[_MAXERROR : _MAXERROR + 8], sys.byteorder)
            if status & UNSYNCHRONISED:
                return Diagnosis("clock", "warn", "follows no other clock", fix)
            return Diagnosis("clock", "ok" if error < FAR else "warn", f"synchronised within {error / 1e6:.3f} s")
    return Diagnosis("clock", "ok", "the system does not say whether it follows another one")


def _told(settings: Settings) -> Diagnosis:
    alerts = settings.alerts
    ways = [name for name, way in (("command", alerts.command), ("mail", alerts.mail)) if way]
    if ways:
        return Diagnosis("alerts", "ok", f"told by {' and '.join(ways)}")
    fix = "name a program or a mail server below `alerts:` in gateway.yaml"
    return Diagnosis("alerts", "warn", "nobody is told when a person is needed", fix)


def _shown(settings: Settings) -> Iterator[Diagnosis]:
    """Whether the file of figures has a folder to lie in, and this user may write there."""
    if settings.metrics.textfile is None:
        return
    folder = (settings.folder / settings.metrics.textfile).parent
    what = "" if os.access(folder, os.W_OK | os.X_OK) else "cannot be written" if folder.is_dir() else "is no folder"
    if not what:
        yield Diagnosis("figures", "ok", f"written into {folder}")
        return
    fix = "make it, give the gateway's user the right to write there, or change `metrics.textfile` in gateway.yaml"
    yield Diagnosis("figures", "warn", f"`metrics.textfile`: {folder} {what}", fix)
