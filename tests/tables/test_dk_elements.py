"""docs/dk-elements.csv says of every element of the Danish H7 and H6 what carries it, or why nothing does."""

import csv
from pathlib import Path

import pytest

from gateway.mapping.carried import carried
from gateway.mapping.reach import model_places
from tests.tables.conftest import ON

TABLE = Path(__file__).resolve().parents[2] / "docs" / "dk-elements.csv"
PUBLISHED = {"h7": ("dk-H7-v1.9-elements.csv", 151), "h6": ("dk-H6-v2.1-elements.csv", 187)}
with TABLE.open(encoding="utf-8", newline="") as stream:
    ROWS = list(csv.DictReader(stream))


@pytest.fixture(scope="module")
def plan(registry):
    return lambda data_set: registry.plan(f"customs/dk/{data_set}", ON)


@pytest.mark.parametrize("data_set", PUBLISHED)
def test_every_element_of_the_schema_is_in_the_table_once(data_set, shared):
    file, count = PUBLISHED[data_set]
    with (shared / "dk-dms" / file).open(encoding="utf-8", newline="") as stream:
        known = [row["path"] for row in csv.DictReader(stream)]
    assert [row["path"] for row in ROWS if row["data_set"] == data_set] == known
    assert len(known) == count


@pytest.mark.parametrize("data_set", PUBLISHED)
def test_the_table_says_what_the_rows_of_the_format_carry(data_set, plan):
    now = said(plan(data_set))
    groups = {path.rsplit("/", depth)[0] for path in now for depth in range(1, path.count("/"))}
    for row in (row for row in ROWS if row["data_set"] == data_set):
        assert row["carried"] == ("its elements" if row["path"] in groups else now.get(row["path"], "")), row["path"]


def test_what_nothing_carries_has_a_reason_and_nothing_else_has():
    assert [row["path"] for row in ROWS if bool(row["carried"]) == bool(row["reason"])] == []


def test_only_national_extensions_are_left_out():
    left_out = {(row["data_set"], row["path"].split("/")[2]) for row in ROWS if not row["carried"]}
    assert left_out == {("h6", "Extensions")}


def said(plan):
    """Every element with the model's fields, or the constant, that its rows hold."""
    found = {}
    for path, value in carried(plan):
        places = [place.path for ref in value.refs for place in model_places(plan, ref)]
        text = (
            f"{value.constant} (constant)"
            if value.constant is not None
            else " | ".join(places) or "number of the entry"
        )
        found.setdefault(f"/{path}", []).append(text)
    return {path: ", ".join(dict.fromkeys(texts)) for path, texts in found.items()}
