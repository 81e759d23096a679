"""docs/uk-h7-elements.csv says of each data element where its value comes from; the declarations must agree."""

import csv
from pathlib import Path

import pytest

TABLE = Path(__file__).resolve().parents[2] / "docs" / "uk-h7-elements.csv"
with TABLE.open(encoding="utf-8", newline="") as stream:
    ROWS = list(csv.DictReader(stream))
WRITTEN = [row for row in ROWS if row["case"]]


@pytest.fixture(scope="module")
def declared(case, desk, declare, leaves):
    made = {}

    def of(name):
        if name not in made:
            message, settings, expected = case(name)
            (reading,) = desk("upu/itmatt-1.5").read(message)
            lrn = next(text for path, text in leaves(expected) if path.endswith("/FunctionalReferenceID"))
            record, _ = declare(reading.record, settings, lrn)
            made[name] = leaves(desk("customs/uk/h7").format.write(record).text.encode())
        return made[name]

    return of


@pytest.mark.parametrize("row", WRITTEN, ids=lambda row: f"{row['data_element']} {row['meaning']}")
def test_the_element_is_written_with_the_value_the_table_gives(row, declared):
    values = [text for path, text in declared(row["case"]) if path == f"/MetaData{row['path']}"]
    assert row["value"] in values


def test_at_most_a_tenth_of_the_data_set_is_not_written():
    data_set = [row for row in ROWS if row["in_h7"] == "yes"]
    left_out = [row for row in data_set if not row["case"]]
    assert len(data_set) == 40
    assert len(left_out) <= len(data_set) / 10
    assert all(row["reason"] for row in left_out)


def test_every_element_of_the_authority_is_in_the_table(shared):
    with (shared / "uk-cds/hmrc-h7-birds-de-to-path.csv").open(encoding="utf-8", newline="") as stream:
        known = {(row["uk_data_element"], row["meaning"], row["path"]) for row in csv.DictReader(stream)}
    assert {(row["data_element"], row["meaning"], row["path"]) for row in ROWS} == known


def test_a_row_says_either_where_the_value_comes_from_or_why_there_is_none():
    for row in ROWS:
        assert bool(row["source"]) != bool(row["in_h7"] == "no" or (row["in_h7"] == "yes" and not row["case"])), row
        assert row["case"] or row["reason"]
