from gateway.findings.finding import Row
from gateway.mapping.trace import Entry
from gateway.workbench.document.examples import WIDEST, Examples

ROW = Row("t.yaml", 7)


def entry(path, text, row=ROW):
    return Entry(path, "m", text, row)


def test_the_first_value_at_an_element_is_its_example():
    found = Examples(iter([entry("item[2]/id", "A"), entry("item/id", "B")]))
    assert found.at(ROW, "file/item/id") == ("A",)


def test_a_shared_block_has_its_examples_place_by_place():
    found = Examples(iter([entry("from/name", "Ann"), entry("to/name", "Bob")]))
    assert found.at(ROW, "item/to/name") == ("Bob",)


def test_another_row_or_another_element_has_none():
    found = Examples(iter([entry("a/xid", "A")]))
    assert found.at(ROW, "a/id") == () == found.at(Row("t.yaml", 8), "a/xid")


def test_pieces_of_a_value_are_told_by_the_number_of_the_element_above():
    found = Examples(iter([entry("g[2]/code/id", "6109"), entry("g[2]/code[2]/id", "10")]))
    assert found.at(ROW, "d/g/code/id", 1, 1) == ("6109",)
    assert found.at(ROW, "d/g/code/id", 2, 1) == ("10",)
    assert found.at(ROW, "d/g/code/id", 3, 1) == ()


def test_an_example_is_short_and_never_empty():
    found = Examples(iter([entry("a", ""), entry("a", "x" * 500)]))
    assert found.at(ROW, "a") == ("x" * WIDEST,)
