"""Lists as they stand in their files, what lint says of them, and both ways through a code list."""

import pytest

from gateway.mapping import codelist
from gateway.mapping.lint.lists import lists
from gateway.mapping.listing import read
from gateway.mapping.registry import Registry, shipped

WHOLE = """\
# Documents that travel with an item,
# as the sender writes them.
# source: an example
# date: 2026-11
message,model,preferred,label,label_fr,gift,note
IV,N380,yes,invoice,facture,no,
RE,N380,,receipt,,no,"a, b"
*,,,,,,every other one
"""
BARE = "message,model\nA,1\n"


@pytest.fixture
def listing(tmp_path):
    def make(text):
        path = tmp_path / "own.csv"
        path.write_bytes(text if isinstance(text, bytes) else text.encode())
        return read("own", path)

    return make


def test_list_says_what_it_is_where_from_and_of_which_day(listing):
    found = listing(WHOLE)
    assert found.title == "Documents that travel with an item, as the sender writes them."
    assert (found.source, found.date, found.head) == ("an example", "2026-11", 5)
    assert found.two_way and found.along == ("gift",)


def test_rows_know_their_lines_also_behind_a_cell_of_several(listing):
    found = listing(BARE + 'B,"2\nand more"\nC,3\n')
    assert [(row.line, row["message"]) for row in found.rows] == [(2, "A"), (3, "B"), (5, "C")]


def test_label_is_in_the_language_or_in_english(listing):
    invoice, receipt, _ = listing(WHOLE).rows
    assert listing(WHOLE).label(invoice, "fr") == "facture"
    assert listing(WHOLE).label(receipt, "fr") == "receipt"


def test_labels_are_no_fields_of_the_model(tmp_path):
    path = tmp_path / "own.csv"
    path.write_text(WHOLE)
    found = codelist.load("own", path)
    assert found.columns == ("gift",)
    assert (found.read["RE"], found.written["N380"], found.read["*"]) == ("N380", "IV", "")


def test_byte_order_mark_is_no_part_of_the_first_column(listing):
    assert listing("\ufeff" + BARE).columns == ("message", "model")


def test_list_without_columns_for_both_codes_cannot_be_used_by_a_row(tmp_path):
    path = tmp_path / "own.csv"
    path.write_text("mesage,model\nA,1\n")
    with pytest.raises(KeyError, match="message"):
        codelist.load("own", path)


@pytest.mark.parametrize(
    ("text", "found"),
    [
        (WHOLE, []),
        (WHOLE.replace("# source: an example\n", ""), [("MAP403", 4)]),
        (WHOLE.replace("# date: 2026-11\n", ""), [("MAP404", 4)]),
        (WHOLE.replace("2026-11", "November"), [("MAP404", 5)]),
        (WHOLE.replace("receipt", ""), [("MAP402", 7)]),
        (WHOLE.replace("RE,", "IV,"), [("MAP401", 7)]),
        (WHOLE.replace("RE,N380,,", "RE,N380,yes,"), [("MAP406", 7)]),
        (WHOLE.replace('"a, b"', "a, b"), [("MAP405", 7)]),
        (WHOLE.replace("gift,note", "note,note"), [("MAP407", 5)]),
        (WHOLE.encode().replace(b"receipt", b"re\xe7u"), [("MAP408", 7)]),
        (WHOLE.encode("utf-16"), [("MAP408", 1)]),
    ],
)
def test_each_fault_of_a_list_has_its_line(listing, text, found):
    assert [(fault.code, fault.source.line) for fault in lists(listing(text))] == found


def test_table_of_facts_needs_source_and_date_but_no_labels(listing):
    assert not list(lists(listing("# source: an example\n# date: 2026\ncountry,forms\nAD,AA999\n")))


def test_shipped_lists_have_no_faults():
    assert Registry().list_faults() == ()


@pytest.mark.parametrize("name", [name for name in Registry().list_names() if Registry().listing(name).two_way])
def test_shipped_code_lists_are_labelled_in_every_language_and_can_be_written(name):
    found, codes = Registry().listing(name), codelist.load(name, shipped() / f"codes/{name}.csv")
    labelled = {row["message"] for row in found.rows if all(row[f"label{each}"] for each in ("", "_fr", "_es"))}
    assert labelled == set(codes.read)
    assert not codes.doubtful or name == "customs/uk/res-function"
