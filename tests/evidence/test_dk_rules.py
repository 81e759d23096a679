"""The figures of the Danish rules, and that table and publication name the same ones."""

from gateway.checks.lists import rows as listed
from tests.adapters.customs.dk import filled
from tests.adapters.customs.dk.declared import violated
from tests.adapters.customs.dk.filled import OF_CUSTOMS
from tests.evidence.dk_rules import TABLE, published, rows
from tests.tables.conftest import Desk, registry, shared

__all__ = ["registry", "shared"]


def test_58_of_67_rules_for_h7_are_checked_and_each_other_one_says_why_not(shared):
    h7 = rows(shared)[0]
    assert (h7.published, h7.implemented) == (67, 58)
    assert (h7.checked, h7.with_list, h7.with_rate, h7.partly) == (36, 18, 2, 2)
    assert len(h7.left_out) == 9
    assert all(reason.startswith("asks ") for _, reason in h7.left_out)


def test_no_published_rule_names_h6(shared):
    h6 = rows(shared)[1]
    assert (h6.published, h6.implemented, h6.left_out) == (0, 0, ())


def test_every_rule_has_number_code_element_and_categories_as_published(shared):
    facts = {
        row["rule"]: (row["error_code"], row["eucdm_de"], row["declaration_types"].replace(",", ""))
        for row in published(shared, "H7")
    }
    ours = {row["rule"]: (row["code"] or "0", row["element"], row["categories"]) for row in listed(TABLE)}
    assert ours == facts


def test_what_can_be_checked_with_what_is_supplied_is_checked(shared):
    """Of the 44, eight need a list of customs, which has no licence: it is supplied to the tests and by operators."""
    how = {row["rule"]: row for row in listed(TABLE)}
    can = [row["rule"] for row in published(shared, "H7") if row["can_be_checked_offline"] == "yes"]
    assert len(can) == 44
    needing = {rule for rule in can if how[rule]["offline"] == "list"}
    assert {rule for rule in can if how[rule]["offline"] != "yes"} == needing
    assert needing == {"VR1", "VR2", "VR3", "VR41", "VR50", "VR70", "VR104", "VR178"}
    assert all(any(f"customs/dk/{name}" in how[rule]["must"] for name in OF_CUSTOMS) for rule in needing)


def test_the_published_declaration_violates_none(shared, registry):
    sample = (shared / "dk-dms" / "samples" / "H7_Standard_v2.1.xml").read_text(encoding="utf-8")
    for placeholder, number in {"LRN": "GW1", "CVR": "12345678", "DeclarantEORI": "DK1", "ImporterEORI": "DK2"}.items():
        sample = sample.replace(f"{{{{{placeholder}}}}}", number)
    (reading,) = Desk(registry, "customs/dk/h7").read(sample.encode())
    assert violated(reading.record, filled.published(shared)) == []
