"""The table of outcomes: closed, ranked, said in three languages; no list of codes knows an outcome that it lacks."""

import re
from pathlib import Path

import pytest

from gateway.mapping.listing import read
from gateway.mapping.registry import shipped
from gateway.model import Decision, Release
from gateway.model.outcomes import label, outcome, outcomes, said
from gateway.settings.route import AnswerOn

PAGE = Path(__file__).parents[2] / "docs" / "decisions.md"
LISTS = [
    path
    for path in sorted((shipped() / "codes").rglob("*.csv"))
    if "outcome" in read(path.stem, path).columns and path.stem != "cusrsp-stage"
]
STAGES = {"interchange", "advance", "declaration", "control", "duty", "release", "after"}


def test_every_outcome_has_a_rank_of_its_own():
    ranks = [one.rank for one in outcomes()]
    assert ranks == sorted(set(ranks))


@pytest.mark.parametrize("language", ["en", "fr", "es"])
def test_every_outcome_has_words(language):
    words = [label(one.name, language) for one in outcomes()]
    assert all(words) and len(set(words)) == len(words)


def test_an_unknown_outcome_is_for_information_and_an_unknown_language_is_english():
    assert outcome("of tomorrow").name == outcome(None).name == "notice"
    assert label("held", "da") == label("held")


def test_what_frees_does_not_block_and_what_sticks_blocks():
    assert [one.name for one in outcomes() if one.frees and one.blocks_goods] == []
    assert [one.name for one in outcomes() if one.sticky and not one.blocks_goods] == []
    assert {one.name for one in outcomes() if one.frees} == {"released", "cleared"}
    assert {one.name for one in outcomes() if one.sticky} == {"detained", "do_not_load"}


def test_only_a_state_ends_anything():
    assert {one.aspect for one in outcomes() if one.final or one.sticky or one.frees} == {"state"}


def test_every_outcome_is_told_by_a_word_that_a_route_knows_or_not_at_all():
    assert {one.told for one in outcomes()} - {""} <= set(AnswerOn.__args__)
    assert {one.of_request for one in outcomes()} - {""} <= {one.name for one in outcomes()}


@pytest.mark.parametrize("path", LISTS, ids=lambda path: path.stem)
def test_a_list_of_codes_speaks_of_outcomes_and_stages_of_the_model(path):
    names = {one.name for one in outcomes()}
    for row in read(path.stem, path).rows:
        assert {row["outcome"]} - {""} <= names
        assert {row["stage"]} - {""} <= STAGES


def test_a_refused_request_refuses_the_request_alone():
    assert said(Decision(outcome="rejected")) == "rejected"
    assert said(Decision(outcome="rejected", request_reference="26DKCOR00000000009")) == "request_denied"
    assert said(Decision(outcome="received", request_reference="26DKCOR00000000009")) == "notice"
    assert said(Decision(outcome="cancelled", request_reference="26DKINV00000000009")) == "cancelled"


def test_a_release_that_keeps_a_goods_item_back_is_one_in_part():
    one, other = Release(goods_item=1, released=True), Release(goods_item=2, released=False)
    assert said(Decision(outcome="cleared", releases=(one,))) == "cleared"
    assert said(Decision(outcome="cleared", releases=(one, other))) == "partly_released"


def test_the_page_on_decisions_says_what_the_table_says():
    lines = [line.strip("| ").split(" | ") for line in PAGE.read_text().splitlines() if line.startswith("| `")]
    told = {cells[0].strip("`"): [cell.strip() for cell in cells[1:]] for cells in lines}
    for one in outcomes():
        goods = "may go" if one.frees else "stay until a release" if one.sticky else "stay" if one.blocks_goods else ""
        words = [label(one.name), one.aspect, goods, "yes" if one.final else "", one.told]
        assert [word for word in told[one.name] if word] == [word for word in words if word]


def test_the_page_on_decisions_counts_the_codes_of_each_scheme():
    counted = dict(re.findall(r"`([a-z0-9/-]+)` \| (\d+) \|", PAGE.read_text()))
    lists = {name: read(name, shipped() / "codes" / f"{name}.csv") for name in counted}
    assert {name: str(len(found.rows) - 1) for name, found in lists.items()} == counted
