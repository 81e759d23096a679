from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import func, insert, select

from gateway.findings.errors import JournalFault
from gateway.journal import audit, schema
from gateway.journal.claims import LeaseLost
from gateway.journal.ids import batch_id, new_id
from gateway.journal.snapshot import dump
from gateway.journal.store import open_journal
from gateway.steps.ground import moves

MINUTE = timedelta(minutes=1)
RELEASED = datetime(2026, 9, 13, 8, 0, tzinfo=UTC)


@pytest.fixture
def journal(tmp_path):
    opened = open_journal(tmp_path / "state")
    yield opened
    opened.close()


def enter_files(journal, count, state="sighted"):
    rows = [
        {"id": new_id(), "connection": "post.live", "environment": "test", "name": b"a", "state": state}
        for _ in range(count)
    ]
    with journal.write() as conn:
        moves.enter(conn, "file", rows, "P", "sight")
    return [row["id"] for row in rows]


def entries(journal, subject):
    t = schema.audit
    with journal.read() as conn:
        found = select(t.c.action, t.c.before, t.c.after, t.c.who).where(t.c.subject == subject).order_by(t.c.seq)
        return [tuple(row) for row in conn.execute(found)]


def state_of(journal, ulid):
    with journal.read() as conn:
        return conn.scalar(select(schema.file.c.state).where(schema.file.c.id == ulid))


def test_a_move_changes_the_state_sets_values_and_leaves_an_audit_row(journal):
    (file,) = enter_files(journal, 1)
    with journal.write() as conn:
        gone = moves.move(conn, "file", [file], "sighted", "fetching", "P", "fetch", received_at=RELEASED)
    assert gone == (file,)
    assert entries(journal, file) == [("sight", None, "sighted", "P"), ("fetch", "sighted", "fetching", "P")]
    with journal.read() as conn:
        assert conn.scalar(select(schema.file.c.received_at)) == RELEASED


def test_only_those_in_the_state_go(journal):
    here, away = enter_files(journal, 2)
    with journal.write() as conn:
        moves.move(conn, "file", [away], "sighted", "fetching", "P", "fetch")
        assert moves.move(conn, "file", [here, away, new_id()], "sighted", "fetching", "P", "fetch") == (here,)
    assert len(entries(journal, away)) == 2


def test_thousands_go_at_once_each_with_its_row(journal):
    files = enter_files(journal, 2500)
    with journal.write() as conn:
        assert moves.move(conn, "file", files, "sighted", "fetching", "P", "fetch") == tuple(files)
    with journal.read() as conn:
        assert conn.scalar(select(func.count()).select_from(schema.audit)) == 5000
        assert audit.verify(conn, journal.key).broken_at is None


def test_a_pair_that_is_not_in_the_table_raises_and_changes_nothing(journal):
    (file,) = enter_files(journal, 1)
    with journal.write() as conn, pytest.raises(JournalFault, match="P may not go from sighted to received"):
        moves.move(conn, "file", [file], "sighted", "received", "P", "skip")
    assert state_of(journal, file) == "sighted"
    assert len(entries(journal, file)) == 1


def test_a_row_enters_only_where_its_machine_begins(journal):
    with pytest.raises(JournalFault):
        enter_files(journal, 1, state="read")


def test_an_operator_is_named_in_the_audit_trail_and_judged_by_the_letter(journal):
    (file,) = enter_files(journal, 1)
    with journal.write() as conn:
        moves.move(conn, "file", [file], "sighted", "fetching", "P", "fetch")
        moves.move(conn, "file", [file], "fetching", "suspect", "P", "read once")
        with pytest.raises(JournalFault):
            moves.move(conn, "file", [file], "suspect", "received", "P:ana", "take")
        moves.move(conn, "file", [file], "suspect", "received", "O:ana", "take")
    assert entries(journal, file)[-1] == ("take", "suspect", "received", "O:ana")


@pytest.fixture
def batch(journal):
    (file,) = enter_files(journal, 1)
    facts = {"file": file, "seq": 1, "ordinal": 1, "offset": 0, "length": 1, "line": 1, "items": 1, "connection": "c"}
    with journal.write() as conn:
        conn.execute(insert(schema.interchange).values(id="I", file=file, seq=1, environment="test"))
        row = facts | {"id": batch_id(file, 1), "interchange": "I", "state": "due"}
        moves.enter(conn, "batch", [row], "T", "split")
    return batch_id(file, 1)


def claim(journal, owner="me"):
    with journal.write() as conn:
        return moves.claim(conn, "batch", "due", "claimed", "T", owner=owner, lease=MINUTE)


def test_claimed_work_is_finished_behind_its_fence(journal, batch):
    (held,) = claim(journal)
    with journal.write() as conn:
        moves.finish(conn, "batch", held, "claimed", "done", "T", "translate")
    trail = [(action, after) for action, _, after, _ in entries(journal, batch)]
    assert trail == [("split", "due"), ("claim", "claimed"), ("translate", "done")]


def test_a_worker_taken_for_dead_cannot_finish(journal, batch):
    (late,) = claim(journal)
    with journal.write() as conn:
        moves.void(conn, "batch", "claimed", "due", "T")
    (held,) = claim(journal, "another")
    with pytest.raises(LeaseLost), journal.write() as conn:
        moves.finish(conn, "batch", late, "claimed", "done", "T", "translate")
    assert (held.id, held.attempt) == (batch, 2)


@pytest.mark.usefixtures("batch")
def test_a_lease_that_is_not_over_stands(journal):
    claim(journal)
    with journal.write() as conn:
        assert moves.expire(conn, "batch", "claimed", "due", "T") == ()


def test_voiding_leases_twice_changes_nothing(journal, batch):
    claim(journal)
    with journal.write() as conn:
        assert moves.void(conn, "batch", "claimed", "due", "T") == (batch,)
    with journal.read() as conn:
        before = dump(conn)
    with journal.write() as conn:
        assert moves.void(conn, "batch", "claimed", "due", "T") == ()
    with journal.read() as conn:
        assert dump(conn) == before
