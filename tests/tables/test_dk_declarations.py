"""Danish declarations and requests: valid by the published schemas, complete both ways, told from their neighbours."""

from datetime import date
from pathlib import Path

import msgspec
import pytest
from lxml import etree

from gateway.mapping.registry import Registry, shipped
from gateway.model import Amendment
from gateway.workbench.schema.grammar import derived
from tests.evidence.dk_declarations import CASES, SAMPLES, SCHEMAS, messages, records, rows, schema_file, written
from tests.tables.conftest import ON

LEAVES = {
    "h7": (1, 1, 6, 8, 46 + 171),
    "h7-amendment": (0, 1, 1, 2, 175),
    "h7-presentation": (0, 1, 1, 2, 39),
    "h7-invalidation": (0, 1, 1, 2, 10),
    "h7-invalidation-repayment": (0, 2, 1, 3, 47),
    "h7-repayment": (0, 1, 1, 2, 28),
    "h6": (1, 1, 2, 4, 63 + 228),
    "h6-amendment": (0, 1, 1, 2, 232),
    "h6-presentation": (0, 1, 1, 2, 39),
    "h6-invalidation": (0, 1, 1, 2, 10),
    "h6-invalidation-repayment": (0, 2, 1, 3, 47),
    "h6-repayment": (0, 1, 1, 2, 28),
}
"""Published samples, own messages, own records, documents written of them, leaves of the messages."""
PAGE = Path(__file__).resolve().parents[2] / "docs" / "dk-customs.md"
BRITISH = sorted((shipped() / "customs" / "uk" / "cases" / "h7").glob("*-*.in"))


@pytest.fixture(scope="module")
def package(shared):
    if not (shared / "dk-dms" / "schemas").is_dir():
        pytest.skip("no schemas of the Danish customs: set GATEWAY_SHARED_DATA")
    return shared / "dk-dms"


@pytest.fixture
def schema(package):
    """The file of a published schema."""

    def of(kind):
        file = schema_file(package, kind)
        if not file.is_file():
            pytest.skip(f"no {file.name} in the package at hand")
        return file

    return of


@pytest.fixture(scope="module")
def evidence(package, registry):
    return {row.kind: row for row in rows(package.parent, registry)}


@pytest.mark.parametrize("kind", SCHEMAS)
def test_all_that_is_written_is_valid_and_no_leaf_is_lost_or_added(kind, evidence):
    row = evidence[kind]
    assert (row.published, row.messages, row.records, row.written, row.leaves) == LEAVES[kind]
    assert (row.kept, row.differences) == (row.leaves, ())
    assert row.valid == (None if kind.endswith("presentation") and row.valid is None else row.written)


@pytest.mark.parametrize("kind", SCHEMAS)
def test_our_own_messages_are_valid_themselves(kind, package, schema):
    judge = etree.XMLSchema(etree.parse(schema(kind)))
    for name, data in messages(kind, package):
        assert judge.validate(etree.fromstring(data)), (name, judge.error_log)


@pytest.mark.parametrize("kind", SCHEMAS)
def test_the_element_table_allows_no_more_than_the_schema(kind, schema, registry):
    (head,) = [one for one in registry.heads() if one.format == f"customs/dk/{kind}"]
    found = derived(registry, head, [schema(kind)])
    assert [(finding.code, finding.values) for finding in found.findings] == []


@pytest.mark.parametrize("kind", SCHEMAS)
def test_every_element_in_disorder_is_caught_by_the_schema(kind, schema, desk):
    (_, record) = next(records(kind))
    document = etree.fromstring(written(desk(f"customs/dk/{kind}"), record))
    document.append(document[0])
    assert not etree.XMLSchema(etree.parse(schema(kind))).validate(document)


@pytest.mark.parametrize("kind", SCHEMAS)
def test_a_document_is_told_by_function_and_category(kind, registry):
    data = (CASES / kind / "every-element.in").read_bytes()
    assert registry.recognise(data, ON)[0] == f"customs/dk/{kind}"


@pytest.mark.parametrize("kind", ["h7", "h6"])
def test_an_invalidation_is_one_with_repayment_where_it_applies_for_that(kind, registry):
    alone = (CASES / f"{kind}-invalidation-repayment" / "without-repayment.in").read_bytes()
    assert registry.recognise(alone, ON) == (f"customs/dk/{kind}-invalidation",)


@pytest.mark.parametrize(("purpose", "said"), [("amendment", "COR"), ("presentation", "GPR"), ("repayment", "RRA")])
def test_a_request_says_of_what_type_it_is_whatever_the_declaration_was(purpose, said, desk):
    (_, record) = next(records(f"h7-{purpose}"))
    assert record.declaration.type == "IMA"
    assert f"<TypeCode>{said}</TypeCode>" in desk(f"customs/dk/h7-{purpose}").format.write(record).text


def test_a_unit_that_is_stated_is_understood_and_need_not_be_written(package, desk):
    data = (package / "samples" / SAMPLES["h7"]).read_bytes()
    stated = data.replace(b"<ns2:GrossMassMeasure>", b"<ns2:GrossMassMeasure unitCode='KGM'>")
    (reading,), (other,) = (desk("customs/dk/h7").read(each) for each in (data, stated))
    assert stated != data
    assert (other.findings, other.record) == ((), reading.record)
    (grams,) = desk("customs/dk/h7").read(stated.replace(b"KGM", b"GRM"))
    assert {finding.code for finding in grams.findings} == {"SRC275"}


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
    present = [row for kind, row in evidence.items() if kind.endswith("presentation")]
    requests = [row for kind, row in evidence.items() if kind not in SAMPLES and row not in present]
    declarations = [evidence[kind] for kind in SAMPLES]
    assert (len(declarations), len(requests), len(present)) == (2, 8, 2)
    for name, of in (("all of H7, H6", declarations), ("eight kinds of requests", requests)):
        sums = [sum(getattr(row, field) for row in of) for field in ("written", "valid", "leaves", "kept")]
        assert f"| {name} | {' | '.join(map(str, sums))} |" in PAGE.read_text("utf-8")
    documents, leaves = sum(row.written for row in present), sum(row.leaves for row in present)
    assert (
        f"| two kinds of presentations | {documents} | {documents}, see below | {leaves} | {leaves} |"
        in PAGE.read_text()
    )


def test_the_published_samples_come_back_leaf_by_leaf_as_the_page_says(package, desk, leaves):
    total = 0
    for kind, name in SAMPLES.items():
        data = (package / "samples" / name).read_bytes()
        (reading,) = desk(f"customs/dk/{kind}").read(data)
        assert reading.findings == ()
        assert leaves(written(desk(f"customs/dk/{kind}"), reading.record)) == leaves(data)
        total += len(leaves(data))
    assert f"| published H7, H6 | 2 | 2 | {total} | {total} |" in PAGE.read_text("utf-8")
