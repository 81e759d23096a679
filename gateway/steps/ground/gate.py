"""What every step needs at hand: journal, spool, archived rulesets, configuration, clock. Built once, changed never."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from io import BufferedReader
from pathlib import Path

import msgspec
from sqlalchemy import insert, select

from gateway.journal import schema
from gateway.journal.blobs import BlobStore
from gateway.journal.clock import Clock
from gateway.journal.ids import new_id
from gateway.journal.store import Journal
from gateway.mapping.protocols import Limits
from gateway.mapping.registry import Registry
from gateway.ruleset import Archive
from gateway.steps.ground.hub import Hub
from gateway.steps.working.filer import Filer
from gateway.steps.working.translation import registry_for

FILERS = msgspec.json.Decoder(dict[str, Filer])


@dataclass(frozen=True, slots=True)
class Gate:
    """One gateway at work. `ruleset` is the hash of what is in force; `owner` marks this process's claims."""

    journal: Journal
    blobs: BlobStore
    archive: Archive
    hub: Hub
    clock: Clock
    ruleset: str
    owner: str

    def now(self) -> datetime:
        return self.clock.now()

    def limits(self, connection: str) -> Limits:
        """What is looked at of what comes by a line."""
        return self.hub.limits(connection)

    def registry(self, ruleset: str) -> Registry:
        """The tables of an archived ruleset."""
        return registry_for(self.roots(ruleset), whole=True)

    def roots(self, ruleset: str) -> tuple[str, ...]:
        return tuple(str(root) for root in self.archive.roots(ruleset))

    def filers(self, ruleset: str) -> Mapping[str, Filer]:
        """Who files, by the partner it is filed with, as an archived ruleset says. Raises RulesetMissing."""
        return FILERS.decode(self.archive.settings(ruleset))

    def opened(self, blob: str) -> BufferedReader:
        """The bytes of a blob, from any place of it. Raises BlobGone once it is purged."""
        with self.journal.read() as conn:
            path = self.blobs.path_of(conn, blob)
        return self.blobs.opened(path)

    def bytes_at(self, blob: str, offset: int = 0, length: int | None = None) -> bytes:
        with self.journal.read() as conn:
            return self.blobs.read(conn, blob, offset, length)


def pin_ruleset(journal: Journal, archive: Archive, roots: tuple[Path, ...], settings: bytes) -> str:
    """Archive what is in force and note it in the journal; returns its hash."""
    manifest = archive.pin(roots, settings)
    known = select(schema.ruleset.c.hash).where(schema.ruleset.c.hash == manifest.hash)
    with journal.read() as conn:  # commands beside a daemon at work do not wait for its transactions
        if conn.scalar(known) is not None:
            return manifest.hash
    with journal.write("ruleset.note") as conn:
        if conn.scalar(known) is None:
            row = {
                "hash": manifest.hash,
                "manifest": manifest.encoded().decode(),
                "package_version": manifest.package,
                "first_used_at": journal.clock.now(),
            }
            conn.execute(insert(schema.ruleset).values(**row))
    return manifest.hash


def new_owner() -> str:
    """A name for this process's claims: leases of an earlier life never match it."""
    return f"run-{new_id()}"
