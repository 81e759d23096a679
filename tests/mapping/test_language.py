"""The language's own definition: every example of it builds, and nothing else names the words a second time."""

import pytest

from gateway.findings import catalogue
from gateway.mapping.language import HEAD, KEYWORDS


@pytest.mark.parametrize("keyword", KEYWORDS.values(), ids=lambda keyword: keyword.name)
def test_example_of_every_keyword_builds_and_uses_it(written, keyword):
    registry = written(keyword.example, record=keyword.record, codes={"post/nature": "message,model\n11,11\n"})
    assert [fault for fault in registry.faults("own/table") if fault.severity == "error"] == []
    assert f"{keyword.name}:" in keyword.example


@pytest.mark.parametrize("word", HEAD.values(), ids=lambda word: word.name)
def test_example_of_every_head_word_uses_it(word):
    assert word.example.startswith(f"{word.name}: ")


def test_hint_for_an_unknown_keyword_names_all_of_them():
    assert catalogue.entry("MAP101").hint.rpartition(": ")[2].split(", ") == list(KEYWORDS)
