"""The life of a pre-lodged declaration of the United Kingdom: changed, presented, changed by customs, cleared."""

import re

import pytest

from gateway.steps.repeating import operate
from tests.steps.answers import mrn_of, response
from tests.steps.declaring.test_requests import WHO, filings, request, say, text
from tests.steps.declaring.test_versions import one

GRANTED = "<Status><NameCode>39</NameCode></Status>"
REFUSED = "<Status><NameCode>41</NameCode></Status>"


@pytest.fixture
def site(site):
    site.change("partners/uk-customs.yaml", "settings: {", "settings: {declaration-type: IMD, ")
    site.change("routes.yaml", "  findings:", "  change: amend\n  findings:")
    return site


def declare(site, gate):
    site.post(one("A", 5), "a.xml")
    site.run(gate)
    (declared,) = filings(site, gate)
    say(site, gate, "02", declared["lrn"], "received", issued="20260915090000Z")
    return filings(site, gate)[0]


def answered(site, gate, code, asked, declared, status, hour):
    """Customs' answer to a request: under the LRN of the request and the MRN of the declaration."""
    said = response(code, asked["lrn"], mrn=mrn_of(declared["lrn"]), issued=f"20260915{hour}0000Z", error=status)
    site.say(said, f"{code}-{hour}.xml")
    site.run(gate)


def test_from_pre_lodging_to_clearance(site):
    with site.gate() as gate:
        declared = declare(site, gate)
        assert declared["mrn"] == mrn_of(declared["lrn"]) and "<TypeCode>IMD<" in text(site, declared)
        site.post(one("B", 7), "b.xml")
        site.run(gate)
        (change,) = filings(site, gate, purpose="amend")
        said = text(site, change)
        assert "<TypeCode>COR<" in said and "0.907" in said and f"<ID>{declared['mrn']}</ID>" in said
        assert re.findall(r"<TagID>(\w+)<", said) and "<CustomsValueAmount" not in said, "only what changed travels"
        answered(site, gate, "11", change, declared, GRANTED, 10)
        request(gate, declared["id"], "present")
        site.run(gate)
        (arrival,) = filings(site, gate, purpose="present")
        assert "<TypeCode>GPR<" in text(site, arrival)
        say(site, gate, "01", declared["lrn"], "accepted", issued="20260915110000Z")
        say(site, gate, "09", declared["lrn"], "cleared", issued="20260915120000Z")
        declared, change, arrival = filings(site, gate)
        assert (declared["outcome"], declared["state"]) == ("cleared", "settled")
        assert change["outcome"] == "request_granted"
        assert site.violations(gate) == []


def test_a_change_that_customs_refuse_leaves_what_was_declared(site):
    with site.gate() as gate:
        declared = declare(site, gate)
        site.post(one("B", 7), "b.xml")
        site.run(gate)
        (change,) = filings(site, gate, purpose="amend")
        answered(site, gate, "11", change, declared, REFUSED, 10)
        say(site, gate, "01", declared["lrn"], "accepted", issued="20260915110000Z")
        declared, change = filings(site, gate)
        assert (declared["outcome"], change["outcome"]) == ("accepted", "request_denied")
        assert site.violations(gate) == []


def test_goods_that_were_there_are_not_presented(site):
    site.change("partners/uk-customs.yaml", "declaration-type: IMD, ", "")
    with site.gate() as gate:
        declared = declare(site, gate)
        asked = request(gate, declared["id"], "present")
        site.run(gate)
        assert filings(site, gate, id=asked)[0]["state"] == "held" and "TGT594" in site.codes(gate, "filing")
        assert operate.give_back(gate, asked, WHO) == "withdrawn"
