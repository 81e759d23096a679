"""Several parcels in one declaration: who waits for whom, who is left out, who travels with whom."""

import re
from datetime import timedelta

import pytest

from tests.steps.answers import response
from tests.steps.company import goods_items, groups, takes_several
from tests.steps.test_exchange import itmatt

WAIT = timedelta(minutes=10)


@pytest.fixture(autouse=True)
def authority(monkeypatch):
    takes_several(monkeypatch)


@pytest.fixture
def site(site):
    groups(site, 99)
    return site


def filings(site, gate):
    return sorted(site.rows(gate, "filing"), key=lambda row: row["id"])


def test_parcels_wait_for_each_other_and_become_one_declaration(site):
    site.post(itmatt(3))
    with site.gate() as gate:
        site.run(gate)
        assert site.states(gate, "filing") == {"waiting": 3} and not site.filed()
        site.clock.at += WAIT
        site.run(gate)
        assert site.states(gate, "filing") == {"lodged": 3}
        ((name, text),) = site.filed().items()
        lead, *others = filings(site, gate)
        assert name == f"{lead['lrn']}.xml"
        assert goods_items(text) == sum(row["goods"] for row in (lead, *others))
        assert {row["lead"] for row in others} == {lead["id"]} == {lead["lead"]}
        assert {row["delivery"] for row in others} == {lead["delivery"]}
        assert site.violations(gate) == []


def test_a_full_declaration_waits_for_nobody(site):
    site.change("routes.yaml", "items: 99", "items: 4")
    site.post(itmatt(12))
    with site.gate() as gate:
        site.run(gate)
        before = [goods_items(text) for text in site.filed().values()]
        assert before and all(number <= 4 for number in before)
        waiting = [row["goods"] for row in filings(site, gate) if row["state"] == "waiting"]
        assert sum(waiting) < 4
        site.clock.at += WAIT
        site.run(gate)
        assert site.states(gate, "filing") == {"lodged": 12}
        assert sum(map(goods_items, site.filed().values())) == sum(row["goods"] for row in filings(site, gate))
        assert site.violations(gate) == []


def test_only_what_is_alike_is_declared_together(site):
    site.change("routes.yaml", "by: []", "by: [consignor.name]")
    site.post(itmatt(6))
    with site.gate() as gate:
        site.clock.at -= WAIT
        site.run(gate)
        site.clock.at += WAIT * 2
        site.run(gate)
        by = {row["id"]: row["together"] for row in filings(site, gate)}
        assert len(set(by.values())) == len(site.filed()) > 1
        assert all(by[row["id"]] == by[row["lead"]] for row in filings(site, gate))


def test_an_answer_is_one_of_each_parcel(site):
    site.post(itmatt(3))
    with site.gate() as gate:
        lodge(site, gate)
        (name,) = site.filed()
        site.say(response("09", name.removesuffix(".xml")), "a.xml")
        site.run(gate)
        assert site.states(gate, "filing") == {"settled": 3}
        assert site.states(gate, "decision") == {"answered": 3}
        assert len(set(told(site))) == 3 == len(told(site))
        assert {row["mrn"] for row in filings(site, gate)} == {"26GB1AB2CD3EF4GHR5"}
        site.say(response("09", name.removesuffix(".xml")) + "\n", "b.xml")
        site.run(gate)
        assert site.states(gate, "decision") == {"answered": 3}, "said twice, told once"
        assert site.violations(gate) == []


def lodge(site, gate):
    """What waits is declared."""
    site.run(gate)
    site.clock.at += WAIT
    site.run(gate)


def told(site):
    return re.findall(r"<item-id>(\\w+)</item-id>", site.answers())
