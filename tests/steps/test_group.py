"""Several parcels in one declaration: who waits for whom, who is left out, who travels with whom."""

import re
from datetime import timedelta

import pytest

from tests.steps.answers import response
from tests.steps.company import goods_items, groups, mail, parcels

WAIT = timedelta(minutes=10)
MRN = "26GB1AB2CD3EF4GHR5"


@pytest.fixture
def site(site):
    groups(site)
    return site


def filings(site, gate):
    return sorted(site.rows(gate, "filing"), key=lambda row: row["id"])


def test_parcels_wait_for_each_other_and_become_one_declaration(site):
    site.post(mail(3))
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
    site.post(mail(12))
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
    site.change("routes.yaml", "by: [postage.currency]", "by: [consignor.name]")
    site.post(mail(6))
    with site.gate() as gate:
        site.clock.at -= WAIT
        site.run(gate)
        site.clock.at += WAIT * 2
        site.run(gate)
        by = {row["id"]: row["together"] for row in filings(site, gate)}
        assert len(set(by.values())) == len(site.filed()) > 1
        assert all(by[row["id"]] == by[row["lead"]] for row in filings(site, gate))


def test_an_answer_is_one_of_each_parcel(site):
    site.post(mail(3))
    with site.gate() as gate:
        lodge(site, gate)
        (name,) = site.filed()
        site.say(response("09", name.removesuffix(".xml"), mrn=MRN), "a.xml")
        site.run(gate)
        assert site.states(gate, "filing") == {"settled": 3}
        assert site.states(gate, "decision") == {"answered": 3}
        assert len(set(told(site))) == 3 == len(told(site))
        assert {row["mrn"] for row in filings(site, gate)} == {MRN}
        site.say(response("09", name.removesuffix(".xml"), mrn=MRN) + "\n", "b.xml")
        site.run(gate)
        assert site.states(gate, "decision") == {"answered": 3}, "said twice, told once"
        assert site.violations(gate) == []


def lodge(site, gate):
    """What waits is declared."""
    site.run(gate)
    site.clock.at += WAIT
    site.run(gate)


def number_of(site, gate, filing):
    """The number of the parcel of a filing."""
    return next(row["item_id"] for row in site.rows(gate, "item") if row["id"] == filing["item"])


def told(site):
    return re.findall(r"<item-id>(\w+)</item-id>", site.answers())


REJECTED = """\
<Error><ValidationCode>CDS12005</ValidationCode>
<Pointer><DocumentSectionCode>42A</DocumentSectionCode></Pointer>
<Pointer><DocumentSectionCode>67A</DocumentSectionCode></Pointer>
<Pointer><SequenceNumeric>{item}</SequenceNumeric><DocumentSectionCode>68A</DocumentSectionCode></Pointer>
<Pointer><DocumentSectionCode>23A</DocumentSectionCode><TagID>137</TagID></Pointer></Error>
"""


def test_a_rejection_that_points_at_one_parcel_costs_no_other(site):
    site.post(mail(4))
    with site.gate() as gate:
        lodge(site, gate)
        (first,) = site.filed()
        bad = max(filings(site, gate)[1:], key=lambda row: row["goods"])
        assert bad["goods"] > 1, "choose another seed: a parcel of several kinds of goods"
        error = REJECTED.format(item=bad["place"] + bad["goods"] - 1)
        site.say(response("03", first.removesuffix(".xml"), error=error, mrn=""), "a.xml")
        site.run(gate)
        assert [row["attempt"] for row in filings(site, gate)] == [1, 1, 1, 1, 2, 2, 2]
        assert {row["outcome"] for row in filings(site, gate)[:4]} == {"rejected"}
        (second,) = site.filed().keys() - {first}
        assert goods_items(site.filed()[second]) == goods_items(site.filed()[first]) - bad["goods"]
        assert told(site) == [number_of(site, gate, bad)], "only the parcel at fault is told"
        assert f"content-piece[{bad['goods']}]/description<" in site.answers(), "of its own element"
        site.say(response("09", second.removesuffix(".xml")), "b.xml")
        site.run(gate)
        assert site.states(gate, "filing") == {"settled": 7}
        assert len(set(told(site))) == 4 == len(told(site))
        assert site.states(gate)["closed"] == 4
        assert site.violations(gate) == []
