"""What rows make of a record: order, constants, lists, predicates, forms, and what cannot be written."""

from decimal import Decimal

import pytest

from gateway.mapping.trace import Entry
from gateway.model import (
    Address,
    Amount,
    Communication,
    Consignment,
    Decision,
    Declaration,
    Document,
    GoodsItem,
    Location,
    Measure,
    Moment,
    Package,
    Party,
    Procedure,
    Reason,
    Reference,
)

HEAD = '<?xml version="1.0" encoding="UTF-8"?>\n'


def lines(text):
    """A document without its first line and indentation."""
    return "".join(line.strip() for line in text.removeprefix(HEAD).splitlines())


def test_document_is_indented_one_element_a_line(desk):
    table = desk("""
        id: item_id
        party/name: consignor.name
    """)
    written = table.write(Consignment(item_id="1", consignor=Party(name="A")))
    assert written == (HEAD + "<parcel>\n  <id>1</id>\n  <party>\n    <name>A</name>\n  </party>\n</parcel>\n")


def test_order_is_the_grammars_not_the_tables(desk):
    grammar = """
        parcel,1,1,group,,,,
        parcel/a,0,1,element,,,,
        parcel/b,0,1,element,,,,
    """
    table = desk(
        """
        b: mail_class
        a: item_id
    """,
        grammar=grammar,
    )
    assert lines(table.write(Consignment(item_id="1", mail_class="U"))) == "<parcel><a>1</a><b>U</b></parcel>"


def test_namespaces_are_declared_at_the_root_and_used(desk):
    rows = """
        /m:doc/m:version: {constant: '1'}
        id: item_id
    """
    table = desk(rows, root="m:doc/parcel", head='namespaces: {"": urn:a, m: urn:m, unused: urn:u}')
    assert lines(table.write(Consignment(item_id="1"))) == (
        '<m:doc xmlns="urn:a" xmlns:m="urn:m"><m:version>1</m:version><parcel><id>1</id></parcel></m:doc>'
    )


def test_markup_is_escaped_once(desk):
    table = desk("name: consignor.name")
    written = table.write(Consignment(consignor=Party(name='Ångström & Søn <familie> "x"')))
    assert '<name>Ångström &amp; Søn &lt;familie&gt; "x"</name>' in written
    assert table.writes_compiled(Consignment(consignor=Party(name="A & B")))


def test_attribute_values_are_quoted(desk):
    table = desk("ref: {is: references, fields: {'.': id, '@type': type}}")
    written = table.write(Consignment(references=(Reference(id="1", type='A"<&'),)))
    assert '<ref type="A&quot;&lt;&amp;">1</ref>' in written


def test_characters_that_cannot_be_written_are_a_finding(desk):
    assert desk("id: item_id").complaints(Consignment(item_id="a\x01b")) == ["TGT514"]


def test_constants_and_predicates_do_not_bring_an_element_about(desk):
    table = desk("""
        doc[type='IV']/no: extension.invoice
        place:
          is: goods_location
          fields:
            kind: {constant: A}
            name: name
        fixed/version: {constant: "3"}
    """)
    assert lines(table.write(Consignment())) == "<parcel><fixed><version>3</version></fixed></parcel>"
    full = Consignment(extension={"invoice": "9"}, goods_location=Location(name="X"))
    assert lines(table.write(full)) == (
        "<parcel><doc><no>9</no><type>IV</type></doc><place><kind>A</kind><name>X</name></place>"
        "<fixed><version>3</version></fixed></parcel>"
    )


def test_first_present_part_is_written_whole(desk):
    table = desk("from: {is: exporter | consignor, fields: {name: name, city: address.city}}")
    consignor = Party(name="B", address=Address(city="Lisboa"))
    assert (
        lines(table.write(Consignment(consignor=consignor)))
        == "<parcel><from><name>B</name><city>Lisboa</city></from></parcel>"
    )
    both = Consignment(exporter=Party(name="A"), consignor=consignor)
    assert lines(table.write(both)) == "<parcel><from><name>A</name></from></parcel>"


def test_first_present_place_of_a_value_is_written(desk):
    table = desk("code: extension.tariff | item_id")
    assert "<code>2</code>" in table.write(Consignment(item_id="2"))
    assert "<code>1</code>" in table.write(Consignment(item_id="2", extension={"tariff": "1"}))
    assert table.writes_compiled(Consignment(item_id="2"))


def test_lists_are_filtered_by_their_predicate(desk):
    table = desk("prev: {is: 'documents[kind=previous]', fields: {no: id}}")
    documents = (Document(kind="previous", id="1"), Document(kind="supporting", id="2"))
    assert lines(table.write(Consignment(documents=documents))) == "<parcel><prev><no>1</no></prev></parcel>"


def test_entry_is_picked_by_its_predicate(desk):
    table = desk("mail: 'consignee.communications[type=EM].value'")
    party = Party(communications=(Communication(type="TE", value="1"), Communication(type="EM", value="a@example.org")))
    assert lines(table.write(Consignment(consignee=party))) == "<parcel><mail>a@example.org</mail></parcel>"


def test_list_of_texts_and_list_on_one_line(desk):
    table = desk("""
        line: consignee.address.lines
        all: {is: consignor.address.lines, as: one-line}
    """)
    address = Address(lines=("a & b", "c"))
    written = table.write(Consignment(consignee=Party(address=address), consignor=Party(address=address)))
    assert lines(written) == "<parcel><line>a &amp; b</line><line>c</line><all>a &amp; b, c</all></parcel>"


def test_elements_are_numbered_among_their_siblings(desk):
    table = desk("""
        proc[prev]: {is: 'goods_items', fields: {no: '#', code: procedure.requested, prev: procedure.previous}}
        proc[not(prev)]: {is: order_numbers, fields: {no: '#', code: .}}
    """)
    record = Consignment(
        goods_items=(GoodsItem(procedure=Procedure(requested="40", previous="00")),), order_numbers=("C07", "F48")
    )
    assert lines(table.write(record)) == (
        "<parcel><proc><no>1</no><code>40</code><prev>00</prev></proc>"
        "<proc><no>2</no><code>C07</code></proc><proc><no>3</no><code>F48</code></proc></parcel>"
    )
    assert table.writes_compiled(record)


def test_number_of_a_block_stands_deeper_inside(desk):
    table = desk("pack: {is: packages, fields: {id/line: '#', id/type: type}}")
    written = table.write(Consignment(packages=(Package(type="BX"), Package(type="PK"))))
    assert lines(written) == (
        "<parcel><pack><id><line>1</line><type>BX</type></id></pack>"
        "<pack><id><line>2</line><type>PK</type></id></pack></parcel>"
    )


def test_fields_of_entries_stand_side_by_side(desk):
    table = desk(
        """
        code: reasons.code
        text: reasons.text
    """,
        record="Decision",
    )
    record = Decision(reasons=(Reason(code="1", text="a & b"), Reason(code="2")))
    assert lines(table.write(record)) == "<parcel><code>1</code><code>2</code><text>a &amp; b</text></parcel>"
    gap = Decision(reasons=(Reason(code="1"), Reason(code="2", text="b")))
    assert table.complaints(gap) == ["TGT517"]


def test_value_is_taken_apart_by_widths(desk):
    table = desk("""
        class[kind='TSP']/id + class[kind='TRC']/id: {is: item_id, split: [8, 2]}
    """)
    assert lines(table.write(Consignment(item_id="6109100010"))) == (
        "<parcel><class><id>61091000</id><kind>TSP</kind></class><class><id>10</id><kind>TRC</kind></class></parcel>"
    )
    assert (
        lines(table.write(Consignment(item_id="61091000")))
        == "<parcel><class><id>61091000</id><kind>TSP</kind></class></parcel>"
    )
    assert table.complaints(Consignment(item_id="61091000123")) == ["TGT502"]


def test_form_rule_says_when_a_value_is_written(desk):
    table = desk("""
        party:
          is: consignor
          fields:
            id: 'ids[kind=EORI].id'
            name: {is: name, when: "not(ids[kind=EORI])"}
    """)
    from gateway.model import Identification

    known = Party(name="A", ids=(Identification(kind="EORI", id="X1"),))
    assert lines(table.write(Consignment(consignor=known))) == "<parcel><party><id>X1</id></party></parcel>"
    assert (
        lines(table.write(Consignment(consignor=Party(name="A")))) == "<parcel><party><name>A</name></party></parcel>"
    )


def test_form_rule_asks_for_what_is_stated_not_for_what_is_derived(desk):
    table = desk("""
        id: item_id
        count: {is: goods_item_count, when: goods_item_count}
    """)
    two = Consignment(item_id="1", goods_items=(GoodsItem(), GoodsItem()))
    assert lines(table.write(two)) == "<parcel><id>1</id></parcel>"
    stated = Consignment(item_id="1", goods_items=two.goods_items, goods_item_count=2)
    assert lines(table.write(stated)) == "<parcel><id>1</id><count>2</count></parcel>"


def test_form_rule_on_a_block(desk):
    table = desk("""
        id: item_id
        address: {is: consignee.address, when: not(item_id), fields: {city: city}}
    """)
    address = Party(address=Address(city="Porto"))
    assert lines(table.write(Consignment(item_id="1", consignee=address))) == "<parcel><id>1</id></parcel>"
    assert (
        lines(table.write(Consignment(consignee=address))) == "<parcel><address><city>Porto</city></address></parcel>"
    )


def test_default_is_written_where_nothing_is_known_and_shows_in_the_trace(desk):
    table = desk("fn: {is: declaration.function, default: '9'}")
    trace = table.form.trace_write(Consignment())
    assert trace.entries == (Entry("parcel/fn", "", "9", trace.entries[0].row, None, ("", ""), "default"),)
    assert "<fn>9</fn>" in table.write(Consignment())


def test_derived_field_is_written_and_shows_in_the_trace(desk):
    table = desk("count: goods_item_count")
    record = Consignment(goods_items=(GoodsItem(), GoodsItem()))
    assert "<count>2</count>" in table.write(record)
    assert [(e.text, e.note) for e in table.form.trace_write(record).entries] == [("2", "derived")]
    assert "<count>5</count>" in table.write(Consignment(goods_item_count=5, goods_items=(GoodsItem(),)))


# values

WIDTHS = """
    parcel,1,1,group,,,,
    parcel/weight,0,1,element,"n..16,3",,,
    parcel/value,0,1,element,"n..16,2",,,
    parcel/value/@c,1,1,attribute,a3,,,
    parcel/name,0,1,element,an..5,,,
    parcel/units,0,1,element,n..3,,,
"""


@pytest.fixture
def parcel(desk):
    return desk(
        """
        weight: {is: gross_mass, unit: KGM}
        value: {is: value, currency: '@c'}
        name: consignee.name
        units: package_count
    """,
        grammar=WIDTHS,
    )


@pytest.mark.parametrize(
    ("mass", "text", "notes"),
    [
        (Measure(Decimal("1.5")), "1.5", []),
        (Measure(Decimal("1.5000")), "1.500", []),
        (Measure(Decimal("1.23456")), "1.235", ["TGT513"]),
        (Measure(Decimal(250), "GRM"), "0.25", ["TGT518"]),
        (Measure(Decimal(1), "LBR"), "0.454", ["TGT518", "TGT513"]),
    ],
)
def test_mass_is_converted_once_and_rounded_with_a_note(parcel, mass, text, notes):
    record = Consignment(gross_mass=mass)
    assert f"<weight>{text}</weight>" in parcel.write(record)
    assert parcel.complaints(record) == notes


def test_money_is_never_rounded(parcel):
    assert parcel.complaints(Consignment(value=Amount(Decimal("1.234"), "EUR"))) == ["TGT505"]
    assert '<value c="EUR">1.20</value>' in parcel.write(Consignment(value=Amount(Decimal("1.200"), "EUR")))


def test_a_number_of_more_digits_than_anybody_counts_with_ends_no_writer(parcel):
    """A `Decimal` reckons with 28 digits; what is said may have more."""
    amount, mass = Amount(Decimal("9" * 60 + ".99"), "EUR"), Measure(Decimal("9" * 60 + ".9999"))
    assert parcel.complaints(Consignment(value=amount)) == ["TGT506"]
    assert parcel.complaints(Consignment(gross_mass=mass)) == ["TGT513", "TGT506"]


def test_exponents_are_written_as_digits(parcel):
    assert '<value c="JPY">1000</value>' in parcel.write(Consignment(value=Amount(Decimal("1E+3"), "JPY")))


def test_too_long_is_a_finding_never_a_cut(parcel):
    assert parcel.complaints(Consignment(consignee=Party(name="abcdef"))) == ["TGT502"]
    assert parcel.complaints(Consignment(package_count=1000)) == ["TGT506"]


def test_cut_leaves_a_note(desk):
    table = desk(
        "name: {is: consignee.name, cut: true}", grammar="parcel,1,1,group,,,,\nparcel/name,0,1,element,an..5,,,\n"
    )
    record = Consignment(consignee=Party(name="abcd efgh"))
    assert "<name>abcd</name>" in table.write(record)
    assert table.complaints(record) == ["TGT512"]


def test_amount_in_another_currency_than_the_tables_is_refused(desk):
    table = desk("value: {is: value, currency: EUR}")
    assert table.complaints(Consignment(value=Amount(Decimal(1), "USD"))) == ["TGT507"]


def test_required_element_without_value_is_named(desk):
    grammar = """
        parcel,1,1,group,,,,
        parcel/id,1,1,element,,,D023,
        parcel/party,0,1,group,,,,
        parcel/party/name,1,1,element,,,,
        parcel/party/city,0,1,element,,,,
    """
    table = desk(
        """
        id: item_id
        party/name: consignor.name
        party/city: consignor.address.city
    """,
        grammar=grammar,
    )
    (found,) = table.form.write(Consignment(consignor=Party(address=Address(city="X")), item_id="1")).findings
    assert (found.code, found.source.path) == ("TGT501", "parcel/party/name")
    assert table.complaints(Consignment()) == ["TGT501"]
    assert lines(table.write(Consignment(item_id="1"))) == "<parcel><id>1</id></parcel>"


def test_more_entries_than_may_stand_are_a_finding(desk):
    grammar = "parcel,1,1,group,,,,\nparcel/pack,0,1,group,,,,\nparcel/pack/type,0,1,element,,,,\n"
    table = desk("pack: {is: packages, fields: {type: type}}", grammar=grammar)
    assert table.complaints(Consignment(packages=(Package(type="A"), Package(type="B")))) == ["TGT511"]


def test_value_against_a_predicate_with_a_row_of_its_own_is_a_finding(desk):
    table = desk("type: declaration.type", root="parcel[type='COJ']")
    from gateway.model import Declaration

    assert lines(table.write(Consignment(declaration=Declaration(type="COJ")))) == "<parcel><type>COJ</type></parcel>"
    assert table.complaints(Consignment(declaration=Declaration(type="IMA"))) == ["TGT515"]


CODES = {"nature": "message,model,preferred\n1,sale,\n01,sale,yes\n2,gift,\n"}


def test_preferred_code_is_written_and_an_unknown_one_refused(desk):
    table = desk("code: {is: nature, codes: nature}", codes=CODES)
    assert "<code>01</code>" in table.write(Consignment(nature="sale"))
    assert table.complaints(Consignment(nature="loan")) == ["TGT508"]


@pytest.mark.parametrize(
    ("moment", "text"),
    [
        (Moment("2026-09-13"), '<at f="102">20260913</at>'),
        (Moment("2026-09-13T17:40:00Z"), '<at f="304">20260913174000Z</at>'),
    ],
)
def test_date_is_written_as_precise_as_it_is(desk, moment, text):
    grammar = "parcel,1,1,group,,,,\nparcel/at,0,1,element,,,,\nparcel/at/@f,0,1,attribute,,enum=102|304,,\n"
    table = desk("at: {is: posted_at, date: '@f'}", grammar=grammar)
    assert text in table.write(Consignment(posted_at=moment))


def test_date_that_is_not_precise_enough_is_refused(desk):
    assert desk("at: {is: posted_at, date: '304'}").complaints(Consignment(posted_at=Moment("2026-09-13"))) == [
        "TGT509"
    ]


def test_date_that_loses_its_time_leaves_a_note(desk):
    table = desk("at: {is: posted_at, date: '102'}")
    assert table.complaints(Consignment(posted_at=Moment("2026-09-13T17:40:00"))) == ["TGT516"]


def test_declared_as_none_is_written_as_it_was(desk):
    table = desk("value: {is: value, currency: EUR, none: NCV}")
    assert "<value>NCV</value>" in table.write(Consignment(value=Amount(Decimal(0), "XXX")))


def test_flag_is_written_with_the_grammars_word(desk):
    grammar = "parcel,1,1,group,,,,\nparcel/late,0,1,element,,enum=0|1|false|true,,\n"
    assert "<late>1</late>" in desk("late: late", record="Decision", grammar=grammar).write(Decision(late=True))
    assert "<late>true</late>" in desk("late: late", record="Decision").write(Decision(late=True))


def test_equal_numbers_written_differently_stay_as_they_are(desk):
    table = desk("fee: {is: guarantees, fields: {amount: {is: amount, currency: '@c'}, id: id}}")
    from gateway.model import Guarantee

    for text in ("1.0", "1.00"):
        record = Consignment(guarantees=(Guarantee(amount=Amount(Decimal(text), "EUR"), id="1"),))
        assert f'<amount c="EUR">{text}</amount>' in table.write(record)


DATED = """
    parcel,1,1,group,,,,
    parcel/until,0,1,element,an..35,,,
    parcel/until/@form,1,1,attribute,n3,enum=102|304,,
"""


@pytest.mark.parametrize(
    ("said", "text"),
    [
        (Moment("2027-12-31"), '<until form="102">20271231</until>'),
        (Moment("2027-12-31T10:00:00Z"), '<until form="304">20271231100000Z</until>'),
    ],
)
def test_moment_is_written_in_the_form_of_its_precision_that_the_message_knows(said, text, desk):
    table = desk("until: {is: posted_at, date: '@form'}", grammar=DATED)
    record = Consignment(posted_at=said)
    assert lines(table.write(record)) == f"<parcel>{text}</parcel>"
    assert table.writes_compiled(record)


def test_moment_of_a_precision_that_the_message_does_not_know_is_the_twins(desk):
    table = desk("until: {is: posted_at, date: '@form'}", grammar=DATED)
    record = Consignment(posted_at=Moment("2027-12-31T10:00:00"))
    assert not table.writes_compiled(record)
    assert table.complaints(record) == ["TGT509"]


def test_currency_in_an_element_of_its_own_is_written_with_the_amount(desk):
    table = desk("sum/amount: {is: postage, currency: ../currency}")
    record = Consignment(postage=Amount(Decimal("1.50"), "DKK"))
    assert lines(table.write(record)) == "<parcel><sum><amount>1.50</amount><currency>DKK</currency></sum></parcel>"
    assert table.writes_compiled(record)
    assert lines(table.write(Consignment(item_id="1"))) == "<parcel/>"


def test_attribute_of_its_own_stands_beside_a_number(desk):
    table = desk("""
        item:
          is: goods_items
          fields:
            many: quantity
            many/@unit: kind
    """)
    record = Consignment(goods_items=(GoodsItem(quantity=Decimal(2), kind="H87"), GoodsItem(quantity=Decimal(3))))
    assert lines(table.write(record)) == (
        '<parcel><item><many unit="H87">2</many></item><item><many>3</many></item></parcel>'
    )
    assert table.writes_compiled(record)


def test_text_that_may_be_cut_takes_the_fast_way_where_it_fits(desk):
    grammar = """
        parcel,1,1,group,,,,
        parcel/code,0,1,element,an..6,,,
    """
    table = desk("code: {is: item_id, cut: true}", grammar=grammar)
    assert table.writes_compiled(Consignment(item_id="610910"))
    longer = Consignment(item_id="6109100010")
    assert not table.writes_compiled(longer)
    assert lines(table.write(longer)) == "<parcel><code>610910</code></parcel>"
    assert table.complaints(longer) == ["TGT512"]


def test_number_of_a_part_is_its_own_though_others_follow(desk):
    grammar = """
        parcel,1,1,group,,,,
        parcel/proc,1,9,group,,,,
        parcel/proc/no,1,1,element,n..3,,,
        parcel/proc/code,1,1,element,an..3,,,
        parcel/proc/prev,0,1,element,an..3,,,
    """
    table = desk(
        """
        proc[prev]: {is: declaration, fields: {no: '#', code: type, prev: office}}
        proc[not(prev)]: {is: order_numbers, fields: {no: '#', code: .}}
    """,
        grammar=grammar,
    )
    record = Consignment(declaration=Declaration(type="40", office="00"), order_numbers=("C07", "F48"))
    assert lines(table.write(record)) == (
        "<parcel><proc><no>1</no><code>40</code><prev>00</prev></proc>"
        "<proc><no>2</no><code>C07</code></proc><proc><no>3</no><code>F48</code></proc></parcel>"
    )
    assert table.writes_compiled(record)
