"""When too much is rejected nothing more is filed, there and only there, until a person has looked."""

from datetime import UTC, datetime

import pytest

from gateway.steps.declaring.brake import brake
from gateway.steps.ground.switches import paused_routes
from gateway.steps.repeating import operate
from gateway.steps.watching.overview import overview
from tests.steps.answers import response
from tests.steps.test_exchange import itmatt, lrns


@pytest.fixture
def site(site):
    site.change("partners/uk-customs.yaml", "in_doubt: resend", "in_doubt: resend, brake: 3 of 5")
    return site


ERROR = """<Error><ValidationCode>{code}</ValidationCode>
<Pointer><DocumentSectionCode>42A</DocumentSectionCode></Pointer></Error>"""


def file_and_answer(site, gate, seed, codes, place="post", customs="customs", causes=()):
    before = set(lrns(site, customs))
    site.post(itmatt(len(codes), seed, reference=f"ITM{seed}"), f"{seed}.xml", place)
    site.run(gate)
    issued = site.clock.at.strftime("%Y%m%d%H%M%SZ")
    for n, (lrn, code) in enumerate(zip(sorted(set(lrns(site, customs)) - before), codes, strict=True)):
        error = "".join(ERROR.format(code=one) for one in causes[n].split()) if causes else ""
        site.say(response(code, lrn, issued=issued, error=error), f"{lrn}.xml", customs)
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


def test_rejections_each_for_a_cause_of_its_own_stop_nothing(site):
    with site.gate() as gate:
        file_and_answer(site, gate, 1, ["03"] * 4, causes=["CDS10001", "CDS10002", "CDS10001 CDS10002", ""])
        assert {row["cause"] for row in site.rows(gate, "decision")} == {
            "CDS10001",
            "CDS10002",
            "CDS10001 CDS10002",
            None,
        }
        assert brake(gate) == () and paused_routes(gate) == frozenset()


def test_the_alarm_names_the_cause_whatever_the_order_of_its_codes(site):
    with site.gate() as gate:
        file_and_answer(site, gate, 1, ["03"] * 4, causes=["B2 A1", "A1 B2", "C3", "A1 B2 A1"])
        assert brake(gate) == ("uk-h7",)
        (switch,) = [row for row in site.rows(gate, "switch") if row["kind"] == "route"]
        assert switch["reason"] == "3 of the last 4 filings were rejected for the same cause: A1 B2"


def test_after_a_person_has_looked_the_same_cause_counts_anew(site):
    with site.gate() as gate:
        file_and_answer(site, gate, 1, ["03"] * 3, causes=["A1"] * 3)
        assert brake(gate) == ("uk-h7",)
        site.clock.at = datetime.now(UTC)  # ids hold the time of the machine
        operate.switch(gate, "route", "uk-h7", "active", "O:tester")
        file_and_answer(site, gate, 2, ["03"] * 2, causes=["A1"] * 2)
        assert brake(gate) == ()
        file_and_answer(site, gate, 3, ["03"], causes=["A1"])
        assert brake(gate) == ("uk-h7",)
