"""What changed in a declaration travels, is named again by pointers, and every pointer leads to just that."""

import io
import os
from datetime import date
from decimal import Decimal
from functools import cache
from pathlib import Path

import msgspec
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from lxml import etree

from adapters.customs import wco_pointer
from adapters.customs.uk import AUTHORITY
from adapters.customs.uk.amendment import MOST
from gateway.findings import Row
from gateway.mapping.protocols import Limits
from gateway.mapping.registry import Registry, shipped
from gateway.mapping.trace import Entry
from gateway.model import Amount, Document, Identification, Measure, Party, Reference
from tests.adapters.customs.uk.declared import H7, MRN, asked, goods, pounds

ON = date(2026, 9, 14)
DATA = Path(os.environ.get("GATEWAY_SHARED_DATA", Path(__file__).resolve().parents[5] / "shared" / "data"))
OF_THE_FILING = {"FunctionCode", "FunctionalReferenceID", "ID", "TypeCode"}
ASKING = ("Declaration/AdditionalInformation", "Declaration/Amendment")
CASES = shipped() / "customs/uk/cases"
change = msgspec.structs.replace


@pytest.fixture(scope="module")
def registry():
    return Registry()


@pytest.fixture(scope="module")
def traced(registry):
    return lambda record: registry.format("customs/uk/h7", ON).trace_write(record).entries


@pytest.fixture(scope="module")
def amend(registry, traced):
    """The record of the request, its text, and its findings."""

    def make(changed, filed=H7, **facts):
        record, findings = AUTHORITY.request(asked(**facts), filed, changed, {}, traced)
        return record, registry.format("customs/uk/amendment", ON).write(record).text, findings

    return make


@cache
def schema():
    path = DATA / "uk-cds/schemas/customs/wrapper_submit.xsd"
    return etree.XMLSchema(etree.parse(path)) if path.is_file() else None


def chain(pointer):
    """`42A[1] 67A[1] 68A[2]+108`."""
    return " ".join(f"{s.section}[{s.number}]" + (f"+{s.tag}" if s.tag else "") for s in pointer)


def chains(record):
    return [chain(each.pointer) for each in record.amendments]


def payload(text):
    """Elements of the declaration by their names, but what belongs to every request."""
    root = etree.fromstring(text.encode())
    found = []
    for leaf in root.iter():
        names = [etree.QName(each).localname for each in (*reversed(list(leaf.iterancestors())), leaf)][2:]
        if names and not len(leaf) and names[0] not in {*OF_THE_FILING, "AdditionalInformation", "Amendment"}:
            found.append(("/".join(names), leaf.text))
    return found


def with_goods(number, **facts):
    items = list(H7.goods_items)
    items[number - 1] = change(items[number - 1], **facts)
    return change(H7, goods_items=tuple(items))


GI = "GoodsShipment/GovernmentAgencyGoodsItem"


def test_a_changed_value_travels_with_the_number_of_its_goods_item_and_nothing_else(amend):
    record, text, findings = amend(with_goods(2, value=pounds("9.00")))
    assert findings == ()
    assert payload(text) == [(f"{GI}/CustomsValueAmount", "9.00"), (f"{GI}/SequenceNumeric", "2")]
    assert chains(record) == ["42A[1] 67A[1] 68A[2]+108"]
    said = record.declaration
    assert (said.function, said.type, said.lrn, said.mrn) == ("13", "COR", "GW1-CHINA-X1", MRN)


def test_a_change_of_the_currency_alone_is_a_change_of_the_value(amend):
    assert chains(amend(with_goods(1, value=pounds("12.50", "EUR")))[0]) == ["42A[1] 67A[1] 68A[1]+108"]


def test_a_changed_description_is_named_below_its_commodity(amend):
    record, text, _ = amend(with_goods(3, description="Paperback novel, used"))
    assert payload(text) == [
        (f"{GI}/SequenceNumeric", "3"),
        (f"{GI}/Commodity/Description", "Paperback novel, used"),
    ]
    assert chains(record) == ["42A[1] 67A[1] 68A[3] 23A[1]+137"]


def test_of_a_party_only_the_changed_parts_of_the_address_travel(amend):
    moved = change(H7.importer, address=change(H7.importer.address, city="Derry", postcode="BT48 6DQ"))
    record, text, _ = amend(change(H7, importer=moved))
    at = "GoodsShipment/Importer/Address"
    assert payload(text) == [(f"{at}/CityName", "Derry"), (f"{at}/PostcodeID", "BT48 6DQ")]
    assert chains(record) == ["42A[1] 67A[1] 74A[1] 04A[1]+241", "42A[1] 67A[1] 74A[1] 04A[1]+245"]


def test_an_added_goods_item_travels_whole_with_the_new_count(amend):
    record, text, _ = amend(change(H7, goods_items=(*H7.goods_items, goods(4, "Tea towel"))))
    assert chains(record) == ["42A[1]+228", "42A[1] 67A[1] 68A[4]"]
    said = payload(text)
    assert ("GoodsItemQuantity", "4") in said
    assert (f"{GI}/Commodity/Description", "Tea towel") in said
    assert [value for name, value in said if name == f"{GI}/SequenceNumeric"] == ["4"]


def test_a_removed_goods_item_is_named_and_does_not_travel(amend):
    record, text, _ = amend(change(H7, goods_items=H7.goods_items[:2]))
    assert chains(record) == ["42A[1]+228", "42A[1] 67A[1] 68A[3]"]
    assert payload(text) == [("GoodsItemQuantity", "2")]


def test_goods_items_are_known_by_their_number_not_by_their_place(amend):
    record, text, _ = amend(change(H7, goods_items=(H7.goods_items[0], H7.goods_items[2])))
    assert chains(record) == ["42A[1]+228", "42A[1] 67A[1] 68A[2]"]
    assert payload(text) == [("GoodsItemQuantity", "2")]


def test_an_added_fiscal_reference_is_named_by_its_place_and_its_list_travels(amend):
    third = Reference(id="GB987654321", role="FR1")
    record, text, _ = amend(change(H7, fiscal_references=(*H7.fiscal_references, third)))
    assert chains(record) == ["42A[1] 67A[1] 55B[3]"]
    at = "GoodsShipment/DomesticDutyTaxParty"
    assert [value for name, value in payload(text) if name == f"{at}/ID"] == [
        "IM0000000000",
        "GB123456789",
        "GB987654321",
    ]


def test_procedures_of_two_rows_are_one_list_for_customs(amend):
    record, text, _ = amend(with_goods(2, additional_procedures=("1H7", "C08")))
    assert chains(record) == ["42A[1] 67A[1] 68A[2] 70A[3]+166"]
    assert [value for name, value in payload(text) if name.endswith("CurrentCode")] == ["40", "1H7", "C08"]


def test_a_party_that_was_not_there_is_named_once_by_its_class(amend):
    agent = Party(ids=(Identification(kind="EORI", id="GB987654321000"),), capacity="2")
    record, text, _ = amend(change(H7, representative=agent))
    assert chains(record) == ["42A[1] 05A[1]"]
    assert payload(text) == [("Agent/ID", "GB987654321000"), ("Agent/FunctionCode", "2")]


def test_each_change_has_its_reason_and_its_words(amend):
    record, text, _ = amend(with_goods(2, value=pounds("9.00"), description="Mug"), reason="32", text="As invoiced")
    assert [each.reason for each in record.amendments] == ["32", "32"]
    assert [(each.text, each.type, chain(each.pointer)) for each in record.statements] == [
        ("As invoiced", "AES", "42A[1] 06A[1]"),
        ("As invoiced", "AES", "42A[1] 06A[2]"),
    ]
    assert text.count("<StatementDescription>As invoiced<") == 2


def test_nothing_changed_is_nothing_to_ask_for(amend):
    (finding,) = amend(change(H7, declaration=change(H7.declaration, lrn="GW1-OTHER", mrn=MRN)))[2]
    assert finding.code == "TGT592"


def test_more_changes_than_five_digits_can_number_are_refused():
    row = Row("customs/uk/h7.yaml", 1)

    def traced(record):
        text = record.item_id or ""
        names = (f"Declaration/GoodsShipment/PreviousDocument[{n}]/ID" for n in range(1, MOST + 2))
        return tuple(Entry(name, "", text, row, wco_ids=("42A", "67A", "99A", "D018")) for name in names)

    (finding,) = AUTHORITY.request(asked(), H7, change(H7, item_id="other"), {}, traced)[1]
    assert (finding.code, finding.values) == ("TGT593", {"count": "100000", "most": "99999"})


# whatever changes

words = st.text("abcdefghij KLM", min_size=1, max_size=12).filter(lambda text: text.strip() == text)
masses = st.integers(1, 9999).map(lambda grams: Measure(Decimal(grams) / 1000))
amounts = st.builds(
    Amount, st.integers(1, 99999).map(lambda pence: Decimal(pence) / 100), st.sampled_from(["GBP", "EUR"])
)
items = st.builds(
    change,
    st.sampled_from(H7.goods_items),
    description=words,
    value=amounts,
    gross_mass=masses,
    tariff_code=st.sampled_from(["61091000", "6912002590"]),
    additional_procedures=st.lists(st.sampled_from(["1H7", "C07", "C08", "F48"]), unique=True).map(tuple),
    documents=st.lists(st.builds(Document, kind=st.just("supporting"), type=st.just("N380"), id=words)).map(tuple),
)
parties = st.builds(
    lambda base, name, city, postcode: change(
        base, name=name, address=change(base.address, city=city, postcode=postcode)
    ),
    st.sampled_from([H7.exporter, H7.importer]),
    words,
    words,
    st.none() | st.just("BT48 6DQ"),
)
FIELDS = {
    "postage": st.none() | amounts,
    "package_count": st.integers(1, 9),
    "exporter": parties,
    "importer": parties,
    "representative": st.none() | st.builds(Party, ids=st.just(H7.declarant.ids), capacity=st.sampled_from(["2", "3"])),
    "transport": st.none() | st.just(change(H7.transport, nationality="CN")),
    "fiscal_references": st.lists(st.builds(Reference, id=words, role=st.just("FR2")), max_size=4).map(tuple),
    "goods_items": st.lists(st.sampled_from(H7.goods_items) | items, min_size=1, max_size=5).map(
        lambda found: tuple(change(each, number=number) for number, each in enumerate(found, 1))
    ),
}
changed = (
    st.sets(st.sampled_from(sorted(FIELDS)), min_size=1)
    .flatmap(lambda names: st.fixed_dictionaries({name: FIELDS[name] for name in sorted(names)}))
    .map(lambda facts: change(H7, **facts))
)


def said(entries):
    """The texts of each element with its attributes, by its path; not what says which filing it is."""
    found = {}
    for entry in entries:
        path, _, _ = entry.message_path.partition("/@")
        if entry.wco_ids and entry.wco_ids[0] and path.removeprefix("Declaration/") not in OF_THE_FILING:
            found[path] = (*found.get(path, ()), entry.text)
    return found


def named(pointer, entries):
    """The elements that a pointer names among these; none where it does not lead all the way."""
    found = wco_pointer.locate(pointer, entries)
    wanted = len(pointer) + sum(1 for step in pointer if step.tag)
    if found is None or len([each for each in found.wco_ids if each]) < wanted:
        return set()
    return {path for path in said(entries) if path == found.message_path or path.startswith(f"{found.message_path}/")}


@settings(deadline=None)
@given(changed)
def test_pointers_name_just_what_changed_and_the_schema_takes_it(registry, traced, amend, changed):
    before, after = traced(H7), traced(changed)
    old, new = said(before), said(after)
    differing = {path for path in new if old.get(path) != new[path]}
    gone = set(old) - set(new)
    record, text, findings = amend(changed)
    if not differing and not gone:
        assert [finding.code for finding in findings] == ["TGT592"]
        return
    assert findings == ()
    found = [(named(each.pointer, after) & differing, named(each.pointer, before) & gone) for each in record.amendments]
    assert all(here or there for here, there in found)
    for each, (here, _) in zip(record.amendments, found, strict=True):
        assert not here or named(each.pointer, after) == here, "a pointer names what did not change"
    assert set().union(*(here for here, _ in found)) == differing
    assert set().union(*(there for _, there in found)) == gone
    travelling = said(registry.format("customs/uk/amendment", ON).trace_write(record).entries)
    assert {tuple(texts) for path, texts in new.items() if path in differing} <= set(travelling.values())
    if schema() is not None:
        schema().assertValid(etree.fromstring(text.encode()))


@pytest.mark.parametrize("name", ["h7", "h7-grouped", "birds", "low-value-import", "low-value-export"])
def test_every_data_set_is_amended_in_its_own_elements(name, registry):
    declaration = registry.format(f"customs/uk/{name}", ON)
    filed = read(declaration, CASES / name / "every-element.in")
    first, *others = filed.goods_items
    changed = change(
        filed,
        postage=pounds("3.21"),
        goods_items=(change(first, description="Something else", value=pounds("1.23"), net_mass=None), *others),
    )
    before, after = (said(declaration.trace_write(each).entries) for each in (filed, changed))
    target = f"customs/uk/{name}"
    request = AUTHORITY.request(asked(), filed, changed, {}, lambda each: declaration.trace_write(each).entries)[0]
    written = registry.format(AUTHORITY.request_format(target, "amend"), ON).trace_write(request)
    travelling = {path: texts for path, texts in said(written.entries).items() if not path.startswith(ASKING)}
    differing = {path for path in after if before.get(path) != after[path]}
    assert len(differing) >= 2
    assert {path: after[path] for path in differing}.items() <= travelling.items()
    assert {path.rpartition("/")[2] for path in travelling.keys() - differing} <= {"SequenceNumeric"}


def read(table, path):
    data = path.read_bytes()
    opening, part, *_ = table.syntax.slices(io.BytesIO(data), table.plan, len(data), Limits())
    raw = data[part.offset : part.offset + part.length]
    (item,) = table.syntax.items(opening, part, raw, table.plan, Limits())
    return table.read(item).record
