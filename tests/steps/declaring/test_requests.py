"""What is asked of customs about a declaration: a filing of its own, after the MRN is known, one change at a time."""

import re

import pytest

from gateway.steps.answering.dossier import dossier
from gateway.steps.declaring.requests import ask, newest
from gateway.steps.ground import switches
from gateway.steps.ground.refusal import NotPossible
from gateway.steps.repeating import operate
from tests.steps.answers import mrn_of, response
from tests.steps.declaring.test_versions import one
from tests.steps.test_exchange import itmatt, lrns

WHO = "O:tester"


def file(site, gate, data=None, name="a.xml"):
    site.post(data or one("A"), name)
    site.run(gate)
    (filing,) = [row for row in site.rows(gate, "filing") if row["purpose"] == "declare"]
    return filing


def filings(site, gate, **values):
    found = sorted(site.rows(gate, "filing"), key=lambda row: row["id"])
    return [row for row in found if all(row[name] == value for name, value in values.items())]


def say(site, gate, code, lrn, name, **facts):
    site.say(response(code, lrn, **facts), f"{name}.xml")
    site.run(gate)


def answered(site, gate, code):
    """A declaration of parcel A to which customs has said one thing."""
    declared = file(site, gate, one("A", 5))
    say(site, gate, code, declared["lrn"], "1")
    return declared


def said_anew(site, gate, number):
    """The post says the parcel once more, of so many pieces."""
    site.post(one("B", number), "b.xml")
    site.run(gate)


def request(gate, filing, purpose, **facts):
    with gate.journal.write() as conn:
        return ask(gate, conn, filing, purpose, WHO, **facts)


def cancelling(site, gate):
    """The declaration that customs accepted and was asked to cancel."""
    declared = file(site, gate)
    say(site, gate, "01", declared["lrn"], "1")
    request(gate, declared["id"], "cancel", reason="1", note="sent back")
    site.run(gate)
    return declared


def text(site, filing):
    return site.filed()[f"{filing['lrn']}.xml"].decode()


def test_a_cancellation_is_a_filing_of_its_own_about_the_declaration(site):
    with site.gate() as gate:
        declared = cancelling(site, gate)
        declared, asked = filings(site, gate)
        assert (asked["purpose"], asked["about"], asked["kind"]) == (
            "cancel",
            declared["id"],
            "customs/uk/cancellation",
        )
        assert asked["lrn"] != declared["lrn"] and asked["state"] == "lodged" and asked["mrn"] is None
        said = text(site, asked)
        assert f"<ID>{mrn_of(declared['lrn'])}</ID>" in said and f">{asked['lrn']}<" in said and "sent back" in said
        assert site.violations(gate) == []


def test_a_request_waits_until_customs_has_told_the_mrn(site):
    with site.gate() as gate:
        declared = file(site, gate)
        request(gate, declared["id"], "cancel", reason="1", note="sent back")
        site.run(gate)
        assert filings(site, gate, purpose="cancel")[0]["state"] == "waiting" and len(site.filed()) == 1
        say(site, gate, "01", declared["lrn"], "1")
        assert filings(site, gate, purpose="cancel")[0]["state"] == "lodged" and site.violations(gate) == []


def test_the_answer_to_a_request_is_its_own_and_the_cancellation_comes_by_itself(site):
    with site.gate() as gate:
        declared = cancelling(site, gate)
        (asked,) = filings(site, gate, purpose="cancel")
        say(site, gate, "02", asked["lrn"], "2", mrn=mrn_of(declared["lrn"]))
        say(site, gate, "01", asked["lrn"], "3", mrn=mrn_of(declared["lrn"]), issued="20260915110000Z")
        declared, asked = filings(site, gate)
        assert (declared["outcome"], asked["outcome"]) == ("accepted", "accepted") and asked["mrn"] is None
        say(site, gate, "10", declared["lrn"], "4", issued="20260915120000Z")
        declared, asked = filings(site, gate)
        assert (declared["outcome"], declared["state"]) == ("cancelled", "settled")
        assert site.violations(gate) == []


@pytest.mark.parametrize("named", ["its own LRN", "the declaration's"])
def test_a_request_that_customs_refuses_leaves_the_declaration_as_it_is(site, named):
    with site.gate() as gate:
        declared = cancelling(site, gate)
        (asked,) = filings(site, gate, purpose="cancel")
        lrn = asked["lrn"] if named == "its own LRN" else declared["lrn"]
        say(site, gate, "03", lrn, "2", mrn=mrn_of(declared["lrn"]), issued="20260915110000Z")
        declared, asked = filings(site, gate)
        assert (declared["outcome"], declared["state"]) == ("accepted", "lodged")
        assert (asked["outcome"], asked["state"]) == ("request_denied", "settled")
        assert "RSP740" in site.codes(gate, "filing") and site.violations(gate) == []
        again = request(gate, declared["id"], "cancel", reason="1", note="once more")
        site.run(gate)
        (second,) = filings(site, gate, id=again)
        assert second["attempt"] == 2 and second["lrn"] != asked["lrn"] and second["state"] == "lodged"


def test_a_rejection_before_acceptance_is_about_the_declaration(site):
    """Also where a request about it is prepared already: that one waits for a person."""
    with site.gate() as gate:
        declared = file(site, gate)
        request(gate, declared["id"], "cancel", reason="1", note="sent back")
        say(site, gate, "03", declared["lrn"], "1", mrn="")
        declared, asked = filings(site, gate)
        assert declared["outcome"] == "rejected" and asked["state"] == "held"
        assert "RTE140" in site.codes(gate, "filing") and len(site.filed()) == 1
        assert operate.give_back(gate, asked["id"], WHO) == "withdrawn"
        assert site.violations(gate) == []


@pytest.mark.parametrize(
    ("prepare", "why"),
    [
        (lambda _site, _gate, _filing: None, "already"),
        (lambda site, gate, filing: say(site, gate, "10", filing["lrn"], "9", issued="20260915120000Z"), "cancelled"),
    ],
)
def test_what_makes_no_sense_is_not_asked(site, prepare, why):
    with site.gate() as gate:
        declared = cancelling(site, gate)
        prepare(site, gate, declared)
        with pytest.raises(NotPossible, match=why):
            request(gate, declared["id"], "cancel", reason="1", note="again")
        with pytest.raises(NotPossible, match="itself a request"):
            request(gate, filings(site, gate, purpose="cancel")[0]["id"], "cancel")
        assert len(filings(site, gate)) == 2


def test_a_request_that_is_held_is_asked_again_with_what_it_lacked(site):
    with site.gate() as gate:
        declared = file(site, gate)
        say(site, gate, "01", declared["lrn"], "1")
        request(gate, declared["id"], "cancel")
        site.run(gate)
        (held,) = filings(site, gate, purpose="cancel")
        assert held["state"] == "held" and "TGT590" in site.codes(gate, "filing")
        again = request(gate, declared["id"], "cancel", reason="1", note="sent back")
        site.run(gate)
        states = {row["id"]: row["state"] for row in filings(site, gate, purpose="cancel")}
        assert states == {held["id"]: "withdrawn", again: "lodged"} and site.violations(gate) == []


def test_an_authority_that_takes_no_such_request_is_not_asked(site):
    with site.gate() as gate:
        declared = file(site, gate)
        with pytest.raises(NotPossible, match="customs takes no request to query"):
            request(gate, declared["id"], "query")


def test_nothing_is_asked_about_what_customs_does_not_have(site):
    with site.gate() as gate:
        operate.switch(gate, "route", "uk-h7", "paused", WHO)
        declared = file(site, gate)
        with pytest.raises(NotPossible, match="written"):
            request(gate, declared["id"], "cancel")


def test_a_reason_that_the_authority_does_not_know_holds_the_request_until_it_is_asked_anew(site):
    with site.gate() as gate:
        declared = file(site, gate)
        say(site, gate, "01", declared["lrn"], "1")
        asked = request(gate, declared["id"], "cancel", reason="no such", note="sent back")
        site.run(gate)
        assert filings(site, gate, id=asked)[0]["state"] == "held" and "TGT591" in site.codes(gate, "filing")
        operate.give_back(gate, asked, WHO)
        request(gate, declared["id"], "cancel", reason="1", note="sent back")
        site.run(gate)
        assert [row["state"] for row in filings(site, gate, purpose="cancel")] == ["withdrawn", "lodged"]
        assert site.violations(gate) == []


def test_a_held_request_that_is_retried_is_asked_again(site):
    with site.gate() as gate:
        declared = file(site, gate)
        say(site, gate, "01", declared["lrn"], "1")
        asked = request(gate, declared["id"], "cancel", reason="no such", note="sent back")
        site.run(gate)
        assert operate.retry(gate, asked, WHO) == "waiting"
        first, second = filings(site, gate, purpose="cancel")
        assert (first["state"], second["state"], second["reason"]) == ("withdrawn", "waiting", "no such")
        assert site.violations(gate) == []


def test_the_brake_keeps_no_cancellation_back_but_a_person_does(site):
    with site.gate() as gate:
        declared = file(site, gate)
        say(site, gate, "01", declared["lrn"], "1")
        switches.brake(gate, "uk-h7", None, "too many rejections")
        site.post(itmatt(1, 9, reference="OTHER"), "b.xml")
        request(gate, declared["id"], "cancel", reason="1", note="sent back")
        site.run(gate)
        assert {row["purpose"]: row["state"] for row in filings(site, gate)[1:]} == {
            "declare": "written",
            "cancel": "lodged",
        }
        operate.switch(gate, "route", "uk-h7", "paused", WHO)
        (written,) = filings(site, gate, state="written")
        assert written["purpose"] == "declare" and site.violations(gate) == []


class TestChanges:
    """A sender's newer version of what customs has."""

    @pytest.fixture
    def site(self, site):
        site.change("routes.yaml", "  findings:", "  change: amend\n  findings:")
        return site

    def test_it_is_amended_by_itself_until_the_last_word(self, site):
        with site.gate() as gate:
            declared = answered(site, gate, "01")
            said_anew(site, gate, 7)
            declared, asked = filings(site, gate)
            assert (asked["purpose"], asked["state"], declared["outcome"]) == ("amend", "lodged", "accepted")
            assert "0.907" in text(site, asked) and site.codes(gate, "item") == set()
            say(site, gate, "09", declared["lrn"], "2", issued="20260915110000Z")
            site.post(one("C", 8), "c.xml")
            site.run(gate)
            assert "RTE125" in site.codes(gate, "item") and len(filings(site, gate)) == 2
            assert site.violations(gate) == []

    def test_two_changes_are_never_under_way_together(self, site):
        """The second is made of what customs has after the first."""
        with site.gate() as gate:
            declared = answered(site, gate, "01")
            for name, number in (("b", 7), ("c", 8)):
                site.post(one(name, number), f"{name}.xml")
                site.run(gate)
            first, second = filings(site, gate, purpose="amend")
            assert (first["state"], second["state"]) == ("lodged", "waiting")
            say(site, gate, "03", first["lrn"], "2", mrn=mrn_of(declared["lrn"]), issued="20260915110000Z")
            first, second = filings(site, gate, purpose="amend")
            assert (first["outcome"], second["state"]) == ("request_denied", "lodged")
            assert "0.908" in text(site, second) and site.violations(gate) == []

    def test_a_newer_change_takes_the_place_of_one_that_waits(self, site):
        with site.gate() as gate:
            declared = file(site, gate, one("A", 5))
            for name, number in (("b", 7), ("c", 8)):
                site.post(one(name, number), f"{name}.xml")
                site.run(gate)
            assert [row["state"] for row in filings(site, gate, purpose="amend")] == ["withdrawn", "waiting"]
            say(site, gate, "01", declared["lrn"], "1")
            (last,) = filings(site, gate, purpose="amend", state="lodged")
            assert "0.908" in text(site, last) and site.violations(gate) == []

    def test_a_change_of_what_is_rejected_meanwhile_becomes_another_attempt(self, site):
        with site.gate() as gate:
            declared = file(site, gate, one("A", 5))
            said_anew(site, gate, 7)
            assert [row["state"] for row in filings(site, gate, purpose="amend")] == ["waiting"]
            say(site, gate, "03", declared["lrn"], "1", mrn="")
            (asked,) = filings(site, gate, purpose="amend")
            again = filings(site, gate, purpose="declare")[1]
            assert (asked["state"], again["state"], again["replaces"]) == ("withdrawn", "lodged", declared["id"])
            assert "0.907" in text(site, again) and site.violations(gate) == []

    def test_a_change_that_customs_does_not_see_is_not_asked(self, site):
        with site.gate() as gate:
            declared = file(site, gate, itmatt(1, reference="A"))
            say(site, gate, "01", declared["lrn"], "1")
            other = re.sub(rb"(<number-of-units>)\d+<", rb"\g<1>7<", itmatt(1, reference="B"))
            site.post(other, "b.xml")
            site.run(gate)
            (asked,) = filings(site, gate, purpose="amend")
            assert asked["state"] == "withdrawn" and "RTE143" in site.codes(gate, "filing")
            assert len(site.filed()) == 1 and site.violations(gate) == []


def test_after_a_rejection_the_corrected_version_is_the_next_attempt(site):
    with site.gate() as gate:
        answered(site, gate, "03")
        said_anew(site, gate, 7)
        first, second = filings(site, gate)
        assert (second["purpose"], second["attempt"], second["replaces"]) == ("declare", 2, first["id"])
        assert second["state"] == "lodged" and second["lrn"] != first["lrn"] and len(site.filed()) == 2
        say(site, gate, "03", second["lrn"], "2")
        site.post(one("C", 8), "c.xml")
        site.run(gate)
        third = filings(site, gate)[2]
        assert (third["attempt"], third["replaces"]) == (3, second["id"]) and site.violations(gate) == []


def test_the_same_said_again_after_a_rejection_is_a_repeat(site):
    with site.gate() as gate:
        answered(site, gate, "03")
        said_anew(site, gate, 5)
        assert len(filings(site, gate)) == 1 and site.states(gate)["repeat"] == 1


def test_retried_under_a_route_that_amends_it_goes_as_a_new_version_would(site):
    with site.gate() as gate:
        answered(site, gate, "01")
        said_anew(site, gate, 7)
        (held,) = site.ids(gate, "item", state="held")
        assert operate.retry(gate, held, WHO) == "held", "a person decides"
    site.change("routes.yaml", "  findings:", "  change: amend\n  findings:")
    with site.gate() as gate:
        assert operate.retry(gate, held, WHO) == "accepted"
        site.run(gate)
        assert [row["purpose"] for row in filings(site, gate)] == ["declare", "amend"]
        assert site.codes(gate, "item") == set() and site.violations(gate) == []


def test_released_after_the_last_word_another_declaration_is_filed(site):
    with site.gate() as gate:
        declared = file(site, gate, one("A", 5))
        said_anew(site, gate, 7)
        say(site, gate, "03", declared["lrn"], "1", mrn="")
        (held,) = site.ids(gate, "item", state="held")
        operate.release(gate, held, ["RTE125"], WHO)
        site.run(gate)
        assert [(row["purpose"], row["attempt"]) for row in filings(site, gate)] == [("declare", 1), ("declare", 2)]
        assert site.violations(gate) == []


def test_by_default_a_person_decides_and_then_it_is_a_change(site):
    with site.gate() as gate:
        declared = answered(site, gate, "01")
        said_anew(site, gate, 7)
        (held,) = site.ids(gate, "item", state="held")
        with pytest.raises(NotPossible, match="held"), gate.journal.read() as conn:
            newest(conn, declared["id"])
        operate.release(gate, held, ["RTE125"], WHO)
        site.run(gate)
        assert [row["purpose"] for row in filings(site, gate)] == ["declare", "amend"] and len(lrns(site)) == 2
        with gate.journal.read() as conn:
            assert newest(conn, declared["id"]) == held
        assert site.violations(gate) == []


ERROR = """<Error><ValidationCode>CDS12005</ValidationCode>
<Pointer><DocumentSectionCode>42A</DocumentSectionCode></Pointer>
<Pointer><DocumentSectionCode>67A</DocumentSectionCode></Pointer>
<Pointer><SequenceNumeric>1</SequenceNumeric><DocumentSectionCode>68A</DocumentSectionCode></Pointer>
<Pointer><DocumentSectionCode>23A</DocumentSectionCode></Pointer>
<Pointer><DocumentSectionCode>65A</DocumentSectionCode><TagID>126</TagID></Pointer></Error>"""


def test_a_refused_change_is_told_as_such_and_its_pointer_leads_into_the_newer_message(site):
    site.change("routes.yaml", "  findings:", "  change: amend\n  findings:")
    with site.gate() as gate:
        declared = answered(site, gate, "01")
        said_anew(site, gate, 7)
        (asked,) = filings(site, gate, purpose="amend")
        facts = {"mrn": mrn_of(declared["lrn"]), "error": ERROR, "issued": "20260915110000Z"}
        say(site, gate, "03", asked["lrn"], "2", **facts)
        with gate.journal.read() as conn:
            (filed,) = dossier(gate, conn, asked["item"]).filings
        ((lead,),) = [said.leads for said in filed.decisions]
        assert lead.written is not None and lead.written.text == "0.907"
        assert lead.reason.sender_path == "item/content-piece/net-weight" and lead.place.span is not None
        told = site.answers()
        assert f"customs refused to amend declaration {declared['lrn']}" in told and "CDS12005" in told
        assert "<stage>advance</stage>" in told and "<stage>final</stage>" not in told
        assert filings(site, gate)[0]["outcome"] == "accepted"


def test_nothing_is_told_of_requests_that_a_person_made(site):
    with site.gate() as gate:
        declared = cancelling(site, gate)
        (asked,) = filings(site, gate, purpose="cancel")
        say(site, gate, "03", asked["lrn"], "2", mrn=mrn_of(declared["lrn"]), issued="20260915110000Z")
        assert site.answers() == "" and site.states(gate, "decision") == {"noted": 2}


def test_a_request_is_found_by_the_reference_that_customs_gave_it(site):
    """Danish customs gives each request an MRN of its own, by which alone the answer names it."""
    reference = "26GBREQ0000000001"
    with site.gate() as gate:
        declared = cancelling(site, gate)
        (asked,) = filings(site, gate, purpose="cancel")
        say(site, gate, "02", asked["lrn"], "2", mrn=reference)
        assert filings(site, gate, purpose="cancel")[0]["mrn"] == reference
        granted = "<Status><NameCode>39</NameCode></Status>"
        say(site, gate, "11", reference, "3", mrn=mrn_of(declared["lrn"]), error=granted, issued="20260915110000Z")
        declared, asked = filings(site, gate)
        assert (declared["outcome"], asked["outcome"]) == ("accepted", "request_granted")
        assert declared["mrn"] == mrn_of(declared["lrn"]) and site.violations(gate) == []


def test_also_when_the_answer_comes_before_customs_has_named_the_request(site):
    """With two under way it cannot be guessed which one is meant: it is known as soon as the name is."""
    reference = "26GBREQ0000000001"
    site.change("routes.yaml", "  findings:", "  change: amend\n  findings:")
    with site.gate() as gate:
        declared = answered(site, gate, "01")
        site.post(one("B", 7), "b.xml")
        request(gate, declared["id"], "cancel", reason="1", note="sent back")
        site.run(gate)
        assert [row["state"] for row in filings(site, gate)] == ["lodged"] * 3
        granted = "<Status><NameCode>39</NameCode></Status>"
        say(site, gate, "11", reference, "3", mrn=mrn_of(declared["lrn"]), error=granted, issued="20260915110000Z")
        assert [row["outcome"] for row in filings(site, gate)] == ["accepted", None, None]
        (asked,) = filings(site, gate, purpose="cancel")
        say(site, gate, "02", asked["lrn"], "2", mrn=reference)
        outcomes = {row["purpose"]: row["outcome"] for row in filings(site, gate)}
        assert outcomes == {"declare": "accepted", "cancel": "request_granted", "amend": None}
        assert site.violations(gate) == []
