"""A number that was replaced is found by whoever has it, and read by nobody."""

import stat

import pytest
from sqlalchemy import select

from gateway.findings.errors import JournalFault
from gateway.journal import bulk, pseudonym, schema, search
from gateway.journal.pseudonym import Names
from gateway.steps.keeping.clearing import name_items, name_parcels

NUMBER = "RR123456785GB"


@pytest.fixture
def names(state_dir):
    state_dir.mkdir(exist_ok=True)
    return Names(state_dir)


def test_the_same_number_has_the_same_pseudonym_in_every_life(names, state_dir):
    hidden = names.of(NUMBER)
    assert hidden == Names(state_dir).of(NUMBER) != names.of("RR000000005GB")
    assert pseudonym.hidden(hidden) and not pseudonym.hidden(NUMBER) and not pseudonym.hidden("#7")
    assert NUMBER not in hidden and names.of(hidden) == hidden


def test_another_key_gives_another_pseudonym(names, tmp_path):
    (tmp_path / "other").mkdir()
    assert names.of(NUMBER) != Names(tmp_path / "other").of(NUMBER)


def test_a_search_makes_no_key(names, state_dir):
    assert names.by_pseudonym([NUMBER]) == {NUMBER: NUMBER}
    assert not (state_dir / pseudonym.NAME).exists()
    hidden = names.of(NUMBER)
    assert stat.S_IMODE((state_dir / pseudonym.NAME).stat().st_mode) == 0o600
    assert names.by_pseudonym([NUMBER]) == {NUMBER: NUMBER, hidden: NUMBER}


def test_a_damaged_key_is_told_and_not_replaced(names, state_dir):
    (state_dir / pseudonym.NAME).write_bytes(b"short")
    with pytest.raises(JournalFault, match="damaged"):
        names.of(NUMBER)


def test_what_was_replaced_is_found_by_the_exact_number(journal, world):
    file = world.file()
    interchange = world.interchange(file)
    batch = world.batch(file, interchange)
    dossier = world.dossier(NUMBER)
    item = world.item(file, interchange, batch, dossier=dossier, item_id=NUMBER)
    lost = world.item(file, interchange, batch, seq=2, state="quarantined", item_id="RR000000005GB")
    named = [("s10", NUMBER), ("order", "ab-1 2")]
    with journal.write() as conn:
        bulk.insert(conn, schema.identifier, list(search.rows(dossier, named)))
        name_items(conn, [(item, NUMBER), (lost, "RR000000005GB")])
        for _ in range(2):  # again, as after a crash
            name_parcels(conn, [dossier])
    with journal.read() as conn:
        for text, wanted in ((NUMBER, item), ("rr 123 456 785 gb", item), ("AB-12", item), ("RR000000005GB", lost)):
            assert [hit.item for hit in search.find(conn, text)] == [wanted], text
        assert search.find(conn, "RR12*") == []
        assert all(pseudonym.hidden(value) for value in conn.scalars(select(schema.identifier.c.value)))


def test_a_number_that_came_again_after_it_was_replaced_stands_there_once(journal, world):
    dossier = world.dossier(NUMBER)
    for _ in range(2):
        with journal.write() as conn:
            bulk.insert(conn, schema.identifier, list(search.rows(dossier, [("s10", NUMBER)])))
            name_parcels(conn, [dossier])
    with journal.read() as conn:
        (value,) = conn.scalars(select(schema.identifier.c.value))
    assert pseudonym.hidden(value)
