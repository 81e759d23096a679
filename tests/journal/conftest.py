"""A journal for each store: SQLite, and PostgreSQL with a database for each test."""

from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import insert

from gateway.journal import schema
from gateway.journal.blobs import BlobStore
from gateway.journal.ids import batch_id, new_id
from gateway.journal.store import open_journal
from tests.postgresql import database


class FixedClock:
    def __init__(self):
        self.time = datetime(2026, 9, 13, 8, 0, tzinfo=UTC)

    def now(self):
        return self.time

    def monotonic(self):
        return self.time.timestamp()

    def forward(self, **by):
        self.time += timedelta(**by)


@pytest.fixture
def clock():
    return FixedClock()


@pytest.fixture
def state_dir(tmp_path):
    return tmp_path / "state"


@pytest.fixture(params=["sqlite", "postgresql"])
def target(request, state_dir):
    """Where an empty journal may be made: the state folder, or a database of its own on the server."""
    if request.param == "sqlite":
        yield state_dir
        return
    state_dir.mkdir(mode=0o700)
    with database() as url:
        yield url


@pytest.fixture
def journal(target, state_dir, clock):
    opened = open_journal(target, state_dir=state_dir, clock=clock)
    opened.url = target
    yield opened
    opened.close()


@pytest.fixture
def local(state_dir, clock):
    """A journal on SQLite."""
    opened = open_journal(state_dir, clock=clock)
    yield opened
    opened.close()


@pytest.fixture
def blobs(state_dir, clock):
    return BlobStore(state_dir, clock)


@pytest.fixture
def world(journal, blobs):
    return World(journal, blobs)


class World:
    """One file of two items on its way to customs, row by row; every method adds one thing and names its id."""

    def __init__(self, journal, blobs):
        self.journal = journal
        self.blobs = blobs
        self.count = 0

    def add(self, table, **values):
        values = {"id": new_id()} | values if "id" in schema.METADATA.tables[table].c else values
        with self.journal.write() as conn:
            conn.execute(insert(schema.METADATA.tables[table]).values(**values))
        return values.get("id")

    def blob(self, kind="raw", connection="post.live", parts=(b"<i/>",)):
        made = self.blobs.write(kind, connection, parts)
        with self.journal.write() as conn:
            self.blobs.add(conn, made)
        return made.id

    def file(self, **values):
        return self.add(
            "file",
            **{"connection": "post.live", "environment": "production", "name": b"a.xml", "state": "read", "items": 2}
            | {"blob": self.blob()}
            | values,
        )

    def interchange(self, file, **values):
        return self.add(
            "interchange",
            **{"file": file, "seq": 1, "environment": "production", "reference": "R1", "items": 2} | values,
        )

    def batch(self, file, interchange, seq=1, **values):
        facts = {"id": batch_id(file, seq), "file": file, "seq": seq, "interchange": interchange, "ordinal": 1}
        place = {"offset": 0, "length": 4, "line": 1, "items": 2, "connection": "post.live", "state": "done"}
        return self.add("batch", **facts | place | values)

    def dossier(self, business_id="RR123456785GB", **values):
        facts = {"environment": "production", "kind": "consignment", "business_id": business_id, "epoch": "2026-09-13"}
        return self.add("dossier", **facts | values)

    def item(self, file, interchange, batch, seq=1, **values):
        facts = {"file": file, "interchange": interchange, "batch": batch, "seq": seq, "environment": "production"}
        place = {"offset": 0, "length": 4, "line": 1, "kind": "consignment", "state": "accepted"}
        return self.add("item", **facts | place | values)

    def filing(self, dossier, item, lrn, **values):
        facts = {"dossier": dossier, "item": item, "lrn": lrn, "environment": "production", "route": "uk-h7"}
        target = {"purpose": "declare", "connection": "uk.live", "kind": "customs/uk/h7", "declarant": "GB1"}
        payload = {"payload_blob": self.blob("filed", "uk.live"), "payload_offset": 0, "payload_length": 4}
        return self.add("filing", **facts | target | payload | {"state": "written"} | values)

    def delivery(self, **values):
        self.count += 1
        facts = {"connection": "uk.live", "environment": "production", "kind": "customs/uk/h7", "state": "queued"}
        return self.add("delivery", **facts | {"final_name": f"{self.count}.xml", "size": 4} | values)

    def part(self, delivery, blob, seq=1, **values):
        self.add("delivery_part", **{"delivery": delivery, "seq": seq, "blob": blob, "offset": 0, "length": 4} | values)

    def finding(self, subject, **values):
        facts = {"subject": subject, "seq": 0, "subject_kind": "item", "code": "SRC301", "severity": "error"}
        self.add("finding", **facts | values)
