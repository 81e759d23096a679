"""What rows make of a message: paths, predicates, sums, alternatives, lists, values."""

from decimal import Decimal

import pytest

from gateway.mapping.compiled.known import Known, count, number
from gateway.mapping.compiled.source import Source
from gateway.model import Amount, Measure, Moment, Package, Reference


def test_text_is_read_without_white_space_around_it(desk):
    assert desk("id: item_id").read("<parcel><id> RR1 \n</id></parcel>").item_id == "RR1"


def test_own_text_and_attributes_of_a_list_of_records(desk):
    table = desk("ref: {is: references, fields: {'.': id, '@type': type}}")
    read = table.read("<parcel><ref type='MRN'>26X1</ref><ref>26X2</ref></parcel>")
    assert read.references == (Reference(type="MRN", id="26X1"), Reference(id="26X2"))


def test_predicates_tell_elements_of_one_name_apart(desk):
    table = desk("""
        doc[type='IV']/no: extension.invoice
        doc[type='CE']/no: extension.certificate
    """)
    read = table.read("<parcel><doc><type>CE</type><no>2</no></doc><doc><no>1</no><type>IV</type></doc></parcel>")
    assert read.extension == {"invoice": "1", "certificate": "2"}


def test_element_that_fits_no_predicate_is_reported(desk):
    table = desk("doc[type='IV']/no: extension.invoice")
    trace = table.trace("<parcel><doc><type>XX</type><no>1</no></doc></parcel>")
    assert [(f.code, f.source.path) for f in trace.findings] == [("SRC255", "parcel/doc")]


def test_presence_and_absence_tell_elements_apart(desk):
    table = desk("""
        proc[prev]: {is: "goods_location", fields: {code: id, prev: name}}
        proc[not(prev)]/code: item_id
    """)
    read = table.read("<parcel><proc><code>40</code><prev>00</prev></proc><proc><code>C07</code></proc></parcel>")
    assert (read.goods_location.id, read.goods_location.name, read.item_id) == ("40", "00", "C07")


def test_predicate_on_an_attribute_and_on_the_own_text(desk):
    table = desk("""
        id[@scheme='C']: item_id
        flag[.='yes']/@by: mail_class
    """)
    read = table.read("<parcel><id scheme='C'>1</id><flag by='U'>yes</flag></parcel>")
    assert (read.item_id, read.mail_class) == ("1", "U")


def test_set_of_predicate_values_reads_any_of_them(desk):
    table = desk("doc[type='IV'|'CI']/no: extension.invoice")
    assert table.read("<parcel><doc><type>CI</type><no>9</no></doc></parcel>").extension == {"invoice": "9"}


def test_sum_of_elements_is_joined_by_its_widths(desk):
    table = desk("cat + type: {is: item_id_type, split: [1, rest]}")
    assert table.read("<parcel><cat>C</cat><type>400</type></parcel>").item_id_type == "C400"


def test_sum_whose_first_piece_has_not_its_width_is_a_finding(desk):
    table = desk("a + b: {is: item_id, split: [2, rest]}")
    assert table.codes("<parcel><a>X</a><b>1</b></parcel>") == ["SRC268"]


def test_last_pieces_of_a_sum_may_be_missing(desk):
    table = desk("a + b: {is: item_id, split: [8, 2]}")
    assert table.read("<parcel><a>61091000</a></parcel>").item_id == "61091000"


def test_pieces_of_a_name_are_joined_by_their_converter(desk):
    table = desk("name | first + last: {is: consignor.name, as: person-name}")
    assert table.read("<parcel><first>Ana</first><last>Exemplo</last></parcel>").consignor.name == "Ana Exemplo"


def test_first_present_alternative_is_read(desk):
    table = desk("a | b: item_id", head="only: read")
    assert table.read("<parcel><b>2</b></parcel>").item_id == "2"
    assert table.read("<parcel><a>1</a><b>1</b></parcel>").item_id == "1"


def test_alternative_that_is_not_read_is_reported_where_it_differs(desk):
    table = desk("a | b: item_id", head="only: read")
    trace = table.trace("<parcel><a>1</a><b>2</b></parcel>")
    assert trace.record.item_id == "1"
    assert [(f.code, f.source.path) for f in trace.findings] == [("SRC277", "parcel/b")]


def test_currency_without_an_amount_is_reported(desk):
    table = desk("cost: {is: ., fields: {value: {is: value, currency: ../cur}}}")
    trace = table.trace("<parcel><cost><value/><cur>EUR</cur></cost></parcel>")
    assert [(f.code, f.source.path) for f in trace.findings] == [("SRC277", "parcel/cost/cur")]


def test_part_with_alternatives_is_read_into_the_first(desk):
    table = desk("from: {is: exporter | consignor, fields: {name: name}}")
    read = table.read("<parcel><from><name>A</name></from></parcel>")
    assert (read.exporter.name, read.consignor) == ("A", None)


def test_entries_picked_by_a_predicate_are_set_with_it(desk):
    table = desk("""
        phone: "consignee.communications[type=TE].value"
        mail: "consignee.communications[type=EM].value"
    """)
    found = table.read("<parcel><mail>a@example.org</mail></parcel>").consignee.communications
    assert [(each.type, each.value) for each in found] == [("EM", "a@example.org")]


def test_list_with_a_predicate_sets_it_on_each_entry(desk):
    table = desk("prev: {is: 'documents[kind=previous]', fields: {no: id}}")
    found = table.read("<parcel><prev><no>1</no></prev><prev><no>2</no></prev></parcel>").documents
    assert [(each.kind, each.id) for each in found] == [("previous", "1"), ("previous", "2")]


def test_blocks_that_fill_one_list_keep_the_order_of_the_message(desk):
    table = desk("""
        doc[@a]: {is: documents, fields: {'@a': type, no: id}}
        doc[not(@a)]: {is: documents, fields: {no: id}}
    """)
    text = "<parcel><doc a='X'><no>1</no></doc><doc><no>2</no></doc><doc a='Y'><no>3</no></doc></parcel>"
    assert [each.id for each in table.read(text).documents] == ["1", "2", "3"]


def test_repeated_text_is_a_list(desk):
    table = desk("line: consignee.address.lines")
    assert table.read("<parcel><line>a</line><line>b</line></parcel>").consignee.address.lines == ("a", "b")


def test_list_of_plain_texts_in_blocks(desk):
    table = desk("proc: {is: order_numbers, fields: {code: .}}")
    assert table.read("<parcel><proc><code>1</code></proc><proc><code>2</code></proc></parcel>").order_numbers == (
        "1",
        "2",
    )


def test_map_takes_key_and_value(desk):
    table = desk("extra: {is: extension, fields: {'@name': key, '.': value}}")
    assert table.read("<parcel><extra name='a'>1</extra></parcel>").extension == {"a": "1"}


def test_block_that_read_nothing_makes_no_entry(desk):
    table = desk("pack: {is: packages, fields: {type: type, no: '#'}}")
    assert table.read("<parcel><pack><no>1</no></pack><pack><no>2</no><type>BX</type></pack></parcel>").packages == (
        Package(type="BX"),
    )


def test_number_of_an_element_that_is_wrong_is_only_noted(desk):
    table = desk("pack: {is: packages, fields: {type: type, no: '#'}}")
    trace = table.trace("<parcel><pack><no>7</no><type>BX</type></pack></parcel>")
    assert [(f.code, f.severity) for f in trace.findings] == [("SRC269", "info")]
    assert trace.record.packages == (Package(type="BX"),)


def test_fields_of_a_list_of_repeated_elements_are_joined_by_number(desk):
    table = desk(
        """
        code: reasons.code
        text: reasons.text
    """,
        record="Decision",
    )
    found = table.read("<parcel><code>1</code><code>2</code><text>a</text><text>b</text></parcel>").reasons
    assert [(each.code, each.text) for each in found] == [("1", "a"), ("2", "b")]


def test_lists_joined_by_number_that_differ_in_length_are_a_warning(desk):
    table = desk(
        """
        code: reasons.code
        text: reasons.text
    """,
        record="Decision",
    )
    trace = table.trace("<parcel><code>1</code><code>2</code><text>a</text></parcel>")
    assert [(f.code, f.severity) for f in trace.findings] == [("SRC273", "warning")]
    assert [(each.code, each.text) for each in trace.record.reasons] == [("1", "a"), ("2", None)]


# outer facts


def test_outer_fact_is_given_to_each_entry(desk):
    table = desk(
        """
        item/fee:
          is: taxes
          fields:
            ../no: goods_item
            type: type
    """,
        record="Decision",
        head="only: read",
    )
    text = "<parcel><item><fee><type>A</type></fee><no>7</no><fee><type>B</type></fee></item></parcel>"
    assert [(each.type, each.goods_item) for each in table.read(text).taxes] == [("A", 7), ("B", 7)]


def test_fact_of_the_document_is_read_into_the_record(desk):
    table = desk(
        """
        /doc/version: declaration.version
        id: item_id
    """,
        root="doc/parcel",
    )
    read = table.read("<doc><version>3</version><parcel><id>1</id></parcel></doc>")
    assert (read.declaration.version, read.item_id) == ("3", "1")


def test_row_in_a_list_may_lead_to_the_top_record(desk):
    table = desk(
        """
        info:
          is: statements
          fields:
            code: code
            limit: {is: /deadline, date: iso}
    """,
        record="Decision",
        head="only: read",
    )
    text = "<parcel><info><code>A</code></info><info><code>B</code><limit>2026-09-13</limit></info></parcel>"
    assert table.read(text).deadline == Moment("2026-09-13")


# values


@pytest.mark.parametrize(("text", "found"), [("1.50", "1.50"), (".5", "0.5"), ("+7", "7"), ("-3", "-3")])
def test_numbers_as_schemas_write_them(desk, text, found):
    table = desk("rate: taxes.rate", record="Decision")
    assert str(table.read(f"<parcel><rate>{text}</rate></parcel>").taxes[0].rate) == found


@pytest.mark.parametrize("text", ["1,5", "1e3", "NaN", "\N{ARABIC-INDIC DIGIT ONE}", "1 000", "--1", "0x1"])
def test_what_is_no_number_is_a_finding(desk, text):
    assert desk("rate: taxes.rate", record="Decision").codes(f"<parcel><rate>{text}</rate></parcel>") == ["SRC260"]


@pytest.mark.parametrize("digits", [1, 18])
def test_a_count_has_as_many_digits_as_any_schema_allows(desk, digits):
    table = desk("number: package_count")
    assert table.read(f"<parcel><number>{'7' * digits}</number></parcel>").package_count == int("7" * digits)


@pytest.mark.parametrize("digits", [19, 5000])
def test_a_count_beyond_all_counts_is_a_finding_and_ends_no_worker(desk, digits):
    assert desk("number: package_count").codes(f"<parcel><number>{'7' * digits}</number></parcel>") == ["SRC260"]


def test_mass_keeps_value_and_unit_as_received(desk):
    table = desk("weight: {is: gross_mass, unit: '@unit | KGM'}")
    assert table.read("<parcel><weight unit='GRM'>250</weight></parcel>").gross_mass == Measure(Decimal(250), "GRM")
    assert table.read("<parcel><weight>2</weight></parcel>").gross_mass == Measure(Decimal(2), "KGM")


def test_unit_that_no_row_carries_may_change_the_meaning(desk):
    table = desk("weight: {is: gross_mass, unit: KGM}")
    assert table.codes("<parcel><weight unit='GRM'>250</weight></parcel>") == ["SRC275"]
    assert table.codes("<parcel><weight unit='KGM'>250</weight></parcel>") == []


def test_amount_takes_its_currency_from_beside(desk):
    table = desk("value: {is: value, currency: '@c'}")
    assert table.read("<parcel><value c='JPY'>100</value></parcel>").value == Amount(Decimal(100), "JPY")


def test_currency_of_a_sibling(desk):
    table = desk("cost: {is: ., fields: {value: {is: value, currency: ../cur}, cur: extension.cur}}")
    read = table.read("<parcel><cost><value>1.50</value><cur>EUR</cur></cost></parcel>")
    assert (read.value, read.extension) == (Amount(Decimal("1.50"), "EUR"), {"cur": "EUR"})


def test_amount_without_currency_is_a_finding(desk):
    assert desk("value: {is: value, currency: '@c'}").codes("<parcel><value>1</value></parcel>") == ["SRC264"]


def test_date_in_the_form_that_stands_beside_it(desk):
    table = desk("at: {is: posted_at, date: '@form'}")
    read = table.read("<parcel><at form='304'>20260913174000Z</at></parcel>")
    assert read.posted_at == Moment("2026-09-13T17:40:00Z", "20260913174000Z")


def test_date_in_another_form_than_said_is_read_with_a_warning(desk):
    table = desk("at: {is: posted_at, date: '102'}")
    trace = table.trace("<parcel><at>2026-09-13</at></parcel>")
    assert [f.code for f in trace.findings] == ["SRC262"]
    assert trace.record.posted_at.iso == "2026-09-13"


def test_what_is_no_date_is_a_finding(desk):
    assert desk("at: {is: posted_at, date: iso}").codes("<parcel><at>2026-13-40</at></parcel>") == ["SRC261"]


@pytest.mark.parametrize(("text", "found"), [("1", True), ("true", True), ("0", False), ("false", False)])
def test_flags(desk, text, found):
    assert desk("late: late", record="Decision").read(f"<parcel><late>{text}</late></parcel>").late is found


def test_what_is_no_flag_is_a_finding(desk):
    assert desk("late: late", record="Decision").codes("<parcel><late>maybe</late></parcel>") == ["SRC266"]


CODES = {"nature": "message,model,stage,final,people say\n1,sale,advance,true,Sale\n2,gift,,false,Gift\n"}


def test_codes_are_translated_and_set_others_along(desk):
    table = desk("code: {is: code, codes: nature}", record="Decision", codes=CODES)
    read = table.read("<parcel><code>1</code></parcel>")
    assert (read.code, read.stage, read.final) == ("sale", "advance", True)
    assert table.read("<parcel><code>2</code></parcel>").stage is None


def test_unknown_code_is_kept_with_a_warning(desk):
    table = desk("code: {is: code, codes: nature}", record="Decision", codes=CODES)
    trace = table.trace("<parcel><code>9</code></parcel>")
    assert [(f.code, f.severity) for f in trace.findings] == [("SRC259", "warning")]
    assert trace.record.code == "9"


def test_star_in_a_code_list_stands_for_all_others(desk):
    codes = {"nature": "message,model,outcome\n1,1,accepted\n*,,notice\n"}
    trace = desk("code: {is: code, codes: nature}", record="Decision", codes=codes).trace(
        "<parcel><code>9</code></parcel>"
    )
    assert (trace.record.code, trace.record.outcome) == ("9", "notice")


def test_declared_as_none_is_not_missing(desk):
    table = desk("value: {is: value, currency: EUR, none: NCV}")
    assert table.read("<parcel><value>NCV</value></parcel>").value == Amount(Decimal(0), "XXX")


def test_constant_that_differs_is_a_warning_and_its_absence_none(desk):
    table = desk("""
        version: {constant: "3"}
        id: item_id
    """)
    assert table.codes("<parcel><version>4</version><id>1</id></parcel>") == ["SRC258"]
    assert table.codes("<parcel><id>1</id></parcel>") == []


def test_two_rows_for_one_value_must_agree(desk):
    table = desk("""
        a: item_id
        b: item_id
    """)
    assert table.read("<parcel><a>1</a><b>1</b></parcel>").item_id == "1"
    assert table.codes("<parcel><a>1</a><b>2</b></parcel>") == ["SRC267"]


def test_row_that_is_only_written_reads_nothing(desk):
    table = desk("""
        a: {is: item_id, only: write}
        b: mail_class
    """)
    assert table.read("<parcel><a>1</a><b>U</b></parcel>").item_id is None


def test_constant_of_the_root_that_must_stand_may_not_be_blank(desk):
    grammar = """
        parcel,1,1,group,,,,
        parcel/kind,1,1,element,an..3,,,
        parcel/id,0,1,element,an..35,,,
    """
    table = desk("id: item_id", root="parcel[kind='A']", grammar=grammar)
    assert table.codes("<parcel><kind>A</kind><id>1</id></parcel>") == []
    assert table.codes("<parcel><kind> </kind><id>1</id></parcel>") == ["SRC253"]


def test_a_code_that_stands_elsewhere_sets_its_columns_along_too(desk):
    table = desk(
        """
        "../parcel[kind='1']/state": {is: mail_class, codes: states}
        kind: object_type
        state: mail_class
        id: item_id
        """,
        root="box/parcel",
        codes={"states": "message,model,nature\n39,39,11\n41,41,21\n"},
    )
    text = "<box><parcel><kind>1</kind><state>41</state><id>1</id></parcel></box>"
    ((item, _, _),) = table.units(text)
    assert table.form.reader(item.body, item.equals).nature == "21"
    assert table.read(text).nature == "21"


def test_a_number_and_a_count_of_one_form_are_understood_each_in_its_way():
    source = Source()
    numbers, counts = (source.refer("NUMBERS", Known(None, make, number=True)) for make in (number, count))
    assert type(source.known[numbers]["2"]) is Decimal
    assert type(source.known[counts]["2"]) is int
    assert source.refer("NUMBERS", Known(None, count, number=True)) == counts
