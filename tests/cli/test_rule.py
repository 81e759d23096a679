"""Every code has a page."""

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
