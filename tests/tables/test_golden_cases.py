"""Golden cases beside the tables: what a message was understood to say, record by record; no row without a case."""

from collections import Counter

import msgspec
import pytest

from gateway.mapping.protocols import Opening
from gateway.mapping.registry import Registry, shipped
from gateway.mapping.twin.reading import Reader
from gateway.model import Message

CASES = [path for path in sorted(shipped().rglob("cases/*/*.in")) if path.with_suffix(".out").exists()]
CLEAN = [path for path in CASES if not path.with_suffix(".findings").exists()]
FORMATS = Registry().names()
ENCODER = msgspec.json.Encoder(decimal_format="string")


def format_of(path):
    return f"{path.parents[2].relative_to(shipped()).as_posix()}/{path.parent.name}"


def named(path):
    return f"{format_of(path)}/{path.stem}"


@pytest.fixture
def records(desk):
    def of(path):
        table, data = desk(format_of(path)), path.read_bytes()
        outer = [each.record for each in table.outer(data) if isinstance(each.record, Message)]
        return [*outer, *(each.record for each in table.read(data))]

    return of


@pytest.mark.parametrize("path", CASES, ids=named)
def test_a_case_is_understood_as_it_was_when_it_was_checked(path, records):
    expected = path.with_suffix(".out").read_bytes().splitlines()
    assert [ENCODER.encode(record) for record in records(path)] == expected


@pytest.mark.parametrize("path", CLEAN, ids=named)
def test_a_case_comes_back_with_nothing_lost_and_nothing_but_the_derived_added(path, desk, leaves):
    table, data = desk(format_of(path)), path.read_bytes()
    if not table.format.plan.writes or table.format.scribe:
        pytest.skip("read only, or no XML: the law itself looks at it")
    again, findings = written(table, data)
    assert findings == []
    before, after = Counter(leaves(data)), Counter(leaves(again))
    assert before - after == Counter()
    assert after - before == Counter()


@pytest.mark.parametrize("name", FORMATS)
def test_every_row_of_a_table_stands_in_a_case(name, desk):
    table = desk(name)
    traces = [trace for path in CASES if format_of(path) == name for trace in traced(table, path.read_bytes())]
    said = {entry.row for trace in traces for entry in trace.entries}
    rows = {value.row: f"{value.key}: {value.model}" for value in table.format.plan.values if not value.implied}
    assert {words for row, words in rows.items() if row not in said} == set()


def traced(table, data):
    """Every item, and what stands around the items."""
    yield from table.traces(data)
    plan = table.format.plan
    if plan.record == "Message":
        for part, _, _ in table.parts(data):
            if isinstance(part, Opening):
                yield Reader(plan).read_outer(table.format.syntax.outer(part, plan))


def written(table, data):
    """The document written from what was read, and every finding of both ways."""
    readings = table.read(data)
    units = [table.format.write(each.record) for each in readings]
    findings = [finding for each in (*readings, *units) for finding in each.findings]
    if table.format.plan.record != "Message":
        return units[0].text.encode(), findings
    (outer,) = table.outer(data)
    return b"".join(table.format.frame(outer.record, [each.text for each in units])), findings
