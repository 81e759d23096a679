"""The names of elements: each leads to the model, none stands twice, eight languages are there."""

import csv
from pathlib import Path

import pytest

from gateway.model.dictionary import at, records
from gateway.workbench.propose import synonyms
from gateway.workbench.propose.targets import roles, targets

BESIDE = {("Amount", "currency"), ("Measure", "unit")}


@pytest.mark.parametrize("element", sorted(set(synonyms.terms()) - BESIDE), ids="/".join)
def test_element_is_of_the_model(element):
    record, path = element
    plain = "".join(part.partition("]")[2] or part for part in path.split("["))
    assert path.startswith("extension.") or at(records()[record], plain) is not None


def test_every_language_names_the_parts_of_an_address():
    for path in ("address.lines", "address.city", "address.country"):
        languages = {term.language for term in synonyms.terms()["Party", path]}
        assert {"en", "fr", "es", "de", "it", "pt", "zh"} <= languages


def test_list_says_its_sources():
    lines = Path(synonyms.__file__).with_name("synonyms.csv").read_text().splitlines()
    assert "Sources:" in lines[1]
    assert {len(row) for row in csv.reader(line for line in lines if line[0] != "#")} == {5}


def test_targets_have_names_and_roles_are_parties():
    assert all(target.terms for record in ("Consignment", "GoodsItem", "Party") for target in targets(record))
    assert {"consignor", "consignee", "buyer", "declarant"} <= set(roles())
