"""Rows of the journal name connections, routes and partners that the configuration may not know any more."""

import pytest

from gateway.steps.reading import intake, translate
from gateway.steps.recovering.start import recover
from gateway.steps.repeating import operate
from gateway.steps.watching.overview import overview
from tests.left import work_left
from tests.steps.answers import response
from tests.steps.test_exchange import itmatt, lrns

LIVE_POST = "  live: {environment: production, directory: PLACE/post, every: 1s}\n"
LIVE_CUSTOMS = "  live: {environment: production, directory: PLACE/customs, every: 1s}\n"


def take_out(site, partner, line):
    site.change(f"partners/{partner}.yaml", line.replace("PLACE", str(site.folder)), "")


def put_back(site, partner, line):
    site.change(
        f"partners/{partner}.yaml", "connections:\n", "connections:\n" + line.replace("PLACE", str(site.folder))
    )


def waits(gate):
    with gate.journal.read() as conn:
        return {one.what: one.count for one in overview(gate, conn).waiting}


def unfiled(site, gate):
    """Written, and not yet on its way."""
    site.poll(gate)
    while site.work_without_assembly(gate):
        pass


def test_a_file_of_a_connection_that_is_gone_is_refused_until_it_is_back(site):
    with site.gate() as gate:
        site.post(itmatt(1))
        site.poll(gate)
    take_out(site, "example-post", LIVE_POST)
    with site.gate() as gate:
        site.run(gate)
        assert site.codes(gate, "file") == {"RTE128"} and waits(gate) == {"files refused": 1}
        assert work_left(gate) == 0
    put_back(site, "example-post", LIVE_POST)
    with site.gate() as gate:
        operate.retry(gate, *site.ids(gate, "file"), "O:tester")
        site.run(gate)
        assert len(site.filed()) == 1 and site.violations(gate) == []


def test_items_of_a_connection_that_is_gone_are_held(site):
    with site.gate() as gate:
        site.post(itmatt(2))
        site.poll(gate)
        intake.intake(gate)
    take_out(site, "example-post", LIVE_POST)
    with site.gate() as gate:
        site.run(gate)
        assert site.states(gate) == {"held": 2} and site.codes(gate, "item") == {"RTE101"}
        (item, _) = site.ids(gate, "item")
        with pytest.raises(operate.NotPossible, match="no route"):
            operate.release(gate, item, ["RTE101"], "O:tester")
    put_back(site, "example-post", LIVE_POST)
    with site.gate() as gate:
        for item in site.ids(gate, "item"):
            assert operate.retry(gate, item, "O:tester") == "accepted"
        site.run(gate)
        assert len(site.filed()) == 2 and site.violations(gate) == []


def test_a_file_that_was_being_fetched_is_received_though_its_connection_is_gone(site):
    with site.gate() as gate:
        site.post(itmatt(1))
        site.poll(gate)
        (file,) = site.rows(gate, "file")
        with gate.journal.write() as conn:  # as if killed between the bytes and their row
            conn.exec_driver_sql("update file set state = 'fetching', blob = null, received_at = null")
            conn.exec_driver_sql("delete from blob")
    take_out(site, "example-post", LIVE_POST)
    with site.gate() as gate:
        (found,) = site.rows(gate, "file")
        assert (found["state"], found["sha256"]) == ("received", file["sha256"])
        recover(gate)


def test_filings_and_deliveries_for_a_connection_of_another_name_wait_and_show(site):
    with site.gate() as gate:
        site.post(itmatt(2))
        unfiled(site, gate)
    site.change("partners/uk-customs.yaml", "  live:", "  prod:")
    with site.gate() as gate:
        site.run(gate)
        assert site.states(gate, "filing") == {"written": 2}
        assert waits(gate) == {"filings for a connection that is gone": 2}
        assert work_left(gate) == 0, "a run that is to end ends"
        site.post(itmatt(1, 8, reference="ITM8"), "b.xml")
        site.run(gate)
        assert len(site.filed()) == 1, "what is new takes the new one"
    site.change("partners/uk-customs.yaml", "  prod:", "  live:")
    with site.gate() as gate:
        site.run(gate)
        assert len(site.filed()) == 3 and site.violations(gate) == []


def test_the_core_survives_a_partner_of_another_name(site):
    with site.gate() as gate:
        site.post(itmatt(3, faults={2: "gross-zero"}))
        site.run(gate)
        first, second = lrns(site)
        site.say(response("09", first), "1.xml")
        site.poll(gate)
        intake.intake(gate)
    for partner in ("example-post", "uk-customs"):
        file = site.folder / f"config/partners/{partner}.yaml"
        file.rename(file.with_stem(f"new-{partner}"))
        site.change(f"partners/new-{partner}.yaml", f"partner: {partner}", f"partner: new-{partner}")
    site.change("routes.yaml", "with: uk-customs", "with: new-uk-customs")
    with site.gate() as gate:
        site.say(response("09", second), "2.xml")
        site.run(gate)
        assert site.codes(gate, "decision") == {"RSP703"}, "nobody of the old name is there to be told"
        assert site.states(gate, "decision") == {"noted": 1, "parked": 1}
        assert waits(gate) == {"items quarantined": 1} and site.violations(gate) == []
        site.post(itmatt(1, 8, reference="ITM8"), "b.xml")
        site.run(gate)
        assert len(site.filed()) == 3


def test_a_filing_whose_route_is_gone_is_held_and_takes_another_at_a_persons_word(site):
    with site.gate() as gate:
        site.post(itmatt(1))
        unfiled(site, gate)
        with gate.journal.write() as conn:
            conn.exec_driver_sql("update filing set state = 'waiting', payload_blob = null")
    site.change("routes.yaml", "route: uk-h7", "route: gb")
    with site.gate() as gate:
        site.run(gate)
        assert site.states(gate, "filing") == {"held": 1} and site.codes(gate, "filing") == {"RTE127"}
        operate.retry(gate, *site.ids(gate, "filing"), "O:tester")
        site.run(gate)
        assert {row["route"] for row in site.rows(gate, "filing") if row["state"] == "lodged"} == {"gb"}
        assert len(site.filed()) == 1 and site.violations(gate) == []


def test_the_sender_hears_of_filings_whose_route_was_renamed(site):
    with site.gate() as gate:
        site.post(itmatt(1))
        site.run(gate)
    site.change("routes.yaml", "route: uk-h7", "route: gb")
    with site.gate() as gate:
        site.say(response("09", *lrns(site)), "1.xml")
        site.run(gate)
        assert site.answers().count("<stage>final</stage>") == 1
        assert site.states(gate)["closed"] == 1


def test_a_batch_that_was_claimed_is_due_again_in_the_next_life(site):
    with site.gate() as gate:
        site.post(itmatt(2))
        site.poll(gate)
        intake.intake(gate)
        ((taken, job),) = translate.take(gate, 1)
        assert site.states(gate, "batch") == {"claimed": 1}
    with site.gate() as gate:
        assert site.states(gate, "batch") == {"due": 1}
        site.run(gate)
        assert len(site.filed()) == 2
    del taken, job
