"""A journal on a server: writers of all hosts take turns, whoever freezes is ended, time is the server's."""

import threading
from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import create_engine, make_url, text

from gateway.journal import ids, postgresql
from gateway.journal.clock import ServerClock
from gateway.journal.counter import next_number
from gateway.journal.store import CommitUnknown, JournalUnavailable, open_journal
from tests.postgresql import PSYCOPG, database


@pytest.fixture
def url():
    with database() as made:
        yield made


@pytest.fixture
def hosts(url, tmp_path):
    """Two journals over one database, as two hosts have them; waits are short once its tables are made."""
    folder = tmp_path / "state"
    folder.mkdir(mode=0o700)
    open_journal(url, state_dir=folder).close()
    with pytest.MonkeyPatch.context() as patch:
        limits = {"lock_timeout": 700, "idle_in_transaction_session_timeout": 1500}
        patch.setattr(postgresql, "SESSION", postgresql.SESSION | limits)
        opened = [open_journal(url, state_dir=folder) for _ in range(2)]
        yield opened
        for one in opened:
            one.close()


def kill(url):
    """End every session of the database, as a server does that goes down."""
    engine = create_engine(make_url(url).set(drivername=PSYCOPG), isolation_level="AUTOCOMMIT")
    with engine.connect() as conn:
        query = "select pg_terminate_backend(pid) from pg_stat_activity where datname = current_database()"
        conn.execute(text(f"{query} and pid <> pg_backend_pid()"))
    engine.dispose()


def take(journal, meanwhile=lambda: None, *, then=None):
    """The next number; something happens before the transaction goes on, with another statement or its commit."""
    with journal.write() as conn:
        number = next_number(conn, "c", "test", "k")
        meanwhile()
        if then is not None:
            conn.execute(text(then))
    return number


def test_a_second_writer_is_told_when_the_first_takes_too_long(hosts):
    here, there = hosts
    with here.write(), pytest.raises(JournalUnavailable), there.write():
        pass
    assert take(there) == 1


def test_writers_of_two_hosts_take_turns(hosts):
    taken = []

    def work(journal):
        taken.extend(take(journal) for _ in range(20))

    threads = [threading.Thread(target=work, args=[one]) for one in hosts]
    for one in threads:
        one.start()
    for one in threads:
        one.join(30)
    assert sorted(taken) == list(range(1, 41))


def test_what_a_writer_reads_is_as_the_one_before_it_left_it(hosts):
    """Also the first statement, which was waited for: it sees what was committed meanwhile."""
    here, there = hosts
    began, seen = threading.Event(), []

    def second():
        began.set()
        seen.append(take(there))

    with here.write() as conn:
        other = threading.Thread(target=second)
        other.start()
        began.wait(10)
        next_number(conn, "c", "test", "k")
    other.join(10)
    assert seen == [2]


def test_a_writer_that_freezes_is_ended_and_what_it_did_is_undone(hosts):
    here, there = hosts
    over = threading.Event()
    with pytest.raises(JournalUnavailable):
        take(here, lambda: over.wait(2.5), then="select 1")
    assert take(there) == 1


def test_a_server_that_went_down_in_a_transaction_is_a_fault_that_passes(hosts, url):
    here, _ = hosts
    with pytest.raises(JournalUnavailable):
        take(here, lambda: kill(url), then="select 1")
    assert take(here) == 1


def test_a_line_that_is_lost_at_the_commit_leaves_it_unknown(hosts, url):
    here, _ = hosts
    with pytest.raises(CommitUnknown):
        take(here, lambda: kill(url))
    assert take(here) in {1, 2}


def test_lines_that_were_lost_between_two_transactions_are_not_noticed(hosts, url):
    here, _ = hosts
    assert take(here) == 1
    kill(url)
    assert take(here) == 2


def test_no_server_is_a_fault_that_passes(tmp_path):
    with pytest.raises(JournalUnavailable):
        open_journal(f"postgresql://nobody@/none?host={tmp_path}", state_dir=tmp_path)


def test_the_journals_time_is_the_servers(hosts):
    here, _ = hosts
    here.clock.follow(datetime(2001, 1, 1, tzinfo=UTC))
    take(here)
    assert abs(here.clock.now() - datetime.now(UTC)) < timedelta(seconds=30)


def test_the_servers_time_is_known_before_anything_is_done(hosts):
    assert [one.clock.guess for one in hosts] == [False, False]


def test_time_goes_on_between_two_looks_at_the_server():
    clock, moment = ServerClock(), datetime(2001, 1, 1, tzinfo=UTC)
    clock.follow(moment)
    assert moment <= clock.now() <= clock.now() < moment + timedelta(minutes=1)


def test_ids_tell_the_servers_time(hosts):
    _, here = hosts
    try:
        here.clock.follow(datetime(2001, 1, 1, tzinfo=UTC))
        source = ids.Ulids()
        source.milliseconds = ids._ULIDS.milliseconds  # of the journal that was opened last
        assert ids.timestamp(source.take(1)[0]).year == 2001
    finally:
        ids._ULIDS.milliseconds = ids.milliseconds


def test_a_password_that_is_given_apart_is_used_and_not_shown():
    given = "tell nobody"
    engine = postgresql.engine("postgresql://gateway@db.example/gateway", given)
    assert engine.url.password == given and given not in repr(engine)
