"""The layout itself: columns, comments, blank lines; whatever the author wrote is still there."""

import textwrap

import pytest

from gateway.workbench.layout.render import render
from gateway.workbench.layout.source import Unlaid, parse


def laid(text):
    return render(parse(textwrap.dedent(text).lstrip("\n")))


def test_values_stand_in_one_column_at_every_depth():
    assert laid("""
        format: a
        fields:
          id: item_id
          sender:
              is:   consignor
              fields:
                  name:  {is:  name ,required: true}
    """) == textwrap.dedent("""\
        format: a
        fields:
          id:       item_id
          sender:
            is: consignor
            fields:
              name: {is: name, required: true}
        """)  # fmt: skip


def test_comments_of_every_kind_stay_where_they_belong():
    assert laid("""
        # what this is
        format: a # a name
        fields:
          # of the sender
          sender: # a part
            is: consignor
            fields:
              name: name # full
              # nothing else is known
          # of the item

          id: item_id
        # the end
    """) == textwrap.dedent("""\
        # what this is
        format: a   # a name
        fields:
          # of the sender
          sender:           # a part
            is: consignor
            fields:
              name: name    # full
              # nothing else is known
          # of the item

          id:       item_id
          # the end
        """)  # fmt: skip


def test_anchors_aliases_quotes_and_forms_are_the_authors():
    text = """\
        fields:
          a: {is: "exporter", fields: &p {"n": 'name', m: *q}}
          b:
            is: importer
            fields: &r
              n: name
          c: {is: seller, fields: *r}
        """
    kept = laid(text)
    assert [word for word in ("&p", "&r", "*q", "*r", '"exporter"', "'name'", '"n"') if word not in kept] == []
    assert laid(kept) == kept


def test_words_of_a_row_in_one_line_have_an_order():
    assert "{is: x, required: true, check: s10, fields: {check: y, is: z}}" in laid(
        "fields:\n  a: {fields: {check: y, is: z}, check: s10, required: true, is: x}\n"
    )


def test_value_over_several_lines_goes_along():
    assert laid("""
        fields:
              a:
                    is: b
                    note: >
                        one

                        two
              c: {is: d,
                  note: e}
    """) == textwrap.dedent("""\
        fields:
          a:
            is: b
            note: >
                one

                two
          c:    {is: d,
              note: e}
        """)  # fmt: skip


def test_key_without_a_value_stays_alone():
    text = "fields:\n  a:    # why\n  b:\n  c:    x\n"
    assert laid(text) == text
    assert laid(laid("fields:\n  a:\n  a:\n      is: b\n")) == "fields:\n  a:\n  a:\n    is: b\n"


def test_long_path_does_not_push_the_others_away():
    rows = [f"  a{n}: b\n" for n in range(9)] + [f"  {'x' * 70}: b\n"]
    lines = laid("fields:\n" + "".join(rows)).splitlines()
    assert {line.index("b") for line in lines[1:10]} == {8}
    assert lines[10].endswith("x: b")


@pytest.mark.parametrize("text", ["[a]", "{a: b}", "a", "? [x]\n: y", "? x\n: y", "a: !!map\n  b: c"])
def test_what_would_not_be_kept_is_refused(text):
    with pytest.raises(Unlaid):
        laid(text + "\n")
