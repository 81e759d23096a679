"""Every code has a page."""

import re

import pytest

from gateway.cli.main import COMMANDS
from gateway.findings.catalogue import all_entries


def test_page_says_what_it_means_and_what_to_do(gateway):
    said = gateway("rule", "RTE101")
    assert said.code == 0
    assert "no route takes this item" in said.out
    assert "held; a person may waive it" in said.out


def test_name_leads_to_the_same_page(gateway):
    assert gateway("rule", "route.none").out == gateway("rule", "rte101").out


def test_list_has_every_code(gateway):
    assert len(gateway("rule", "--json").json["data"]["rules"]) == len(all_entries())


def test_unknown_code_has_a_suggestion(gateway):
    said = gateway("rule", "route.nne")
    assert said.code == 2
    assert "did you mean 'route.none'?" in said.err


def test_places_of_values_are_named(gateway):
    assert "check digit of <value> is wrong" in gateway("rule", "SRC301").out


def test_destinations_that_differ_are_named(gateway):
    assert "error for GB" in gateway("rule", "hs.missing").out


@pytest.mark.parametrize("entry", all_entries(), ids=lambda entry: entry.code)
def test_commands_that_are_advised_exist(entry):
    named = re.findall(r"`gateway (\w+)", f"{entry.message} {entry.hint}")
    assert set(named) <= set(COMMANDS)


def test_a_rule_is_explained_in_the_language_asked_for(gateway):
    said = gateway("rule", "description.short", "--language", "fr").out
    assert "gravité:  avertissement ; l\u2019envoi poursuit son chemin" in said
    assert "erreur pour EU" in said and "remède:" in said


def test_an_authoritys_own_code_or_number_shows_what_its_rule_asks_for(gateway):
    said = gateway("rule", "DK1040").out
    assert said == gateway("rule", "vr62").out
    assert "DK1040  customs/dk VR62" in said and "importer.address.country only DK" in said
    assert "l'importateur doit" in gateway("rule", "VR62", "--language", "fr").out
    (row,) = gateway("rule", "VR62", "--json").json["data"]["authority_rules"]
    assert (row["authority"], row["code"]) == ("customs/dk", "DK1040")


def test_a_rule_that_is_not_checked_says_why(gateway):
    said = gateway("rule", "DK2001").out
    assert "checked:  no" in said and "asks a register of customs" in said
