import pytest

from gateway.findings.errors import JournalFault
from gateway.journal.counter import next_number


def test_numbers_rise_from_one_without_a_gap(journal):
    taken = []
    for _ in range(3):
        with journal.write() as conn:
            taken += [
                next_number(conn, "uk.live", "production", "h7"),
                next_number(conn, "uk.live", "production", "h7"),
            ]
    assert taken == [1, 2, 3, 4, 5, 6]


def test_a_number_that_was_not_used_is_given_again(journal):
    def take_and_fail(conn):
        next_number(conn, "uk.live", "production", "h7")
        raise JournalFault

    with pytest.raises(JournalFault), journal.write() as conn:
        take_and_fail(conn)
    with journal.write() as conn:
        assert next_number(conn, "uk.live", "production", "h7") == 1


def test_connections_environments_and_kinds_count_for_themselves(journal):
    with journal.write() as conn:
        next_number(conn, "uk.live", "production", "h7")
        assert next_number(conn, "dk.live", "production", "h7") == 1
        assert next_number(conn, "uk.live", "test", "h7") == 1
        assert next_number(conn, "uk.live", "production", "cusrsp") == 1
