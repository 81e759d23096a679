import stat

import pytest
from sqlalchemy import delete, text, update

from gateway.findings.errors import JournalFault
from gateway.journal import audit
from gateway.journal.audit import Entry, Verdict
from gateway.journal.schema import audit as table


@pytest.fixture
def trail(journal):
    """Five entries, and the way to tamper with them: whoever owns the machine can drop a trigger."""
    with journal.write() as conn:
        audit.append_many(conn, [Entry("move", f"S{n}", "due", "done", "T") for n in range(5)])
    return journal


def tamper(journal, statement):
    with journal.write() as conn:
        if conn.dialect.name == "sqlite":
            conn.execute(text("drop trigger audit_no_update"))
            conn.execute(text("drop trigger audit_no_delete"))
        else:
            conn.execute(text("drop trigger audit_no_change on audit"))
        conn.execute(statement)


def verdict(journal, key=None):
    with journal.read() as conn:
        return audit.verify(conn, key or journal.key)


def test_an_untouched_trail_fits_from_start_to_end(trail):
    assert verdict(trail)._replace(head="") == Verdict(5, "", None)


def test_an_empty_trail_fits(journal):
    assert verdict(journal) == Verdict(0, "00" * 32, None)


@pytest.mark.parametrize(
    "change", [{"who": "O:eve"}, {"subject": "X"}, {"before": None}, {"after": "due"}, {"action": "waive"}]
)
def test_a_changed_row_is_found(trail, change):
    tamper(trail, update(table).where(table.c.seq == 3).values(**change))
    assert verdict(trail).broken_at == 3


def test_a_removed_row_is_found(trail):
    tamper(trail, delete(table).where(table.c.seq == 2))
    assert verdict(trail).broken_at == 2


def test_a_cut_off_tail_shows_only_against_a_head_noted_elsewhere(trail):
    noted = verdict(trail)
    tamper(trail, delete(table).where(table.c.seq == 5))
    cut = verdict(trail)
    assert (cut.broken_at, cut.rows) == (None, 4)
    assert cut.head != noted.head


def test_another_key_does_not_fit(trail):
    assert verdict(trail, b"k" * 32).broken_at == 1


def test_the_trail_goes_on_where_it_ended(trail):
    for _ in range(2):
        with trail.write() as conn:
            audit.append(conn, "waive", "S9", "held", "accepted", "O:ana")
    assert verdict(trail).rows == 7


def test_an_entry_is_kept_with_its_change_or_not_at_all(trail):
    def change(conn):
        audit.append(conn, "waive", "S9")
        raise JournalFault

    with pytest.raises(JournalFault), trail.write() as conn:
        change(conn)
    assert verdict(trail).rows == 5


def test_nothing_is_written_outside_a_writing_transaction(journal):
    with journal.read() as conn, pytest.raises(JournalFault):
        audit.append(conn, "look", "S1")


def test_the_key_is_made_once_and_is_ours_alone(state_dir):
    state_dir.mkdir()
    audit.make_key(state_dir)
    key = audit.load_key(state_dir)
    audit.make_key(state_dir)
    assert audit.load_key(state_dir) == key
    assert len(key) == 32
    assert [path.name for path in state_dir.iterdir()] == [audit.KEY_NAME]
    assert stat.S_IMODE((state_dir / audit.KEY_NAME).stat().st_mode) == 0o600
