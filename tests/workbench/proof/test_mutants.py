"""Whatever a table says is deleted once: rows, blocks, words, predicates, alternatives."""

from gateway.workbench.proof.mutants import mutants

ROWS = """id: {is: item_id, required: true, check: s10, hint: Ask}
name: consignor.name | exporter.name
"doc[type='A'|'B']": {is: "documents[kind=previous].id", note: only these}
piece: {is: goods_items, fields: &piece {what: description}}
item: {is: goods_items, fields: *piece}"""


def lost(bench, rows=ROWS, head=""):
    return [(each.kind, each.path, each.lost) for each in mutants(bench(rows, head=head).merged)]


def test_rows_and_blocks_are_lost(bench):
    found = lost(bench)
    assert [path for kind, path, _ in found if kind == "row"] == ["id", "name", "doc[type='A'|'B']", "what"]
    assert [path for kind, path, _ in found if kind == "block"] == ["piece", "item"]


def test_words_that_mean_something_are_lost(bench):
    words = [(kind, text) for kind, path, text in lost(bench) if path == "id" and kind != "row"]
    assert words == [("required", "`required: true`"), ("check", "`check: s10`")]


def test_alternatives_are_lost_on_both_sides(bench):
    found = lost(bench, "a | b: item_id\nname: consignor.name | exporter.name")
    assert [text for kind, _, text in found if kind == "alternative"] == [
        "`a`",
        "`b`",
        "an alternative (`is: exporter.name` is left)",
        "an alternative (`is: consignor.name` is left)",
    ]


def test_pieces_of_a_sum_are_lost(bench):
    found = lost(bench, "kind + code: {is: nature, split: [1, rest]}")
    assert [text for kind, _, text in found if kind == "piece"] == ["`kind`", "`code`"]


def test_constant_and_place_of_a_unit_are_lost_each(bench):
    found = lost(bench, 'weight: {is: gross_mass, unit: "@unit | KGM"}')
    assert [text for kind, _, text in found if kind == "alternative"] == [
        "an alternative (`unit: KGM` is left)",
        "an alternative (`unit: @unit` is left)",
    ]


def test_predicates_and_each_of_their_values_are_lost(bench):
    found = [(kind, text) for kind, path, text in lost(bench) if path.startswith("doc") and kind != "row"]
    assert found == [
        ("filter", "`[kind=previous]`"),
        ("predicate", "`[type='A'|'B']`"),
        ("predicate", "`'A'`"),
        ("predicate", "`'B'`"),
    ]


def test_row_of_a_shared_block_is_lost_wherever_the_block_stands(bench):
    (mutant,) = [each for each in mutants(bench(ROWS).merged) if each.path == "what"]
    assert [line.lines for line in mutant.table.lines[-2:]] == [(), ()]


def test_nothing_else_of_the_table_changes(bench):
    merged = bench(ROWS).merged
    for mutant in mutants(merged):
        kept = [line.key for line in merged.lines if line.place != mutant.place]
        assert [line.key for line in mutant.table.lines if line.place != mutant.place] == kept
