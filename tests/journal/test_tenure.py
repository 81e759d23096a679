"""A duty that another host has taken over: its old holder writes nothing more."""

import pytest

from gateway.journal import tenure
from gateway.journal.counter import next_number
from gateway.journal.tenure import Tenure, TenureLost


def begin(journal, holder="here", name="core"):
    with journal.write() as conn:
        return tenure.begin(conn, name, holder)


def test_every_time_has_a_number_of_its_own(journal):
    assert [begin(journal) for _ in range(3)] == [Tenure("core", 1), Tenure("core", 2), Tenure("core", 3)]


def test_duties_are_counted_apart(journal):
    begin(journal)
    assert begin(journal, name="line/post.live") == Tenure("line/post.live", 1)


def test_who_has_it_last_is_known(journal):
    begin(journal)
    begin(journal, "there")
    with journal.read() as conn:
        assert (tenure.holder(conn, "core"), tenure.holder(conn, "line/x")) == ("there", None)


def test_whoever_lost_a_duty_writes_nothing(journal):
    old = journal.under(begin(journal))
    with old.write() as conn:
        assert next_number(conn, "c", "test", "k") == 1
    new = journal.under(begin(journal, "there"))
    with pytest.raises(TenureLost), old.write() as conn:
        next_number(conn, "c", "test", "k")
    with new.write() as conn:
        assert next_number(conn, "c", "test", "k") == 2


def test_work_of_no_duty_is_not_asked(journal):
    begin(journal)
    begin(journal, "there")
    with journal.write() as conn:
        assert next_number(conn, "c", "test", "k") == 1


def test_two_faces_of_a_journal_are_one_for_a_thread(journal):
    mine = journal.under(begin(journal))
    with mine.write(), pytest.raises(Exception, match="open already"), journal.write():
        pass
