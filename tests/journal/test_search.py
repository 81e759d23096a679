import pytest
from hypothesis import given
from hypothesis import strategies as st

from gateway.journal import bulk, schema, search
from tests.journal.plans import plans


@pytest.fixture
def parcel(world, journal):
    """One parcel that customs has answered, and one item that no dossier knows."""
    file = world.file()
    interchange = world.interchange(file)
    batch = world.batch(file, interchange)
    dossier = world.dossier("RR123456785GB")
    item = world.item(file, interchange, batch, dossier=dossier, item_id="RR123456785GB")
    filing = world.filing(dossier, item, "GW1T4Z72NZRDIHLPKWL", mrn="26GB1234567890ABC1")
    facts = {"authority": "uk", "environment": "production", "connection": "uk.live", "state": "matched"}
    decision = world.add("decision", **facts, notification="N-77", filing=filing)
    named = [("s10", "RR123456785GB"), ("order", "ab-1 2"), ("order", "AB-12"), ("house", None or "")]
    with journal.write() as conn:
        bulk.insert(conn, schema.identifier, list(search.rows(dossier, named)))
    lost = world.item(file, interchange, batch, seq=2, state="quarantined", item_id="RR000000005GB")
    return {"item": item, "file": file, "dossier": dossier, "filing": filing, "decision": decision, "lost": lost}


def found(journal, text):
    with journal.read() as conn:
        return [hit.item for hit in search.find(conn, text)]


@pytest.mark.parametrize(
    "text",
    ["RR123456785GB", " rr 1234 5678 5 gb", "ab-12", "GW1T4Z72NZRDIHLPKWL", "26gb1234567890abc1", "N-77", "RR1234*"],
)
def test_a_parcel_is_found_by_whatever_names_it(journal, parcel, text):
    assert found(journal, text) == [parcel["item"]]


@pytest.mark.parametrize("kind", ["item", "dossier", "filing", "decision"])
def test_a_parcel_is_found_by_our_own_ids(journal, parcel, kind):
    assert found(journal, parcel[kind]) == [parcel["item"]]


def test_an_item_that_could_not_be_read_is_found_by_the_id_it_hints_at(journal, parcel):
    assert found(journal, "RR000000005GB") == [parcel["lost"]]


def test_a_file_leads_to_its_items_the_newest_first(journal, parcel):
    assert found(journal, parcel["file"]) == [parcel["lost"], parcel["item"]]


def test_a_name_is_looked_up_and_no_table_walked(local):
    """However many there are: of a table that is walked SQLite says `SCAN`."""
    with local.read() as conn:
        steps = plans(conn, lambda: search.find(conn, "RR123456785GB"))
    assert len(steps) > 20
    assert [step for step in steps if step.startswith("SCAN")] == ["SCAN anon_1"]


@pytest.mark.usefixtures("parcel")
@pytest.mark.parametrize("text", ["RR999999999GB", "", "%", "RR123456785G"])
def test_what_names_nothing_finds_nothing(journal, text):
    assert found(journal, text) == []


@given(st.text())
def test_identifiers_are_normal_once_normalised(text):
    once = search.normal(text)
    assert not any(character.isspace() for character in once)
    assert search.normal(once) == once or once.upper() != once  # some letters have no lasting capital
