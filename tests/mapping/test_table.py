"""Tables as written: every key is text, every word has its place, blocks are shared by anchors."""

from gateway.mapping.table import load, load_head


def test_every_key_is_text(tmp_path):
    file = tmp_path / "t.yaml"
    file.write_text("format: t\nfields:\n  1496: a\n  0020: b\n  NO: c\n  yes: d\n  1.0: e\n  null: f\n")
    table = load(file, "t.yaml")
    assert [(line.key, line.text("is")) for line in table.lines] == [
        ("1496", "a"), ("0020", "b"), ("NO", "c"), ("yes", "d"), ("1.0", "e"), ("null", "f"),
    ]  # fmt: skip


def test_words_have_line_and_column(tmp_path):
    file = tmp_path / "t.yaml"
    file.write_text("format: t\nfields:\n  a:\n    is: item_id\n    check: s10\n")
    (line,) = load(file, "t.yaml").lines
    assert (line.place.line, line.place.column) == (3, 3)
    assert (line.words["check"].place.line, line.words["check"].place.column) == (5, 12)


def test_blocks_are_shared_by_anchors(tmp_path):
    file = tmp_path / "t.yaml"
    file.write_text("format: t\nfields:\n  a: {is: x, fields: &f {n: name}}\n  b: {is: y, fields: *f}\n")
    one, other = load(file, "t.yaml").lines
    assert one.lines == other.lines


def test_null_removes_and_quoted_null_does_not(tmp_path):
    file = tmp_path / "t.yaml"
    file.write_text("format: t\nfields:\n  a: null\n  b: ~\n  c:\n  d: 'null'\n")
    assert [line.removes for line in load(file, "t.yaml").lines] == [True, True, True, False]


def test_head_is_read_without_the_rows(tmp_path):
    file = tmp_path / "t.yaml"
    file.write_text("format: t\nvalid: {from: 2026-01-01}\nfields:\n  a: [broken\n")
    head = load_head(file, "t.yaml")
    assert (head.text("format"), head.said("valid", "from"), head.faults) == ("t", "2026-01-01", ())


def test_file_that_is_not_utf_8_is_a_fault(tmp_path):
    file = tmp_path / "t.yaml"
    file.write_bytes(b"format: \xff\n")
    assert [fault.code for fault in load(file, "t.yaml").faults] == ["MAP110"]


def test_a_day_that_is_no_text_is_a_fault_however_deep_it_goes(tmp_path):
    file = tmp_path / "t.yaml"
    file.write_text("format: t\nx0: &x0 {a: b}\n" + "".join(
        f"x{n}: &x{n} {{{', '.join(f'{key}: *x{n - 1}' for key in 'abcdefghi')}}}\n" for n in range(1, 12)
    ) + "valid: {from: *x11, to: [2026-01-01]}\n")  # fmt: skip
    head = load_head(file, "t.yaml")
    assert (head.said("valid", "from"), head.said("valid", "to")) == ("", "")
    assert [fault.code for fault in head.faults].count("MAP112") == 2
