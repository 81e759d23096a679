"""Every example of the tutorial runs and says what the page says."""

from pathlib import Path

import pytest

from tests.docs.console import played, same

TUTORIAL = Path(__file__).parents[2] / "docs" / "mapping"
PAGES = sorted(TUTORIAL.glob("[0-9]*.md"))


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.name)
def test_examples_say_what_the_page_says(page, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("NO_COLOR", "1")
    turns = list(played(page.read_text(encoding="utf-8")))
    assert turns
    for _, turn, said in turns:
        assert same(said, turn.said), f"{turn.command}\n--- now\n{said}\n--- the page\n{turn.said}"


def test_every_step_is_linked_from_the_entry():
    entry = (TUTORIAL / "README.md").read_text(encoding="utf-8")
    assert PAGES
    assert all(f"]({page.name})" in entry for page in PAGES)


def test_left_out_is_only_what_is_said_to_be():
    assert same("a\nb\nc\n", "a\n…\n")
    assert same("a: 1\n", "a: …\n")
    assert not same("a\nb\n", "a\n")
