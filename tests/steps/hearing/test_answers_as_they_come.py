"""Answers of customs as they really come: odd dates are noted and the answer counts; what is no XML is kept aside."""

import pytest

from tests.steps.answers import response
from tests.steps.declaring.test_requests import file


def heard(site, gate, text, name="answer"):
    site.say(text, f"{name}.xml")
    site.run(gate)


@pytest.mark.parametrize(
    ("issued", "noted"),
    [
        ("20260915100000Z", set()),
        ("20260915110000+01", set()),
        ("2026-09-15T10:00:00Z", {"SRC262"}),
        ("Tue Sep 15 10:00:00 UTC 2026", {"SRC262"}),
        ("15.09.2026, ten o'clock", {"SRC261"}),
        ("20261315100000Z", {"SRC261"}),
    ],
)
def test_whatever_its_date_looks_like_an_answer_counts(site, issued, noted):
    with site.gate() as gate:
        declared = file(site, gate)
        heard(site, gate, response("01", declared["lrn"], issued=issued))
        (filing,) = [row for row in site.rows(gate, "filing") if row["id"] == declared["id"]]
        assert (filing["outcome"], bool(filing["mrn"])) == ("accepted", True)
        assert site.codes(gate, "item") & {"SRC261", "SRC262"} == noted
        assert site.violations(gate) == []


@pytest.mark.parametrize(("status", "noted"), [("<Status><NameCode>77</NameCode></Status>", True), ("", False)])
def test_an_answer_to_a_request_that_says_nothing_we_know_is_for_information(site, status, noted):
    with site.gate() as gate:
        declared = file(site, gate)
        heard(site, gate, response("01", declared["lrn"]), "1")
        heard(site, gate, response("11", declared["lrn"], issued="20260915110000Z", error=status), "2")
        (filing,) = [row for row in site.rows(gate, "filing") if row["id"] == declared["id"]]
        assert filing["outcome"] == "accepted"
        assert ("SRC259" in site.codes(gate, "item")) == noted
        assert [row["outcome"] for row in site.rows(gate, "decision") if row["original"] == "11"] == ["notice"]


@pytest.mark.parametrize(
    ("extra", "code"),
    [
        ("<Status><NameCode>4</NameCode></Status><Status><NameCode>A1</NameCode></Status>", "SRC256"),
        ("<Error><Description>Too long " + "x" * 512 + "</Description></Error>", "SRC250"),
        ("<Brandnew><Thing>1</Thing></Brandnew>", "SRC254"),
    ],
)
def test_what_else_is_odd_in_an_answer_keeps_it_from_nobody(site, extra, code):
    with site.gate() as gate:
        declared = file(site, gate)
        heard(site, gate, response("01", declared["lrn"], error=extra))
        (filing,) = [row for row in site.rows(gate, "filing") if row["id"] == declared["id"]]
        assert filing["outcome"] == "accepted"
        assert code in site.codes(gate, "item")
        assert site.violations(gate) == []


def test_an_answer_that_names_no_declaration_and_is_odd_waits_for_a_person(site):
    with site.gate() as gate:
        declared = file(site, gate)
        heard(site, gate, response("01", "", mrn="", issued="never"))
        (filing,) = [row for row in site.rows(gate, "filing") if row["id"] == declared["id"]]
        assert not filing["outcome"]
        assert site.states(gate)["quarantined"] == 1


def test_an_answer_that_is_not_well_formed_is_kept_with_its_bytes(site):
    with site.gate() as gate:
        declared = file(site, gate)
        cut = response("01", declared["lrn"])[:-20]
        heard(site, gate, cut)
        kept = [row for row in site.rows(gate, "file") if row["name"] == b"answer.xml"]
        assert len(kept) == 1
        with gate.journal.read() as conn:
            assert gate.blobs.read(conn, kept[0]["blob"], 0, len(cut)) == cut.encode()
        (item,) = [row for row in site.rows(gate, "item") if row["file"] == kept[0]["id"]]
        assert (item["state"], item["kind"]) == ("quarantined", "decision")
        assert site.violations(gate) == []
