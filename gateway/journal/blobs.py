"""Bytes on disk: written once, durable before the journal speaks of them, named by our ids alone.

A blob lies at `spool/<in or out>/<connection>/<id>.<kind>`, with `.sealed` after it when its bytes are sealed
(`gateway.journal.seal`); while it is written, at `<id>.<token>.part`, which is its writer's alone. Its path never holds
a hash: erasure, encryption and adoption after a restore work on one blob at a time. Durable means: the file synced,
renamed, and the folder synced, once each. The row follows in the transaction that needs it; a file without a row is an
orphan. Size, offsets and hash are those of the plain bytes: a copy of the spool needs no key, a look at what is in it
does.
"""

import errno
import hashlib
import re
from collections.abc import Collection, Iterable, Iterator
from contextlib import suppress
from datetime import timedelta
from io import BufferedReader
from math import inf
from pathlib import Path

from sqlalchemy import Connection, insert, select, update

from gateway.findings.errors import BlobDamaged, BlobGone, JournalFault
from gateway.findings.failpoint import effect
from gateway.journal.clock import Clock, SystemClock
from gateway.journal.draft import PART, Blob, Draft
from gateway.journal.folders import make_folder, sync_folder
from gateway.journal.ids import new_id
from gateway.journal.schema.files import blob
from gateway.journal.seal import FRAME, SUFFIX, Opened, Seal

__all__ = ["Blob", "BlobDamaged", "BlobGone", "BlobStore", "Draft"]

SIDES = {"raw": "in", "record": "in", "places": "in", "filed": "out", "answer": "out", "envelope": "out"}
"""The kinds of bytes, and the side of the spool they lie on."""

SAFE = re.compile(r"[A-Za-z0-9_][A-Za-z0-9._-]{0,99}")
ORPHAN_AGE = timedelta(hours=24)


OF_ONE_FILE = frozenset((errno.EISDIR, errno.EACCES, errno.EPERM, errno.ELOOP, errno.ENOTDIR, errno.EIO))
"""Errors of one file of the spool, be it a bad sector; others are the machine's."""


def is_received(path: Path) -> bool:
    """Whether a file of the spool holds bytes as they were received, whole."""
    return path.name.removesuffix(SUFFIX).endswith(".raw") and "~" not in path.name  # written anew: some were erased


def _touched(path: Path) -> float:
    """When a file was written to, in seconds since 1970; one that has gone meanwhile is as good as new."""
    try:
        return path.stat().st_mtime
    except FileNotFoundError:
        return inf


class BlobStore:
    """The spool of a state folder. `seal` says whether new bytes are sealed, and opens those that are."""

    def __init__(self, state_dir: Path, clock: Clock | None = None, seal: Seal | None = None) -> None:
        self.root = state_dir
        self._clock = clock or SystemClock()
        self._seal = seal or Seal()

    def draft(self, kind: str, connection: str, ulid: str | None = None) -> Draft:
        """Begin a blob."""
        return Draft(self.root, self.place(kind, connection, ulid or new_id()), connection, self._seal)

    def write(self, kind: str, connection: str, parts: Iterable[bytes], ulid: str | None = None) -> Blob:
        with self.draft(kind, connection, ulid) as draft:
            for part in parts:
                draft.write(part)
            with effect("blob.keep"):
                return draft.keep()

    def place(self, kind: str, connection: str, ulid: str) -> Path:
        """Where the blob of these facts lies; makes its folder."""
        if not SAFE.fullmatch(connection):
            raise JournalFault("a connection's name must be usable as a folder's name")
        folder = self.root / "spool" / SIDES[kind] / connection
        make_folder(folder)
        return folder / f"{ulid}.{kind}"

    def forsake(self, kind: str, connection: str, ulid: str) -> None:
        """Take away what another one has begun under this id, dead or late: it can finish none of it any more."""
        for part in self.place(kind, connection, ulid).parent.glob(f"{ulid}.*{PART}"):
            with suppress(FileNotFoundError), effect("blob.forsake"):
                part.unlink()

    def lying(self, kind: str, connection: str, ulid: str) -> Path | None:
        """The file of a blob on disk, whether or not the journal has its row."""
        plain = self.place(kind, connection, ulid)
        return next((one for one in (plain, plain.with_name(plain.name + SUFFIX)) if one.exists()), None)

    def find(self, kind: str, connection: str, ulid: str) -> Blob | None:
        """The blob on disk, hashed again: whether or not the journal has its row. Raises: SpoolSealed."""
        path = self.lying(kind, connection, ulid)
        if path is None:
            return None
        with self.opened(path) as stream:
            digest = hashlib.file_digest(stream, "sha256").hexdigest()
            size = stream.tell()
        return Blob(ulid, kind, connection, str(path.relative_to(self.root)), size, digest)

    def received(self) -> list[Path]:
        """Every file of received bytes that lies in the spool, with or without a row."""
        return sorted(path for path in self.root.glob("spool/in/*/*") if is_received(path))

    def opened(self, path: Path) -> BufferedReader:
        """The plain bytes of a file of the spool, from any place. Raises: SpoolSealed, BlobDamaged."""
        stream = path.open("rb")
        return BufferedReader(Opened(stream, path, self._seal), FRAME) if path.suffix == SUFFIX else stream

    def add(self, conn: Connection, *blobs: Blob) -> None:
        """Write the rows of blobs that are on disk."""
        now = self._clock.now()
        conn.execute(insert(blob), [{**one._asdict(), "stored_at": now} for one in blobs])

    def path_of(self, conn: Connection, ulid: str) -> Path:
        """Raises: BlobGone when the bytes were purged, JournalFault when there is no such blob."""
        row = conn.execute(select(blob.c.path, blob.c.purging_at).where(blob.c.id == ulid)).one_or_none()
        if row is None:
            raise JournalFault(f"no blob {ulid}")
        if row.purging_at is not None:
            raise BlobGone
        return self.root / str(row.path)

    def read(self, conn: Connection, ulid: str, offset: int = 0, length: int | None = None) -> bytes:
        """Raises: BlobGone; BlobDamaged when the file cannot be read or is shorter than what is asked of it."""
        path = self.path_of(conn, ulid)
        try:
            with self.opened(path) as stream:
                stream.seek(offset)
                data = stream.read(-1 if length is None else length)
        except OSError as error:
            if error.errno in OF_ONE_FILE:
                raise BlobDamaged from error
            raise
        if length is not None and len(data) < length:
            raise BlobDamaged
        return data

    def named(self, conn: Connection) -> frozenset[str]:
        """The paths of all blobs that rows speak of."""
        return frozenset(conn.scalars(select(blob.c.path).where(blob.c.purged_at.is_(None))))

    def orphans(self, named: Collection[str], age: timedelta = ORPHAN_AGE) -> Iterator[Path]:
        """Files of the spool that no row speaks of, untouched for longer than `age`.

        Received bytes are none of them: each has its row first, so one without it belongs to a journal that was lost.
        A large spool takes its time, longer than a transaction may stay open: rows are read before (`named`).
        """
        before = (self._clock.now() - age).timestamp()
        for path in sorted(self.root.glob("spool/*/*/*")):
            if not is_received(path) and str(path.relative_to(self.root)) not in named and _touched(path) < before:
                yield path

    def mark(self, conn: Connection, ids: Iterable[str]) -> None:
        """First step of a purge: from now on the bytes count as gone."""
        conn.execute(
            update(blob)
            .where(blob.c.id.in_(list(ids)), blob.c.purging_at.is_(None))
            .values(purging_at=self._clock.now())
        )

    def marked(self, conn: Connection) -> list[Blob]:
        """What is marked and not yet purged."""
        columns = (blob.c.id, blob.c.kind, blob.c.connection, blob.c.path, blob.c.size, blob.c.sha256)
        due = blob.c.purging_at.is_not(None) & blob.c.purged_at.is_(None)
        return [Blob(*row) for row in conn.execute(select(*columns).where(due).order_by(blob.c.id))]

    def unlink(self, blobs: Iterable[Blob]) -> None:
        """Second step: off the disk. What is gone already is gone."""
        folders = set()
        for one in blobs:
            path = self.root / one.path
            with suppress(FileNotFoundError):
                with effect("blob.unlink"):
                    path.unlink()
                folders.add(path.parent)
        for folder in folders:
            with effect("blob.sync"):
                sync_folder(folder)

    def purged(self, conn: Connection, blobs: Iterable[Blob]) -> None:
        """Third step: said in the journal."""
        ids = [one.id for one in blobs]
        conn.execute(update(blob).where(blob.c.id.in_(ids)).values(purged_at=self._clock.now()))
