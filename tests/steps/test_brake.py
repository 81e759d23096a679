"""When too much is rejected nothing more is filed, there and only there, until a person has looked."""

from datetime import UTC, datetime

import pytest

from gateway.steps import operate
from gateway.steps.brake import brake
from gateway.steps.overview import overview
from gateway.steps.switches import paused_routes
from tests.steps.answers import response
from tests.steps.test_exchange import itmatt, lrns


@pytest.fixture
def site(site):
    site.change("partners/uk-customs.yaml", "in_doubt: resend", "in_doubt: resend, brake: 3 of 5")
    return site


def file_and_answer(site, gate, seed, codes, place="post", customs="customs"):
    before = set(lrns(site, customs))
    site.post(itmatt(len(codes), seed, reference=f"ITM{seed}"), f"{seed}.xml", place)
    site.run(gate)
    for lrn, code in zip(sorted(set(lrns(site, customs)) - before), codes, strict=True):
        site.say(response(code, lrn), f"{lrn}.xml", customs)
    site.run(gate)


def test_three_of_five_stop_the_route_and_what_is_written_waits(site):
    with site.gate() as gate:
        file_and_answer(site, gate, 1, ["03", "03"])
        assert brake(gate) == ()
        file_and_answer(site, gate, 2, ["03"])
        assert brake(gate) == ("uk-h7",) and brake(gate) == (), "once"
        assert paused_routes(gate) == {("uk-h7", "production")}
        out = len(site.filed())
        site.post(itmatt(2, 3, reference="ITM3"), "3.xml")
        site.run(gate)
        assert len(site.filed()) == out and site.states(gate, "filing")["written"] == 2
        with gate.journal.read() as conn:
            assert overview(gate, conn).stopped == {"uk-h7": "braked in production"}
        site.clock.at = datetime.now(UTC)  # ids hold the time of the machine
        operate.switch(gate, "route", "uk-h7", "active", "O:tester")
        site.run(gate)
        assert len(site.filed()) == out + 2
        assert brake(gate) == (), "what a person has looked at does not count again"
        file_and_answer(site, gate, 4, ["03", "03", "03"])
        assert brake(gate) == ("uk-h7",)


def test_old_rejections_are_outweighed_by_what_came_since(site):
    with site.gate() as gate:
        file_and_answer(site, gate, 1, ["03", "03"])
        file_and_answer(site, gate, 2, ["09"] * 4)
        file_and_answer(site, gate, 3, ["03", "03"])
        assert brake(gate) == ()


def test_a_tester_stops_no_parcel_and_the_other_way_round(site):
    with site.gate() as gate:
        file_and_answer(site, gate, 1, ["03"] * 3, "post-test", "customs-test")
        assert brake(gate) == ("uk-h7",) and paused_routes(gate) == {("uk-h7", "test")}
        site.post(itmatt(1, 2, reference="ITM2"), "2.xml")
        site.run(gate)
        assert len(site.filed()) == 1
        file_and_answer(site, gate, 3, ["03"] * 3)
        assert brake(gate) == ("uk-h7",)
        assert paused_routes(gate) == {("uk-h7", "test"), ("uk-h7", "production")}


def test_what_a_person_has_paused_is_not_braked_besides(site):
    with site.gate() as gate:
        file_and_answer(site, gate, 1, ["03"] * 3)
        operate.switch(gate, "route", "uk-h7", "paused", "O:tester")
        assert brake(gate) == ()
