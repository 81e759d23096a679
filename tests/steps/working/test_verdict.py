"""What findings mean, and what a route or a person may change about it."""

import pytest

from gateway.findings import Finding
from gateway.steps.working.verdict import quarantines, state_of, weigh
from tests.steps.test_exchange import itmatt

FATAL, WAIVABLE, WARNING = Finding("SRC301"), Finding("SRC354"), Finding("SRC335", severity="warning")


def test_an_error_that_cannot_be_waived_quarantines():
    assert state_of([WAIVABLE, FATAL]) == "quarantined"


def test_another_error_holds_and_a_warning_passes():
    assert (state_of([WAIVABLE]), state_of([WARNING]), state_of([])) == ("held", "accepted", "accepted")


def test_a_route_makes_a_warning_hold_and_an_error_warn():
    assert state_of(weigh([WARNING], {"description.vague": "hold"})) == "held"
    assert state_of(weigh([WAIVABLE], {"value.missing": "warn"})) == "accepted"


def test_the_default_of_a_route_weakens_errors_only():
    assert state_of(weigh([WAIVABLE], {"default": "warn"})) == "accepted"
    assert weigh([WARNING], {"default": "hold"}) == (WARNING,)


def test_nobody_weakens_what_cannot_be_waived():
    assert state_of(weigh([FATAL], {"default": "warn", "s10.check_digit": "warn"}, waived=("SRC301",))) == "quarantined"


def test_a_waiver_names_code_or_name():
    assert state_of(weigh([WAIVABLE], {}, waived=("SRC354",))) == "accepted"
    assert state_of(weigh([WAIVABLE], {}, waived=("value.missing",))) == "accepted"


def test_a_route_quarantines_what_it_would_otherwise_hold():
    found = weigh([WAIVABLE], {"value.missing": "quarantine"})
    assert state_of(found, {"value.missing": "quarantine"}) == "quarantined" and state_of(found) == "held"
    assert state_of([WAIVABLE], {"default": "quarantine"}) == "quarantined"


def test_quarantine_by_name_takes_a_warning_and_by_default_none():
    assert (
        state_of(weigh([WARNING], {"description.vague": "quarantine"}), {"description.vague": "quarantine"})
        == "quarantined"
    )
    assert state_of(weigh([WARNING], {"default": "quarantine"}), {"default": "quarantine"}) == "accepted"


def test_a_name_says_more_than_the_default():
    words = {"default": "quarantine", "value.missing": "warn"}
    assert state_of(weigh([WAIVABLE], words), words) == "accepted"


def test_what_a_person_waived_is_not_quarantined():
    words = {"value.missing": "quarantine"}
    assert state_of(weigh([WAIVABLE], words, waived=("SRC354",)), words) == "accepted"


def test_information_decides_nothing():
    assert state_of([Finding("SRC354", severity="info")], {"default": "quarantine"}) == "accepted"


def test_only_the_route_says_that_a_declaration_quarantines_its_item():
    unwritable = Finding("INT902", values={"format": "customs/uk/h7"})
    assert not quarantines([unwritable, WAIVABLE], {"default": "hold"})
    assert quarantines([WAIVABLE], {"value.missing": "quarantine"})
    assert not quarantines([WARNING], {"description.vague": "quarantine"})


@pytest.mark.parametrize("word", ["default", "value.above_limit"])
def test_a_declaration_that_a_route_quarantines_is_never_filed_and_its_sender_is_told(site, word):
    site.change("routes.yaml", "{default: hold}", f"{{{word}: quarantine}}")
    with site.gate() as gate:
        site.post(itmatt(1, faults={1: "above-threshold"}))
        site.run(gate)
        assert site.states(gate) == {"quarantined": 1} and site.states(gate, "filing") == {}
        assert "TGT555" in site.codes(gate, "item") and "TGT555" in site.answers()
        assert site.violations(gate) == []


RULE = Finding("SRC354", values={"authority": "customs/xx", "rule": "R7", "code": "XX1007", "message": "too dear"})


@pytest.mark.parametrize(
    ("words", "state"),
    [
        ({"XX1007": "warn"}, "accepted"),
        ({"XX1007": "quarantine", "value.missing": "warn"}, "quarantined"),
        ({"R7": "file"}, "accepted"),
        ({"value.missing": "warn", "default": "quarantine"}, "accepted"),
        ({"XX1008": "warn"}, "held"),
    ],
)
def test_a_route_names_a_rule_by_the_authoritys_own_code_before_our_name(words, state):
    assert state_of(weigh([RULE], words), words) == state


def test_what_is_filed_anyway_stays_known():
    assert [one.severity for one in weigh([RULE], {"XX1007": "file"})] == ["info"]


def test_a_code_among_the_values_is_an_authoritys_only_where_one_is_named():
    relief = Finding("TGT555", values={"code": "C07"})
    assert state_of(weigh([relief], {"C07": "warn"})) == "held"


def test_a_waiver_of_one_rule_is_none_of_another():
    other = Finding("SRC354", values=RULE.values | {"code": "XX1008"})
    assert [one.severity for one in weigh([RULE, other], {}, waived=("XX1007",))] == ["warning", "error"]
