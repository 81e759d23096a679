"""The two compiled readers, the compiled writer and the traced twin: where the former have no doubt, all are equal.

Messages are made from the tables' own grammars: complete, incomplete, with strange elements, odd white space, comments,
sections, references, texts that fit and texts that do not.
"""

import io
import re
from decimal import Decimal
from xml.sax.saxutils import escape

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from gateway.mapping.law import LIMITS
from gateway.mapping.protocols import Item, Opening, Slice
from gateway.mapping.registry import Registry
from gateway.model import (
    Address,
    Amount,
    Communication,
    Consignment,
    Declaration,
    Document,
    GoodsItem,
    Identification,
    Measure,
    Moment,
    Party,
    Procedure,
    Reference,
)

from .conftest import ON, Desk

ALPHABET = st.characters(codec="utf-8", exclude_categories=["Cs", "Cc", "Cn"])
WORDS = st.text(ALPHABET, min_size=1, max_size=12) | st.sampled_from(
    ["A & B", "<x>", "]]>", " edge ", "é", "x" * 80, "0", " ", "\n"]
)
NUMBERS = st.decimals("-9999", "99999999", places=4).map(str) | st.sampled_from(
    ["1", "1.50", "1.234", "007", ".5", "5.", "+1", "1e3", "NaN", "-1", "1 0", "", "1,5", "99999999999999999"]
)
MOMENTS = st.sampled_from(["2026-09-13", "2026-09-13T17:40:00", "2026-09-13T17:40:00+09:00", "20260913", "yesterday"])
EXAMPLES = settings(
    max_examples=60, deadline=None, suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large]
)
SHORT = settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.too_slow])


@st.composite
def texts(draw, node):
    """A text for an element: mostly one that fits."""
    if draw(st.integers(0, 19)) == 0:
        return draw(WORDS | NUMBERS | MOMENTS)
    form = node.form if node else None
    if node is not None and node.values:
        return draw(st.sampled_from(node.values))
    if form and form.decimals is not None:
        return str(draw(st.decimals("0", "9999", places=draw(st.integers(0, form.decimals)))))
    if form and form.kind in "an":
        return draw(st.sampled_from("0123456789" if form.kind == "n" else "AZ")) * max(form.shortest, 1)
    if form and form.longest == 35 and draw(st.booleans()):
        return draw(MOMENTS)
    return draw(WORDS)[: form.longest if form and form.longest else None]


@st.composite
def content(draw, text):
    """A text as one may write it."""
    way = draw(st.integers(0, 11))
    if way == 0 and "]]>" not in text:
        return f"<![CDATA[{text}]]>"
    if way == 1:
        return f" {escape(text)}\n"
    if way == 2:
        return f"<!-- note -->{escape(text)}"
    if way == 3:
        return "".join(f"&#{ord(sign)};" for sign in text)
    return escape(text)


def shaken(parts, way):
    """Children with one of four faults, or mostly none."""
    if way == 0:
        return [*reversed(parts)]
    strange = ("<strange>1</strange>", "<!-- between -->", "stray")[way - 1 : way]
    return [*parts, *strange] if way else parts


@st.composite
def elements(draw, element, odd):
    """One element with what its grammar knows below it; `odd` allows what no grammar knows."""
    name = element.path.rpartition("/")[2]
    attributes = ""
    for attribute in element.attributes:
        if draw(st.integers(0, 9)) < 8:
            quote = draw(st.sampled_from('""""\''))
            value = escape(draw(texts(attribute.node)), {'"': "&quot;", "'": "&apos;", "\n": " "})
            attributes += f" {attribute.name}={quote}{value}{quote}"
    if odd and draw(st.integers(0, 60)) == 0:
        attributes += ' strange="1"'
    if not element.children:
        inner = draw(content(draw(texts(element.node))))
        return f"<{name}{attributes}>{inner}</{name}>" if inner or draw(st.booleans()) else f"<{name}{attributes}/>"
    parts = []
    for child in element.children:
        counts = [1] * 3 + [2] if child.repeats else [1] * 30 + [0]
        count = draw(st.sampled_from(counts if child.required else sorted({0, *counts})))
        parts += [draw(elements(child, odd)) for _ in range(count)]
    if odd:
        parts = shaken(parts, draw(st.integers(0, 40)))
    gap = draw(st.sampled_from(["", "\n", "\r\n  ", "\t"]))
    return f"<{name}{attributes}>{gap}{gap.join(parts)}{gap}</{name}>"


def unit_of(plan, element):
    """The element that is one unit, as the plan has it."""
    for step in [*plan.root, *plan.unit][1:]:
        element = next(child for child in element.children if child.path.rpartition("/")[2] == step.local)
    return element


def document(plan, units):
    """Units in their envelope."""
    steps = [step.local for step in [*plan.root, *plan.unit]][:-1]
    namespace = plan.namespaces.get("", ("",))[0]
    first, *rest = steps
    begin = f'<{first} xmlns="{namespace}">' + "".join(f"<{name}>" for name in rest)
    return begin + "\n".join(units) + "".join(f"</{name}>" for name in reversed(steps))


def agree(table, text):
    """Every reader of a table says the same of every unit, or leaves it to the twin."""
    data = text.encode()
    opening = None
    for part in table.form.syntax.slices(io.BytesIO(data), table.plan, len(data), LIMITS):
        if isinstance(part, Opening):
            opening = part
        elif isinstance(part, Slice):
            raw = data[part.offset : part.offset + part.length]
            parsed = list(table.form.syntax.items(opening, part, raw, table.plan, LIMITS))
            offered = list(table.form.items(opening, part, raw, LIMITS))
            assert [(item.ordinal, item.span) for item in parsed] == [(item.ordinal, item.span) for item in offered]
            for item, fast in zip(parsed, offered, strict=True):
                assert isinstance(item, Item) == isinstance(fast, Item)
                if isinstance(item, Item):
                    compare(table, item, fast)


def compare(table, item, fast):
    trace = table.form.twin_reader.read(item)
    for record in (fast.record, table.form.reader(item.body, item.equals)):
        if record is not None:
            assert record == trace.record
            assert trace.findings == ()


@pytest.fixture(scope="module", params=["upu/itmatt-1.5", "upu/cusrsp-1"])
def message(request):
    return Desk(Registry().format(request.param, ON))


@EXAMPLES
@given(data=st.data())
def test_readers_agree_on_messages_with_all_kinds_of_faults(message, data):
    unit = unit_of(message.plan, message.plan.document)
    agree(message, document(message.plan, [data.draw(elements(unit, odd=True)) for _ in range(2)]))


@SHORT
@given(data=st.data())
def test_readers_agree_on_messages_that_only_differ_in_values(message, data):
    unit = unit_of(message.plan, message.plan.document)
    agree(message, document(message.plan, [data.draw(elements(unit, odd=False))]))


FEATURES = """
    id: {is: item_id, required: true}
    doc[@kind='A']: {is: documents, fields: {'@kind': type, no: id, line: line}}
    doc[not(@kind)]: {is: documents, fields: {no: id}}
    ref: {is: references, fields: {'.': id, '@type': type}}
    proc[prev]: {is: goods_items, fields: {no: '#', code: procedure.requested, prev: procedure.previous}}
    proc[not(prev)]: {is: order_numbers, fields: {no: '#', code: .}}
    cat + type: {is: item_id_type, split: [1, rest]}
    cost: {is: ., fields: {value: {is: value, currency: ../cur}, cur: extension.cur}}
    weight: {is: gross_mass, unit: '@unit | KGM'}
    at: {is: posted_at, date: '@form'}
    line: consignee.address.lines
    mail: "consignee.communications[type=EM].value"
    extra: {is: extension, fields: {'@name': key, '.': value}}
"""


@EXAMPLES
@given(data=st.data())
def test_readers_agree_on_every_feature_of_rows(features, data):
    parcel = data.draw(elements(features.plan.document, odd=True))
    agree(features, parcel)


@pytest.fixture(scope="module")
def features(tmp_path_factory):
    folder = tmp_path_factory.mktemp("tables")
    rows = "format: a\ntitle: A\nsyntax: xml\nrecord: Consignment\nroot: parcel\nfields:\n" + FEATURES
    (folder / "a.yaml").write_text(rows)
    return Desk(Registry([folder]).format("a", ON))


# records

TEXT = st.none() | WORDS
DECIMALS = st.decimals("0", "99999999", places=3)
PARTIES = st.builds(
    Party,
    name=TEXT,
    ids=st.lists(st.builds(Identification, kind=st.sampled_from(["EORI", "OTHER"]), id=WORDS), max_size=2).map(tuple),
    capacity=TEXT,
    address=st.none()
    | st.builds(
        Address,
        lines=st.lists(WORDS, max_size=3).map(tuple),
        city=TEXT,
        postcode=TEXT,
        country=st.none() | st.sampled_from(["GB", "PT", "X"]),
    ),
    communications=st.lists(st.builds(Communication, type=st.sampled_from(["TE", "EM"]), value=WORDS), max_size=2).map(
        tuple
    ),
)
AMOUNTS = st.none() | st.builds(Amount, amount=DECIMALS, currency=st.sampled_from(["EUR", "JPY", "E1"]))
MASSES = st.none() | st.builds(Measure, value=DECIMALS, unit=st.sampled_from(["KGM", "GRM", "XXX"]))
DOCUMENTS = st.lists(
    st.builds(
        Document,
        kind=st.none() | st.sampled_from(["previous", "supporting"]),
        type=TEXT,
        id=TEXT,
        line=st.none() | st.integers(0, 99),
    ),
    max_size=3,
).map(tuple)
GOODS = st.builds(
    GoodsItem,
    number=st.none() | st.integers(1, 99),
    description=TEXT,
    hs_code=TEXT,
    tariff_code=st.none() | st.sampled_from(["61091000", "6109100010", "610910001012", "A&B"]),
    quantity=st.none() | DECIMALS,
    net_mass=MASSES,
    gross_mass=MASSES,
    value=AMOUNTS,
    procedure=st.none() | st.builds(Procedure, requested=TEXT, previous=TEXT),
    additional_procedures=st.lists(WORDS, max_size=2).map(tuple),
    documents=DOCUMENTS,
    extension=st.dictionaries(WORDS, WORDS, max_size=2),
)
CONSIGNMENTS = st.builds(
    Consignment,
    item_id=TEXT,
    nature=TEXT,
    posted_at=st.none() | st.sampled_from([Moment("2026-09-13"), Moment("2026-09-13T17:40:00Z")]),
    gross_mass=MASSES,
    value=AMOUNTS,
    postage=AMOUNTS,
    declaration=st.none() | st.builds(Declaration, type=TEXT, lrn=TEXT, function=st.none() | st.just("9")),
    declarant=st.none() | PARTIES,
    consignor=st.none() | PARTIES,
    consignee=st.none() | PARTIES,
    exporter=st.none() | PARTIES,
    references=st.lists(st.builds(Reference, type=TEXT, id=TEXT), max_size=2).map(tuple),
    documents=DOCUMENTS,
    goods_items=st.lists(GOODS, max_size=3).map(tuple),
    extension=st.dictionaries(WORDS, WORDS, max_size=2),
)


@pytest.mark.parametrize(
    "name",
    [
        "upu/itmatt-1.5",
        *(f"customs/uk/{kind}" for kind in ("h7", "h7-grouped", "birds", "low-value-import", "low-value-export")),
        "customs/wco/declaration-3.6",
    ],
)
@SHORT
@given(record=CONSIGNMENTS)
def test_writers_agree_on_records_of_all_kinds(shipped, name, record):
    table = shipped(name)
    assert table.write(record) == table.form.write(record).text


@SHORT
@given(record=CONSIGNMENTS)
def test_writers_agree_on_every_feature_of_rows(features, record):
    assert features.write(record) == features.form.write(record).text


@SHORT
@given(record=CONSIGNMENTS)
def test_what_is_written_without_complaint_is_read_again(shipped, record):
    table = shipped("customs/wco/declaration-3.6")
    written = table.form.write(record)
    if written.text is not None:
        (item, *_), *_ = table.units(written.text)
        reading = table.form.read(item)
        assert not [f for f in reading.findings if f.severity == "error"]
        again = table.form.write(reading.record).text
        assert again is not None
        assert edged(again) == edged(written.text)


def edged(text):
    """Without the white space at the edges of texts, which reading leaves out."""
    return re.sub(r">\s*([^<>]*?)\s*<", r">\1<", text)


def test_the_fast_way_is_taken_on_ordinary_messages(shipped):
    """Otherwise the tests above would prove nothing."""
    from gateway.mapping.registry import shipped as folder

    text = (folder() / "upu" / "cases" / "itmatt-1.5" / "every-element.in").read_text()
    assert all(item.record is not None for item in shipped("upu/itmatt-1.5").scanned(text))
    record = Consignment(item_id="1", goods_items=(GoodsItem(number=1, value=Amount(Decimal(1), "EUR")),))
    assert shipped("customs/wco/declaration-3.6").writes_compiled(record)
