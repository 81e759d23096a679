"""docs/uk-elements.csv says which kinds of declaration say a data element; tables and declarations must agree."""

import csv
from pathlib import Path

import pytest

from gateway.mapping.registry import Registry
from tests.evidence.uk_declarations import KINDS, declarations
from tests.tables.conftest import ON, leaves_of

TABLE = Path(__file__).resolve().parents[2] / "docs" / "uk-elements.csv"
with TABLE.open(encoding="utf-8", newline="") as stream:
    ROWS = list(csv.DictReader(line for line in stream if not line.startswith("#")))


def paths(element):
    """Every element of a table's document."""
    yield f"/{element.path}"
    for child in element.children:
        yield from paths(child)


@pytest.fixture(scope="module")
def facts():
    """By kind: the paths that its table carries, and those that the declarations of the ten parcels have."""
    registry, found = Registry(), {}
    for kind, texts in declarations(registry):
        carried = set(paths(registry.format(f"customs/uk/{kind}", ON).plan.document))
        written = {path for text in texts for path, _ in leaves_of(text)}
        found[kind] = carried, written
    return found


@pytest.mark.parametrize("kind", KINDS)
def test_the_table_says_what_is_written_and_what_is_carried(kind, facts):
    carried, written = facts[kind]

    def said(path):
        return "written" if path in written else "carried" if path in carried else ""

    assert [(row["data_element"], row["meaning"], row[kind]) for row in ROWS] == [
        (row["data_element"], row["meaning"], said(f"/MetaData{row['path']}")) for row in ROWS
    ]


def test_every_element_of_the_authority_is_said_by_some_kind():
    assert [row["meaning"] for row in ROWS if not any(row[kind] for kind in KINDS)] == []


def test_every_element_of_the_authority_is_in_the_table(shared):
    with (shared / "uk-cds/hmrc-h7-birds-de-to-path.csv").open(encoding="utf-8", newline="") as known:
        expected = [(row["uk_data_element"], row["meaning"], row["path"]) for row in csv.DictReader(known)]
    assert [(row["data_element"], row["meaning"], row["path"]) for row in ROWS] == expected
