"""Tables in the canonical layout: proved to say the same, the same again when laid again, all that are shipped."""

import re
from collections import Counter
from datetime import date

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from gateway.mapping.fingerprint import said
from gateway.mapping.registry import Registry
from gateway.mapping.table import loads
from gateway.workbench.layout.format import lay, lay_text
from gateway.workbench.layout.meaning import same
from gateway.workbench.layout.remarks import own

SHIPPED = Registry()
HEADS = SHIPPED.heads()
COMMENT = re.compile(r"(?:^|\s)(#.*)$")
ON = date(2026, 9, 14)


@pytest.mark.parametrize("head", HEADS, ids=lambda head: head.file)
def test_shipped_table_is_in_the_canonical_layout_and_in_order(head):
    laid = lay(SHIPPED, head, sort=True)
    assert (laid.findings, laid.changed) == ((), False), f"`gateway mapping fmt --sort {head.file}` writes it"


def comments(text):
    """The author's comments; ours in front of them do not count."""
    found = [own(match[1]) for line in text.splitlines() if (match := COMMENT.search(line))]
    return Counter(filter(None, found))


def disturbed(text, changes):
    """A table whose layout somebody has changed in an editor."""
    lines = text.splitlines()
    for number, (place, kind, width) in enumerate(changes):
        at = place % len(lines)
        if kind == "blank":
            lines.insert(at, " " * width)
        elif kind == "above":
            lines.insert(at, f"{' ' * width}# note{number}")
        elif kind == "behind" and "#" not in lines[at]:
            lines[at] += f"{' ' * (1 + width)}# note{number}"
        elif kind == "wide" and "#" not in lines[at]:
            lines[at] = re.sub(r":(?= )", f":{' ' * width}", lines[at], count=1)
        elif kind == "bare":
            lines[at] = re.sub(r"\s+# WCO .*$", "", lines[at])
    return "\n".join(lines) + "\n"


changes = st.lists(
    st.tuples(st.integers(0, 500), st.sampled_from(["blank", "above", "behind", "wide", "bare"]), st.integers(0, 30)),
    max_size=12,
)


@given(head=st.sampled_from(HEADS), changes=changes, sort=st.booleans())
@settings(max_examples=20, deadline=None, suppress_health_check=[HealthCheck.too_slow])
def test_any_layout_comes_back_to_one_that_says_the_same(head, changes, sort):
    text = disturbed(SHIPPED.find(head.file).read_text(), changes)
    laid = lay_text(SHIPPED, head, text, sort=sort)
    assert laid.findings == ()
    assert lay_text(SHIPPED, head, laid.after, sort=sort).after == laid.after
    assert said(loads(laid.after, head.file)) == said(loads(text, head.file))
    assert comments(laid.after) == comments(text)
    for mark in (r"&\w+", r"\*\w+"):
        assert re.findall(mark, laid.after) == re.findall(mark, text)


HEAD = "format: own/a\ntitle: T\nsyntax: xml\nrecord: Consignment\nroot: p\n"


@pytest.fixture
def own_table(tmp_path):
    """A registry with one table of our own, and the table's head."""

    def put(rows, *, grammar=""):
        more = "grammar: own/a.csv\n" if grammar else ""
        (tmp_path / "own").mkdir(exist_ok=True)
        (tmp_path / "own/a.csv").write_text("path,min,max,kind,format,facets,wco_id,name\n" + grammar)
        (tmp_path / "own/a.yaml").write_text(f"{HEAD}{more}fields:\n{rows}")
        registry = Registry([tmp_path])
        return registry, next(head for head in registry.heads() if head.format == "own/a")

    return put


@pytest.fixture
def lay_own(own_table):
    return lambda rows, *, grammar="", sort=True: lay(*own_table(rows, grammar=grammar), sort=sort)


GRAMMAR = "p,1,1,group,,,,\n" + "".join(f"p/{name},0,1,element,,,,\n" for name in "abc")


def test_rows_are_sorted_with_what_stands_above_them(lay_own):
    laid = lay_own("  # the last\n  c: mail_class\n  b: item_id\n  # the first\n  a: object_type\n", grammar=GRAMMAR)
    rows = [" ".join(line.split()) for line in re.sub(r"# WCO.*", "", laid.after).splitlines()[7:]]
    assert rows == ["# the first", "a: object_type", "b: item_id", "# the last", "c: mail_class"]


ROWS = ("  a: object_type\n", "  b: {is: packages, fields: {y: count, x: type}}\n", "  c: mail_class\n")


@given(order=st.permutations(ROWS))
@settings(max_examples=6, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_rows_in_any_order_come_to_the_one_of_the_grammar(order, lay_own):
    inner = "p/b/x,0,1,element,,,,\np/b/y,0,1,element,,,,\n"
    grammar = GRAMMAR.replace("p/b,0,1,element,,,,\n", f"p/b,0,unbounded,group,,,,\n{inner}")
    laid = lay_own("".join(order), grammar=grammar)
    assert laid.findings == ()
    assert [line.split(":")[0].strip() for line in laid.after.splitlines()[7:]] == ["a", "b", "c"]


def test_of_two_rows_for_one_field_the_first_stays_the_first(lay_own):
    laid = lay_own("  c: ucr\n  b: item_id\n  a: item_id\n", grammar=GRAMMAR)
    assert laid.findings == ()
    assert [line.split(":")[0].strip() for line in laid.after.splitlines()[7:]] == ["b", "a", "c"]


def test_table_with_errors_is_laid_but_not_sorted(lay_own):
    rows = "  b:  nothing\n  a: item_id\n"
    assert "  b:    nothing\n" in lay_own(rows, sort=False).after
    assert [f.code for f in lay_own(rows, sort=True).findings] == ["MAP161"]


def test_text_that_is_no_yaml_is_left_as_it_is(lay_own):
    laid = lay_own("  b: [x\n", sort=False)
    assert ([f.code for f in laid.findings], laid.changed) == (["MAP110"], False)


def test_lines_end_with_a_line_feed(own_table):
    registry, head = own_table("  a: item_id\n")
    text = lay(registry, head).after
    assert lay_text(registry, head, "\ufeff" + text.replace("\n", "\r\n")).after == text


def test_wco_id_and_name_stand_behind_a_row(lay_own):
    laid = lay_own(
        "  a: {is: goods_items, fields: {t: description}}\n  b: {is: gross_mass, unit: KGM}   # weighed by us\n",
        sort=False,
    )
    assert "# WCO 131 Total gross weight # weighed by us\n" in laid.after


def test_remark_that_no_longer_fits_is_replaced(lay_own):
    laid = lay_own("  b: {is: gross_mass, unit: KGM}  # WCO 145 Commodity Classification # ours\n", sort=False)
    assert "145" not in laid.after
    assert "# WCO 131 Total gross weight # ours\n" in laid.after


def test_plans_that_differ_are_told_apart(own_table):
    def plan(rows):
        return own_table(rows)[0].plan("own/a", ON)

    one = plan("  a: item_id\n  b: {is: mail_class, required: true}\n")
    assert same(one, plan("  a: item_id\n\n  # more\n  b: {required: true, is: mail_class}\n"))
    assert not same(
        one, plan("  b: {is: mail_class, required: true}\n  a: item_id\n")
    )  # no grammar: their order counts
    assert not same(one, plan("  a: item_id\n  b: mail_class\n"))
