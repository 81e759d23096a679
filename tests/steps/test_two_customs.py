"""One parcel filed with two customs: each its own filing, its own words on findings, its own answers."""

import pytest

from gateway.steps.repeating import operate
from tests.steps.answers import response
from tests.steps.declaring.test_requests import filings
from tests.steps.declaring.test_versions import one
from tests.steps.test_exchange import itmatt

OTHER = """\
partner: other-customs
party: {name: Other Customs, role: customs, country: IM}
timezone: Europe/London
connections:
  live: {environment: production, directory: PLACE/other, every: 1s}
  test: {environment: test, directory: PLACE/other-test, every: 1s}
receives:
  customs/uk/h7: {to: in, name: "{lrn}.xml", per_file: 1}
sends:
  customs/uk/response: {from: out/*.xml, complete: rename, after: delete}
settings: {declarant-id: GB987654321000, lrn-prefix: OTH, location: GBAUEXAEXAEXA,
  exchange-rates: sample, commodity-padding: zeros, change-reason: "21", change-text: corrected}
"""
ROUTE = """\
- route: {name}
  from: {{role: post, format: upu/itmatt-1.5, when: {{consignee.address.country: [{countries}]}}}}
  continue: {goes_on}
  file: {{with: {partner}, as: customs/uk/h7}}
  change: {change}
  findings: {{default: {default}}}
  answer: {{to: sender, as: upu/cusrsp-1, on: [refused, rejected, held, released]}}
"""
FIRST = {"name": "uk-h7", "partner": "uk-customs", "goes_on": "true", "countries": "GB, IM"}
SECOND = {"name": "other", "partner": "other-customs", "goes_on": "false", "countries": "GB"}
DEFAULTS = {"change": "hold", "default": "hold"}


def routes(site, *said):
    text = "".join(ROUTE.format(**(DEFAULTS | one)) for one in said)
    (site.folder / "config/routes.yaml").write_text(text)


@pytest.fixture
def site(site):
    site.partner("other-customs", OTHER)
    routes(site, FIRST, SECOND)
    return site


def answer(site, gate, place, code, **facts):
    for name in site.filed(place):
        site.say(response(code, name.removesuffix(".xml"), **facts), f"{code}{name}", place)
    site.run(gate)


def test_it_is_filed_with_both_under_an_lrn_each(site):
    with site.gate() as gate:
        site.post(itmatt(3))
        site.run(gate)
        assert len(site.filed("customs")) == len(site.filed("other")) == 3
        assert len({row["lrn"] for row in filings(site, gate)}) == 6
        assert site.states(gate) == {"accepted": 3} and site.violations(gate) == []


def test_a_parcel_is_done_when_both_have_said_their_last_word(site):
    with site.gate() as gate:
        site.post(itmatt(1))
        site.run(gate)
        answer(site, gate, "customs", "09")
        assert [row["state"] for row in site.rows(gate, "item") if row["kind"] == "consignment"] == ["accepted"]
        answer(site, gate, "other", "09")
        assert [row["state"] for row in site.rows(gate, "item") if row["kind"] == "consignment"] == ["closed"]
        assert site.answers().count("<stage>final</stage>") == 2 and site.violations(gate) == []


def test_each_route_has_its_own_word_on_findings(site):
    """What one lets pass holds the filing with the other, and that alone."""
    routes(site, FIRST | {"default": "warn"}, SECOND)
    with site.gate() as gate:
        site.post(itmatt(1, faults={1: "units-zero"}))
        site.run(gate)
        states = {row["route"]: row["state"] for row in filings(site, gate)}
        assert states == {"uk-h7": "lodged", "other": "held"} and site.states(gate) == {"accepted": 1}
        assert len(site.filed("customs")) == 1 and site.filed("other") == {}
        (held,) = filings(site, gate, state="held")
        codes = [row["code"] for row in site.rows(gate, "finding") if row["subject"] == held["id"]]
        assert codes and site.violations(gate) == []
        operate.retry(gate, held["id"], "O:tester")
        site.run(gate)
        assert site.violations(gate) == []


def test_what_both_hold_is_held_as_an_item(site):
    with site.gate() as gate:
        site.post(itmatt(1, faults={1: "units-zero"}))
        site.run(gate)
        assert site.states(gate) == {"held": 1} and filings(site, gate) == []
        operate.release(gate, *site.ids(gate, "item"), sorted(site.codes(gate, "item")), "O:tester")
        site.run(gate)
        assert {row["route"]: row["state"] for row in filings(site, gate)} == {"uk-h7": "lodged", "other": "lodged"}
        assert site.violations(gate) == []


def test_a_correction_is_filed_anew_where_it_was_rejected_and_changes_the_other(site):
    routes(site, FIRST | {"change": "amend"}, SECOND | {"change": "amend"})
    with site.gate() as gate:
        site.post(one("A", 5), "a.xml")
        site.run(gate)
        answer(site, gate, "customs", "03", mrn="")
        answer(site, gate, "other", "01")
        site.post(one("B", 7), "b.xml")
        site.run(gate)
        made = {(row["route"], row["purpose"], row["attempt"]): row["state"] for row in filings(site, gate)}
        assert made == {
            ("uk-h7", "declare", 1): "settled",
            ("uk-h7", "declare", 2): "lodged",
            ("other", "declare", 1): "lodged",
            ("other", "amend", 1): "lodged",
        }
        replaced = {row["id"]: row["route"] for row in filings(site, gate)}
        assert [replaced[row["replaces"]] for row in filings(site, gate) if row["replaces"]] == ["uk-h7"]
        assert site.violations(gate) == []


def test_one_that_does_not_say_so_is_the_last(site):
    routes(site, SECOND, FIRST)
    with site.gate() as gate:
        site.post(itmatt(1))
        site.run(gate)
        assert {row["route"] for row in filings(site, gate)} == {"other"}
