"""Looks at all that the gateway needs: versions, configuration, tables, disk, journal, spool, partners' lines."""

import secrets
import shutil
import sqlite3
import sys
import time
from collections.abc import Iterator
from datetime import timedelta
from typing import Literal

import msgspec
from sqlalchemy import text

from gateway.findings.errors import GatewayError, PartnerUnreachable
from gateway.findings.failpoint import effect
from gateway.journal import audit
from gateway.journal.sqlite import wal_is_safe
from gateway.mapping.registry import Registry
from gateway.settings.connection import Connection
from gateway.steps import standstill
from gateway.steps.gate import Gate
from gateway.transport.line import Line as Wire
from gateway.transport.names import join, temp_name
from gateway.transport.probe import probe

CERTIFICATE_WARNS = timedelta(days=21)
ROOM = 1_000_000_000  # bytes that should be free where the spool lies
Grade = Literal["ok", "warn", "fail"]


class Diagnosis(msgspec.Struct, frozen=True):
    """One line: what was looked at, how it is, and what to do."""

    what: str
    grade: Grade
    found: str
    fix: str = ""


def diagnose(gate: Gate) -> Iterator[Diagnosis]:
    """Everything but the lines to partners."""
    yield _versions()
    yield _sqlite()
    yield _tables(gate)
    yield _disk(gate)
    yield _integrity(gate)
    yield _audit(gate)
    yield _private(gate)
    if standstill.is_on(gate):
        found, fix = "stand still since the journal was restored", "when nothing fails here: `gateway resume deliveries`"
        yield Diagnosis("deliveries", "warn", found, fix)


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


def _tables(gate: Gate) -> Diagnosis:
    tables = Registry(gate.hub.settings.overlays)  # as they lie there now: what the next start pins
    faults = [f for f in tables.faults() if f.severity == "error"]
    if faults:
        return Diagnosis(
            "mapping tables", "fail", f"{len(faults)} faults", "`gateway mapping lint` shows each with its line"
        )
    return Diagnosis(
        "mapping tables", "ok", f"ruleset {gate.ruleset[:12]}, {len(gate.registry(gate.ruleset).names())} formats"
    )


def _disk(gate: Gate) -> Diagnosis:
    free = shutil.disk_usage(gate.blobs.root).free
    grade: Grade = "ok" if free >= ROOM else "warn"
    return Diagnosis(
        "disk", grade, f"{free // 1_000_000:,} MB free", "" if grade == "ok" else "make room, or shorten the retention"
    )


def _integrity(gate: Gate) -> Diagnosis:
    with gate.journal.read() as conn:
        if conn.dialect.name != "sqlite":
            return Diagnosis("journal", "ok", conn.dialect.name)
        said = conn.execute(text("pragma quick_check(1)")).scalar_one()
    if said == "ok":
        return Diagnosis("journal", "ok", "sound")
    return Diagnosis("journal", "fail", "damaged", "stop the gateway, keep a copy, restore the last backup")


def _audit(gate: Gate) -> Diagnosis:
    with gate.journal.read() as conn:
        verdict = audit.verify(conn, audit.load_key(gate.blobs.root))
    if verdict.broken_at is None:
        return Diagnosis("audit trail", "ok", f"{verdict.rows:,} rows, head {verdict.head[:16]}")
    return Diagnosis(
        "audit trail", "fail", f"row {verdict.broken_at} does not fit", "compare with the head noted elsewhere"
    )


def _private(gate: Gate) -> Diagnosis:
    mode = gate.blobs.root.stat().st_mode & 0o077
    if mode:
        return Diagnosis("state folder", "warn", f"{gate.blobs.root} is open to others", f"chmod 700 {gate.blobs.root}")
    return Diagnosis("state folder", "ok", str(gate.blobs.root))


def folders(wire: Wire, line: Connection, gateway: str) -> Iterator[Diagnosis]:
    """The folders of a line: those we look into and write to can be listed, those we put files away in take one."""
    used = dict.fromkeys([rule.directory for rule in line.inbound] + [rule.directory for rule in line.outbound])
    for folder in used:
        with effect("doctor.list"):
            next(iter(wire.scan(folder)), None)
    yield Diagnosis(f"line {line.name}", "ok", f"{wire.banner}; folders {', '.join(used)}")
    for folder in dict.fromkeys(rule.after.directory for rule in line.inbound if rule.after.kind == "move"):
        what = f"folder {folder}/ of {line.name}"
        problem = _takes_no_file(wire, folder, gateway)
        if problem:
            yield Diagnosis(what, "fail", problem, _MEND)
        else:
            yield Diagnosis(what, "ok", "takes what is put away")


def certificate(line: Connection, left: timedelta) -> Diagnosis:
    """The user certificate beside our key, and whether it is time for another."""
    what, days = f"certificate of {line.name}", left // timedelta(days=1)
    if left > CERTIFICATE_WARNS:
        return Diagnosis(what, "ok", f"holds for {days} days")
    found = f"ends in {days} days" if left > timedelta() else "has ended"
    fix = "ask the partner's authority to sign our public key again (gateway rule DLV607)"
    return Diagnosis(what, "warn" if left > timedelta() else "fail", found, fix)


def tried(wire: Wire, line: Connection) -> Iterator[Diagnosis]:
    """What the server can do, tried in the folder that the connection names for it."""
    if line.probe is None:
        return
    with effect("doctor.probe"):
        found = probe(wire, line.probe, time.time)
    lacks = [name.replace("_", " ") for name, works in found.results.items() if not works]
    said = f"published by {found.publish_mode}" + (f"; without {', '.join(lacks)}" if lacks else "; everything works")
    yield Diagnosis(f"server of {line.name}", "ok", said)


_MEND = (
    "the partner makes the folder, as seen from where our login lands, or lets us write there; or say `after: delete` "
    "or `after: none`. Until then what is ours stays in their folder; it is not read twice"
)


def _takes_no_file(wire: Wire, folder: str, gateway: str) -> str:
    """Why a folder takes no file of ours; empty when it does. Raises: PartnerUnreachable."""
    try:
        with effect("doctor.look"):
            there = wire.lstat(folder)
        if there is None:
            return "there is no such folder"
        path = join(folder, temp_name("doctor", gateway, secrets.token_hex(4)))
        with effect("doctor.write"):
            wire.write_new(path, [b""])
        with effect("doctor.remove"):
            wire.remove(path)
    except PartnerUnreachable:
        raise
    except GatewayError as error:
        return f"takes no file: {error}"
    return ""
