"""Danish declarations and requests: valid by the published schemas, complete both ways, told from their neighbours."""

from datetime import date
from pathlib import Path

import msgspec
import pytest
from lxml import etree

from gateway.mapping.registry import Registry, shipped
from gateway.model import Amendment
from gateway.workbench.schema.grammar import derived
from tests.evidence.dk_declarations import CASES, SAMPLES, SCHEMAS, messages, records, rows, schema, written
from tests.tables.conftest import ON

LEAVES = {
    "h7": (1, 1, 6, 8, 46 + 171),
    "h7-amendment": (0, 1, 1, 2, 175),
    "h7-presentation": (0, 1, 1, 2, 171),
    "h7-invalidation": (0, 1, 1, 2, 10),
    "h7-invalidation-repayment": (0, 1, 1, 2, 26),
    "h7-repayment": (0, 1, 1, 2, 23),
    "h6": (1, 1, 2, 4, 63 + 228),
    "h6-amendment": (0, 1, 1, 2, 232),
    "h6-presentation": (0, 1, 1, 2, 228),
    "h6-invalidation": (0, 1, 1, 2, 10),
    "h6-invalidation-repayment": (0, 1, 1, 2, 26),
    "h6-repayment": (0, 1, 1, 2, 23),
}
"""Published samples, own messages, own records, documents written of them, leaves of the messages."""
PAGE = Path(__file__).resolve().parents[2] / "docs" / "dk-customs.md"
BRITISH = sorted((shipped() / "customs" / "uk" / "cases" / "h7").glob("*-*.in"))


@pytest.fixture(scope="module")
def package(shared):
    if not (shared / "dk-dms" / "schemas").is_dir():
        pytest.skip("no schemas of the Danish customs: set GATEWAY_SHARED_DATA")
    return shared / "dk-dms"


@pytest.fixture(scope="module")
def evidence(package, registry):
    return {row.kind: row for row in rows(package.parent, registry)}


@pytest.mark.parametrize("kind", SCHEMAS)
def test_all_that_is_written_is_valid_and_no_leaf_is_lost_or_added(kind, evidence):
    row = evidence[kind]
    assert (row.published, row.messages, row.records, row.written, row.leaves) == LEAVES[kind]
    assert (row.valid, row.kept, row.differences) == (row.written, row.leaves, ())


@pytest.mark.parametrize("kind", SCHEMAS)
def test_our_own_messages_are_valid_themselves(kind, package):
    judge = schema(package, kind)
    for name, data in messages(kind, package):
        assert judge.validate(etree.fromstring(data)), (name, judge.error_log)


@pytest.mark.parametrize("kind", SCHEMAS)
def test_the_element_table_allows_no_more_than_the_schema(kind, package, registry):
    (head,) = [one for one in registry.heads() if one.format == f"customs/dk/{kind}"]
    found = derived(registry, head, [package / "schemas" / "Import_XSDs" / SCHEMAS[kind]])
    assert [(finding.code, finding.values) for finding in found.findings] == []


@pytest.mark.parametrize("kind", SCHEMAS)
def test_every_element_in_disorder_is_caught_by_the_schema(kind, package, desk):
    (_, record) = next(records(kind))
    document = etree.fromstring(written(desk(f"customs/dk/{kind}"), record))
    document.append(document[0])
    assert not schema(package, kind).validate(document)


@pytest.mark.parametrize("kind", SCHEMAS)
def test_a_document_is_told_by_function_and_category(kind, registry):
    data = (CASES / kind / "every-element.in").read_bytes()
    assert registry.recognise(data, ON)[0] == f"customs/dk/{kind}"


@pytest.mark.parametrize("kind", SAMPLES)
def test_a_published_sample_is_of_its_own_data_set_alone(kind, package, registry):
    data = (package / "samples" / SAMPLES[kind]).read_bytes()
    assert registry.recognise(data, ON) == (f"customs/dk/{kind}",)


def test_no_danish_document_is_british_though_the_namespace_is_the_same(registry):
    for kind in SCHEMAS:
        found = registry.recognise((CASES / kind / "every-element.in").read_bytes(), ON)
        assert {name.rpartition("/")[0] for name in found} == {"customs/dk"}


@pytest.mark.parametrize("path", BRITISH, ids=lambda path: path.stem)
def test_no_british_document_is_danish_though_the_namespace_is_the_same(path, registry):
    found = registry.recognise(path.read_bytes(), ON)
    assert found
    assert not any(name.startswith("customs/dk") for name in found)


def test_before_the_schema_was_in_force_there_is_no_such_format():
    assert "customs/dk/h7" not in {one.format for one in Registry().heads() if one.in_force(date(2025, 8, 31))}
    assert "customs/dk/h7" in {one.format for one in Registry().heads() if one.in_force(date(2025, 9, 1))}


def test_a_longer_commodity_code_is_cut_to_the_six_digits_of_the_harmonised_system_with_a_note(desk):
    table = desk("customs/dk/h7")
    (record,) = [record for name, record in records("h7") if name == "one-item.record"]
    assert record.goods_items[0].hs_code == "6109100010"
    found = table.format.write(record)
    assert [(one.code, one.severity) for one in found.findings] == [("TGT512", "info")]
    assert "<ID>610910</ID>" in found.text


@pytest.mark.parametrize("kind", ["h7-amendment", "h6-amendment", "h7-invalidation", "h6-invalidation-repayment"])
def test_a_request_gives_one_reason(kind, desk):
    (_, record) = next(records(kind))
    two = msgspec.structs.replace(record, amendments=(*record.amendments, Amendment(reason="6", text="And more")))
    found = desk(f"customs/dk/{kind}").format.write(two)
    assert "TGT511" in {finding.code for finding in found.findings}


@pytest.mark.parametrize("kind", ["h7-amendment", "h6-amendment"])
def test_an_amendment_names_the_declaration_that_customs_has(kind, desk):
    (_, record) = next(records(kind))
    unknown = msgspec.structs.replace(record, declaration=msgspec.structs.replace(record.declaration, mrn=None))
    found = desk(f"customs/dk/{kind}").format.write(unknown)
    assert [(finding.code, finding.source.path) for finding in found.findings if finding.severity == "error"] == [
        ("TGT501", "Declaration/ID")
    ]


def test_the_submitters_number_stands_as_name_and_as_number(desk):
    (_, record) = next(records("h7"))
    assert "<Name>12345678</Name>\n    <ID>12345678</ID>" in desk("customs/dk/h7").format.write(record).text


def test_classifications_are_numbered_and_split_as_six_two_and_two_digits(desk):
    (record,) = [record for name, record in records("h6") if name == "three-classifications.record"]
    document = etree.fromstring(written(desk("customs/dk/h6"), record))
    assert [[child.text for child in each] for each in document.iter("{*}Classification")] == [
        ["1", "420221", "HS"],
        ["2", "00", "CN"],
        ["3", "90", "TRC"],
    ]


def test_the_page_gives_these_figures(evidence):
    requests = [row for kind, row in evidence.items() if kind not in SAMPLES]
    declarations = [evidence[kind] for kind in SAMPLES]
    for name, of in (("all of H7, H6", declarations), ("ten kinds of requests", requests)):
        sums = [sum(getattr(row, field) for row in of) for field in ("written", "valid", "leaves", "kept")]
        assert f"| {name} | {' | '.join(map(str, sums))} |" in PAGE.read_text("utf-8")
    assert len(requests) == 10


def test_the_published_samples_come_back_leaf_by_leaf_as_the_page_says(package, desk, leaves):
    total = 0
    for kind, name in SAMPLES.items():
        data = (package / "samples" / name).read_bytes()
        (reading,) = desk(f"customs/dk/{kind}").read(data)
        assert reading.findings == ()
        assert leaves(written(desk(f"customs/dk/{kind}"), reading.record)) == leaves(data)
        total += len(leaves(data))
    assert f"| published H7, H6 | 2 | 2 | {total} | {total} |" in PAGE.read_text("utf-8")
