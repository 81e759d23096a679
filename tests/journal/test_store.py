import random
import sqlite3
import stat
import subprocess
import sys
import threading
import time
from pathlib import Path

import pytest
from sqlalchemy import event, func, select, text
from sqlalchemy.exc import IntegrityError, OperationalError

from gateway.findings.errors import JournalFault
from gateway.journal import audit, schema, sqlite
from gateway.journal.counter import next_number
from gateway.journal.store import (
    CommitUnknown,
    JournalDamaged,
    JournalMissing,
    JournalNewer,
    JournalUnavailable,
    open_journal,
)

WRITER = Path(__file__).with_name("crash_writer.py")


def change_and_fail(conn):
    next_number(conn, "a", "test", "lost")
    raise JournalFault


def fail(_conn):
    raise OperationalError("commit", None, OSError("disk I/O error"))


def insert_twice(conn, row):
    conn.execute(schema.ruleset.insert(), row)
    conn.execute(schema.ruleset.insert(), row)


def numbers(journal):
    with journal.read() as conn:
        return conn.execute(select(schema.counter.c.kind, schema.counter.c.next)).all()


@pytest.mark.parametrize(
    ("pragma", "value"),
    [
        ("journal_mode", "wal" if sqlite.wal_is_safe(sqlite3.sqlite_version_info) else "persist"),
        ("synchronous", 2),
        ("foreign_keys", 1),
        ("secure_delete", 1),
        ("trusted_schema", 0),
        ("busy_timeout", 30_000),
    ],
)
def test_every_connection_is_set_up(local, pragma, value):
    for transaction in (local.read, local.write):
        with transaction() as conn:
            assert conn.exec_driver_sql(f"pragma {pragma}").scalar() == value


def test_files_of_the_journal_are_ours_alone(local, state_dir):
    with local.write() as conn:
        next_number(conn, "a", "test", "k")
    assert {stat.S_IMODE(path.stat().st_mode) for path in state_dir.iterdir()} == {0o600}
    assert stat.S_IMODE(state_dir.stat().st_mode) == 0o700


def test_a_transaction_is_kept_whole_or_not_at_all(journal):
    with journal.write() as conn:
        next_number(conn, "a", "test", "kept")
    with pytest.raises(JournalFault), journal.write() as conn:
        change_and_fail(conn)
    assert numbers(journal) == [("kept", 2)]


def test_a_reader_cannot_write(journal):
    with pytest.raises(Exception, match=r"(?i)read.?only"), journal.read() as conn:
        next_number(conn, "a", "test", "k")
    assert numbers(journal) == []


def test_a_writer_may_write_on_a_connection_that_read_before(journal):
    for _ in range(3):
        assert len(numbers(journal)) < 2
        with journal.write() as conn:
            next_number(conn, "a", "test", "k")
    assert numbers(journal) == [("k", 4)]


@pytest.mark.parametrize("outer", ["read", "write"])
@pytest.mark.parametrize("inner", ["read", "write"])
def test_transactions_of_a_thread_do_not_nest(journal, outer, inner):
    with getattr(journal, outer)(), pytest.raises(JournalFault), getattr(journal, inner)():
        pass
    with journal.write() as conn:
        assert next_number(conn, "a", "test", "k") == 1


def test_writers_of_one_process_wait_for_each_other(journal):
    def write():
        for _ in range(20):
            with journal.write() as conn:
                next_number(conn, "a", "test", "k")

    threads = [threading.Thread(target=write) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert numbers(journal) == [("k", 81)]


def test_there_is_no_journal_where_none_was_made(tmp_path):
    with pytest.raises(JournalMissing):
        open_journal(tmp_path / "nothing", create=False)
    assert list(tmp_path.iterdir()) == []


def test_a_journal_that_is_gone_is_not_replaced_beside_its_spool(local, blobs, state_dir):
    blobs.write("raw", "post.live", (b"<i/>",))
    local.close()
    for leave in (b"", None):  # an empty file is no journal either
        (state_dir / sqlite.NAME).unlink() if leave is None else (state_dir / sqlite.NAME).write_bytes(leave)
        for create in (True, False):
            with pytest.raises(JournalFault, match="spool"):
                open_journal(state_dir, create=create)


@pytest.mark.parametrize("damage", [lambda data: data[: len(data) // 2], lambda data: b"x" * len(data)])
def test_a_damaged_journal_is_said_to_be(local, state_dir, damage):
    local.close()
    path = state_dir / sqlite.NAME
    path.write_bytes(damage(path.read_bytes()))
    with pytest.raises(JournalDamaged):
        open_journal(state_dir)


@pytest.mark.parametrize("key", [None, b"", b"short"])
def test_a_trail_is_never_gone_on_with_under_another_key(local, state_dir, key):
    local.close()
    (state_dir / audit.KEY_NAME).unlink() if key is None else (state_dir / audit.KEY_NAME).write_bytes(key)
    for _ in range(2):
        with pytest.raises(JournalFault, match="restore"):
            open_journal(state_dir)


def test_a_journal_of_a_newer_gateway_is_left_alone(local, state_dir):
    with local.write() as conn:
        conn.execute(text("update alembic_version set version_num = '9999'"))
    with pytest.raises(JournalNewer, match="9999"):
        open_journal(state_dir)


def test_a_journal_on_a_server_needs_a_folder_for_the_audit_key():
    with pytest.raises(JournalFault):
        open_journal("postgresql+psycopg://localhost/gateway")


def test_a_failed_commit_says_that_the_result_is_unknown(journal):
    with pytest.raises(CommitUnknown), journal.write() as conn:
        event.listen(conn, "commit", fail)
    with journal.write() as conn:  # on a new connection
        next_number(conn, "a", "test", "k")
    assert numbers(journal) == [("k", 2)]


def test_a_locked_store_is_a_fault_that_passes(state_dir, monkeypatch):
    monkeypatch.setitem(sqlite.CONNECT, "timeout", 0.05)
    journal = open_journal(state_dir)
    other = sqlite3.connect(state_dir / sqlite.NAME, isolation_level=None)
    other.execute("begin immediate")
    with pytest.raises(JournalUnavailable), journal.write():
        pass
    other.rollback()
    with journal.write():
        pass


def test_a_key_that_is_taken_stays_the_callers_business(journal):
    row = {"hash": "a", "manifest": "{}", "package_version": "1", "first_used_at": journal.clock.now()}
    with pytest.raises(IntegrityError), journal.write() as conn:
        insert_twice(conn, row)


def test_what_was_cleared_is_nowhere_on_disk_after_a_scrub(local, state_dir):
    with local.write() as conn:
        conn.execute(schema.switch.insert().values(
            kind="connection", name="c", state="paused", since=local.clock.now(), reason="Erika Mustermann moved"
        ))  # fmt: skip
    with local.write() as conn:
        conn.execute(schema.switch.update().values(reason=None))
    local.scrub()
    assert not [path for path in state_dir.iterdir() if b"Mustermann" in path.read_bytes()]
    with local.write() as conn:
        next_number(conn, "a", "test", "k")


def kill_after(state_dir, seconds):
    """Start a writer, kill it; returns the lines it had time to print: what it was told is committed."""
    with subprocess.Popen([sys.executable, WRITER, state_dir], stdout=subprocess.PIPE, text=True) as writer:
        first = writer.stdout.readline()
        time.sleep(seconds)
        writer.kill()
        lines = [first, *writer.stdout]
    return [line.split() for line in lines if line.endswith("\n")]


def test_nothing_acknowledged_is_lost_and_nothing_half_written_when_killed(state_dir, clock):
    chance, told = random.Random(7), []
    for _ in range(6):
        told += kill_after(state_dir, chance.uniform(0.01, 0.2))
    journal = open_journal(state_dir, clock=clock)
    with journal.read() as conn:
        kept = conn.execute(select(schema.file.c.id, schema.file.c["items"]).order_by(schema.file.c["items"])).all()
        assert audit.verify(conn, journal.key).broken_at is None
        assert conn.scalar(select(func.count()).select_from(schema.audit)) == len(kept)
        paths = set(conn.scalars(select(schema.blob.c.path)))
    assert {tuple(line) for line in told} <= {(ulid, str(number)) for ulid, number in kept}
    assert [number for _, number in kept] == list(range(1, len(kept) + 1))
    assert all((state_dir / path).is_file() for path in paths)
    assert len(kept) - len(told) <= 6  # at most the one that was being told about, each time


def test_two_processes_on_one_journal_wait_for_each_other(state_dir):
    open_journal(state_dir).close()
    writers = [
        subprocess.Popen([sys.executable, WRITER, state_dir], stdout=subprocess.PIPE, text=True) for _ in range(2)
    ]
    told = [[writer.stdout.readline().split() for _ in range(30)] for writer in writers]
    for writer in writers:
        writer.kill()
        writer.communicate()
    assert len({number for lines in told for _, number in lines}) == 60


def test_two_processes_that_open_an_empty_folder_make_one_journal(state_dir):
    code = "import sys; from gateway.journal.store import open_journal; open_journal(sys.argv[1]).close()"
    starts = [subprocess.Popen([sys.executable, "-c", code, state_dir]) for _ in range(3)]
    assert [start.wait() for start in starts] == [0, 0, 0]
    open_journal(state_dir, create=False).close()


def test_text_that_is_no_text_any_more_is_damage_and_is_not_told(local):
    with pytest.raises(JournalDamaged) as told, local.read() as conn:
        conn.execute(text("select cast(x'4d6f6eff' as text)")).all()
    assert "Mon" not in str(told.value)


def test_bytes_that_a_step_cannot_read_are_no_damage_of_the_journal(local):
    with pytest.raises(UnicodeDecodeError), local.read():
        b"\xff".decode()


def test_a_url_that_libpq_does_not_take_is_no_bug(state_dir):
    with pytest.raises(JournalUnavailable, match="passwor"):
        open_journal("postgresql://u@127.0.0.1:1/x?passwor=y", state_dir=state_dir)
