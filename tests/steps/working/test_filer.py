"""What the filer knows reaches every declaration, is pinned with its ruleset, and never overrides the sender."""

from datetime import UTC, date, datetime

import msgspec

from gateway.mapping.protocols import Filing
from gateway.model import Consignment, Identification, Moment, Party
from gateway.steps.answering.pointer import declared
from gateway.steps.ground.gate import FILERS
from gateway.steps.ground.source import item_row, record_of
from gateway.steps.working.filer import Filer, completed
from tests.steps.test_exchange import itmatt

BROKER = "GB987654321000"
BY_SETTING, BY_RECORD = "declarant-id: GB123456789000, ", ""
RECORD = f"record: {{declarant: {{ids: [{{kind: EORI, id: {BROKER}}}]}}}}\nsettings:"


def test_the_record_of_the_authority_is_laid_under_what_is_filed(site):
    site.change("partners/uk-customs.yaml", BY_SETTING, BY_RECORD)
    site.change("partners/uk-customs.yaml", "settings:", RECORD)
    site.post(itmatt(2))
    with site.gate() as gate:
        site.run(gate)
        assert len(site.filed()) == 2
        assert all(BROKER.encode() in text for text in site.filed().values())
        assert {row["declarant"] for row in site.rows(gate, "filing")} == {BROKER}
        one = site.ids(gate, "item")[0]
        with gate.journal.read() as conn:
            item = item_row(conn, one)
            assert record_of(gate, conn, item).declarant is None  # what the sender said stays as it was


def test_a_filing_is_explained_by_the_record_of_its_day(site):
    site.change("partners/uk-customs.yaml", BY_SETTING, BY_RECORD)
    site.change("partners/uk-customs.yaml", "settings:", RECORD)
    site.post(itmatt(1))
    with site.gate() as gate:
        site.run(gate)
    site.change("partners/uk-customs.yaml", BROKER, "GB111111111000")
    with site.gate() as gate:
        (filing,) = site.rows(gate, "filing")
        assert filing["ruleset"] != gate.ruleset
        with gate.journal.read() as conn:
            record = record_of(gate, conn, item_row(conn, filing["item"]))
            assert declared(gate, filing, record).declarant.ids[0].id == BROKER


def test_a_target_without_a_pack_is_completed_by_the_record_alone():
    filer = Filer(record=Consignment(declarant=Party(name="Example Broker")))
    said, found = completed(
        Consignment(item_id="A"), "acme/parcels-2", Filing("L", Moment("2026-09-14")), filer, date(2026, 9, 14)
    )
    assert (said.declarant.name, found) == ("Example Broker", ())


def test_the_declarant_is_that_of_the_settings_else_of_the_record():
    party = Party(ids=(Identification(kind="EORI", id=BROKER),))
    assert Filer({"declarant-id": "GB1"}, Consignment(declarant=party)).declarant == "GB1"
    assert Filer(record=Consignment(declarant=party)).declarant == BROKER
    assert Filer(record=Consignment(declarant=Party(name="A"))).declarant == ""
    assert Filer().declarant == ""


def test_rules_change_at_the_midnight_of_the_authority():
    late = datetime(2026, 6, 30, 23, 30, tzinfo=UTC)
    assert Filer(zone="Europe/London").day(late) == date(2026, 7, 1)
    assert Filer().day(late) == date(2026, 6, 30)


def test_the_zone_of_a_filer_is_that_of_the_authority(site):
    with site.gate() as gate:
        assert gate.filers(gate.ruleset)["uk-customs"].zone == "Europe/London"


def test_a_filer_survives_the_archive():
    filer = Filer({"location": "GBAUXXX"}, Consignment(declarant=Party(name="Example Broker")))
    assert FILERS.decode(msgspec.json.encode({"uk-customs": filer})) == {"uk-customs": filer}
