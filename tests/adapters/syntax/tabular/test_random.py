"""Files made at random: no exception, no byte lost, the same items whatever the slices; what was put in is found."""

import csv
import io

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from adapters.syntax.tabular import SYNTAX, header, text
from adapters.syntax.tabular.group import Keys, grouped
from adapters.syntax.tabular.layout import layout
from adapters.syntax.tabular.lines import lines
from gateway.mapping.protocols import Bad, Item, Limits, Opening, Slice

from .conftest import COLUMNS

FIXTURES = [HealthCheck.function_scoped_fixture, HealthCheck.too_slow]
HEAD = f"{COLUMNS}\n".encode()
WORDS = st.sampled_from(
    ["", "P1", "P2", "B", "0", "1", "2.50", "2026-09-01", "45931", "é", "Ὀδ", "a,b", 'say "x"', "two\nlines", "TOTAL",
     "=1+1", "'=a", " ", "3.4E+17", "340434763452009000", "1012.0", "x" * 40]
)  # fmt: skip
SCRAPS = st.sampled_from([b"P1", b"P2", b",", b",,,,,,,,,", b'"', b'""', b"\n", b"\r\n", b"\r", b"\xff", b"\xe9",
                          b"\x00", b"TOTAL", "é".encode(), b";", b" ", b"B,P1,O,A,1,1,1,1,G,2026-09-01\n"])  # fmt: skip
ROWS = st.lists(st.lists(WORDS, min_size=10, max_size=10), max_size=14)


def file_of(rows):
    out = io.StringIO(newline="")
    csv.writer(out, lineterminator="\n").writerows(rows)
    return HEAD + out.getvalue().encode()


def all_rows(data, plan):
    found = header.find(data, layout(plan))
    body = io.BytesIO(data[found.length :])
    return found, list(text.rows(lines(body, found.length, 2, 1_000_000), found))


@settings(max_examples=300, deadline=None, suppress_health_check=FIXTURES)
@given(scraps=st.lists(SCRAPS, max_size=60).map(b"".join))
def test_rows_tile_the_file_and_each_belongs_to_one_item_or_is_skipped_for_a_reason(scraps, plan):
    data = HEAD + scraps
    found, rows = all_rows(data, plan)
    at = found.length
    for row in rows:
        assert row.offset == at
        at += row.length
    assert at == len(data)
    keys = Keys(layout(plan), found)
    groups = grouped(rows, keys)
    assert sum(len(group.rows) for group in groups) + keys.blank + len(keys.totals) == len(rows)
    assert all(row.code or len(row.cells) == found.width for row in rows)


@settings(max_examples=300, deadline=None, suppress_health_check=FIXTURES)
@given(scraps=st.lists(SCRAPS, max_size=60).map(b"".join), size=st.integers(1, 4))
def test_any_heap_of_scraps_is_read_without_an_exception(scraps, size, read, table):
    data = HEAD + scraps
    whole, cut = read(data), read(data, size=size)
    assert [(one.ordinal, one.span, type(one)) for one in cut.outcomes] == [
        (one.ordinal, one.span, type(one)) for one in whole.outcomes
    ]
    for item in whole.items:
        raw = data[item.span.offset : item.span.offset + item.span.length]
        trace = table.trace_read(item, raw, whole.opening)
        record = table.reader(item.body, item.equals)
        assert record is None or (record == trace.record and trace.findings == ())


@settings(max_examples=300, deadline=None, suppress_health_check=FIXTURES)
@given(scraps=st.lists(SCRAPS, max_size=30).map(b"".join))
def test_what_is_read_in_one_go_is_read_as_line_by_line(scraps, plan):
    found, rows = all_rows(HEAD + scraps, plan)
    plain = text.at_once(scraps, found.length, 2, found, 1_000_000)
    if plain is not None:
        assert [seen(row) for row in plain] == [seen(row) for row in rows]
    keys = Keys(layout(plan), found)
    glance = text.keyed(lines(io.BytesIO(scraps), found.length, 2, 1_000_000), found, keys.places)
    assert [(row.offset, row.length, row.line, keys.of(row)) for row in glance] == [
        (row.offset, row.length, row.line, key) for row, key in zip(rows, keys_of(rows, plan, found), strict=True)
    ]


def seen(row):
    return row.offset, row.length, row.line, row.cells, row.code, row.assumed


def keys_of(rows, plan, found):
    keys = Keys(layout(plan), found)
    return [keys.of(row) for row in rows]


@settings(max_examples=200, deadline=None, suppress_health_check=FIXTURES)
@given(data=st.binary(max_size=300))
def test_bytes_of_any_kind_are_read_without_an_exception(data, read, plan):
    read(data)
    read(HEAD + data)
    read(b"PK\x03\x04" + data)
    SYNTAX.recognise(data, (plan,))
    SYNTAX.id_hint(data, plan)
    SYNTAX.refuse(data, len(data), Limits())


@settings(max_examples=300, deadline=None, suppress_health_check=FIXTURES)
@given(rows=ROWS)
def test_every_cell_is_found_where_it_was_put(rows, plan):
    data = file_of(rows)
    _, read_rows = all_rows(data, plan)
    assert [row.cells for row in read_rows] == rows
    assert not any(row.code for row in read_rows)


@settings(max_examples=200, deadline=None, suppress_health_check=FIXTURES)
@given(rows=ROWS)
def test_an_item_read_alone_says_what_it_says_in_the_whole(rows, plan, read):
    data = file_of(rows)
    found = read(data)
    for one in found.outcomes:
        raw = data[one.span.offset : one.span.offset + one.span.length]
        alone = Slice(1, one.ordinal, one.span.offset, one.span.length, one.span.line, 1)
        again = next(SYNTAX.items(found.opening, alone, raw, plan, Limits()))
        assert type(again) is type(one)
        if isinstance(one, Item) and isinstance(again, Item):
            assert shown(again.body) == shown(one.body)


@settings(max_examples=100, deadline=None, suppress_health_check=FIXTURES)
@given(rows=ROWS)
def test_divided_slices_hold_the_same_items(rows, plan):
    data = file_of(rows)
    events = list(SYNTAX.slices(io.BytesIO(data), plan, 500, Limits()))
    opening = next((event for event in events if isinstance(event, Opening)), None)
    for whole in (event for event in events if isinstance(event, Slice)):
        stretch = data[whole.offset : whole.offset + whole.length]
        parts = list(SYNTAX.divided(opening, whole, stretch, plan, Limits()))
        assert sum(part.items for part in parts) == whole.items
        assert whole.items == 1 or len(parts) > 1
        found = [one for part in parts for one in of(part, data, opening, plan)]
        wanted = list(of(whole, data, opening, plan))
        assert [(one.ordinal, one.span, isinstance(one, Bad)) for one in found] == [
            (one.ordinal, one.span, isinstance(one, Bad)) for one in wanted
        ]


def of(part, data, opening, plan):
    return SYNTAX.items(opening, part, data[part.offset : part.offset + part.length], plan, Limits())


def shown(body):
    return [(child.tag, child.text, shown(child)) for child in body]
