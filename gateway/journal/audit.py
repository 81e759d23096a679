"""The audit trail: append-only, each row sealed together with the one before it.

A changed, inserted or removed row breaks the chain. A cut-off tail does not: it is seen against an anchor, the head as
it was noted elsewhere on an earlier day (`gateway.journal.anchors`). Rows hold who did what to which id, and the state
before and after; never a payload, never a name.
"""

import hashlib
import hmac
from collections.abc import Iterable, Iterator, Sequence
from datetime import datetime
from pathlib import Path
from typing import Any, NamedTuple

import msgspec
from sqlalchemy import Connection, String, select, type_coerce

from gateway.findings.errors import JournalFault
from gateway.journal import bulk, keyfile
from gateway.journal.clock import Clock
from gateway.journal.schema.columns import stamp
from gateway.journal.schema.operations import audit

KEY_NAME = "audit.key"
START = b"\0" * 32


class Head(NamedTuple):
    """A row and its seal, with which the next one is sealed."""

    seq: int
    mac: bytes


BEGIN = Head(0, START)


class Chain(NamedTuple):
    """What a writing transaction needs to append: the key and the time."""

    key: bytes
    clock: Clock


class Entry(NamedTuple):
    """One change: the action, what it was done to, the state before and after, and by whom."""

    action: str
    subject: str
    before: str | None
    after: str | None
    who: str


class Verdict(NamedTuple):
    """The head of the chain, and the number of the first row that does not fit (None: all do)."""

    rows: int
    head: str
    broken_at: int | None


def load_key(folder: Path) -> bytes:
    """The key of the chain, readable by us alone. Raises: JournalFault when it is missing or not whole."""
    return keyfile.load(folder / KEY_NAME, "nothing can be added to the audit trail")


def make_key(folder: Path) -> None:
    """Make the key of a new journal; one that is there stays."""
    keyfile.make(folder / KEY_NAME)


def link(key: bytes, previous: bytes, record: Sequence[object]) -> bytes:
    body = msgspec.json.encode(record)
    return hmac.digest(key, len(body).to_bytes(8, "big") + previous + body, hashlib.sha256)


def append(
    conn: Connection, action: str, subject: str, before: str | None = None, after: str | None = None, who: str = ""
) -> None:
    append_many(conn, [Entry(action, subject, before, after, who)])


def append_many(conn: Connection, entries: Iterable[Entry]) -> None:
    """Seal and write entries in order, in the transaction of the change they tell of."""
    chain = conn.get_execution_options().get("journal_chain")
    if not isinstance(chain, Chain):
        raise JournalFault("the audit trail is written inside `journal.write()` only")
    bulk.insert(conn, audit, list(_sealed(chain, entries, *last(conn))))


def _sealed(chain: Chain, entries: Iterable[Entry], seq: int, mac: bytes) -> Iterator[dict[str, Any]]:
    now = chain.clock.now()
    at = stamp(now)
    for entry in entries:
        seq += 1
        mac = link(chain.key, mac, (seq, at, *entry))
        action, subject, before, after, who = entry
        yield {
            "seq": seq, "at": now, "who": who, "action": action,
            "subject": subject, "before": before, "after": after, "mac": mac,
        }  # fmt: skip


def verify(conn: Connection, key: bytes, after: Head = BEGIN, rows: int | None = None) -> Verdict:
    """Go along the chain, from its start or from a row that is known to be right, over all rows or so many."""
    seq, mac = after
    # As the store has it: on SQLite that is the text which was sealed, and parsing it would be most of the work.
    at = audit.c.at if conn.dialect.name == "postgresql" else type_coerce(audit.c.at, String)
    columns = (audit.c.seq, at, audit.c.action, audit.c.subject, audit.c.before, audit.c.after, audit.c.who)
    found = select(*columns, audit.c.mac).where(audit.c.seq > seq).order_by(audit.c.seq).limit(rows)
    for number, moment, *entry, sealed in conn.execute(found):
        said = stamp(moment) if isinstance(moment, datetime) else moment
        if number != seq + 1 or not _fits(link(key, mac, (number, said, *entry)), sealed):
            return Verdict(seq, mac.hex(), seq + 1)
        seq, mac = number, sealed
    return Verdict(seq, mac.hex(), None)


def _fits(mac: bytes, sealed: object) -> bool:
    """Whoever edits a row may leave anything in it."""
    return isinstance(sealed, bytes) and hmac.compare_digest(mac, sealed)


def last(conn: Connection) -> Head:
    """The end of the chain as it stands in the journal."""
    found = conn.execute(select(audit.c.seq, audit.c.mac).order_by(audit.c.seq.desc()).limit(1)).one_or_none()
    return Head(*found) if found is not None else BEGIN
