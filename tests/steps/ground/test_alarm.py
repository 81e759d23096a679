from datetime import UTC, datetime, timedelta

import msgspec
import pytest
from sqlalchemy import select

from gateway.findings.errors import JournalFault
from gateway.journal.schema import alert
from gateway.journal.store import open_journal
from gateway.steps.ground.alarm import clear_alarm, raise_alarm

START = datetime(2026, 9, 13, 8, 0, tzinfo=UTC)


class Clock:
    time = START

    def now(self):
        return self.time

    def monotonic(self):
        return self.time.timestamp()


@pytest.fixture
def journal(tmp_path):
    opened = open_journal(tmp_path / "state", clock=Clock())
    yield opened
    opened.close()


def raised(journal, code="DLV602", subject="uk.live", **values):
    with journal.write() as conn:
        raise_alarm(conn, code, subject, values)


def rows(journal):
    with journal.read() as conn:
        return conn.execute(select(alert).order_by(alert.c.code, alert.c.subject)).all()


def test_an_alarm_that_is_raised_again_is_counted_and_keeps_when_it_began(journal):
    raised(journal, connection="uk.live")
    journal.clock.time = START + timedelta(hours=1)
    raised(journal, connection="uk.live")
    (row,) = rows(journal)
    assert (row.times, row.raised_at, row.cleared_at, row.severity) == (2, START, None, "error")


def test_each_subject_has_its_own(journal):
    raised(journal, subject="uk.live")
    raised(journal, subject="dk.live")
    assert [row.subject for row in rows(journal)] == ["dk.live", "uk.live"]


def test_clearing_says_when_and_only_once(journal):
    raised(journal)
    journal.clock.time = START + timedelta(hours=1)
    with journal.write() as conn:
        assert clear_alarm(conn, "DLV602", "uk.live")
        assert not clear_alarm(conn, "DLV602", "uk.live")
        assert not clear_alarm(conn, "DLV602", "dk.live")
    (row,) = rows(journal)
    assert row.cleared_at == START + timedelta(hours=1)


def test_what_comes_back_before_its_end_was_told_is_the_same_alarm(journal):
    raised(journal)
    with journal.write() as conn:
        clear_alarm(conn, "DLV602", "uk.live")
    raised(journal)
    (row,) = rows(journal)
    assert (row.times, row.cleared_at) == (2, None)


def test_values_hold_nothing_personal_and_nothing_that_a_terminal_obeys(journal):
    raised(journal, connection="uk.live\x1b[2J", text="Asha Example", why="x" * 300)
    (row,) = rows(journal)
    values = msgspec.json.decode(row.masked)
    assert values["text"] == "A*** (12)"
    assert values["connection"] == "uk.live [2J"
    assert len(values["why"]) == 200


def test_an_alarm_is_kept_with_the_change_it_tells_of_or_not_at_all(journal):
    def raise_and_fail(conn):
        raise_alarm(conn, "DLV602", "uk.live")
        raise RuntimeError

    with pytest.raises(RuntimeError), journal.write() as conn:
        raise_and_fail(conn)
    assert rows(journal) == []


def test_outside_of_a_writing_transaction_there_is_no_door(journal):
    with journal.read() as conn, pytest.raises(JournalFault):
        raise_alarm(conn, "DLV602", "uk.live")


def test_a_code_that_no_catalogue_holds_is_a_mistake_of_ours(journal):
    with pytest.raises(KeyError):
        raised(journal, code="XYZ999")
