import io

from gateway.workbench.messages import cells, docstrings, labels, tables


def texts(extractor, data: str, **options):
    return [message for _, _, message, _ in extractor(io.BytesIO(data.encode()), (), (), options)]


def test_the_named_columns_of_a_table_are_texts():
    data = "# ours\ncode,message,hint\nSRC1,no value,\nSRC2,zu lang,Kürzen\n"
    assert texts(cells, data, columns="message hint") == ["no value", "zu lang", "Kürzen"]


def test_a_table_without_the_telling_column_holds_none():
    assert texts(cells, "path,name\na/b,the name\n", columns="name", when="path") == ["the name"]
    assert texts(cells, "sku,name\n1,Jane Example\n", columns="name", when="path") == []


def test_a_column_with_its_translations_beside_it_is_not_translated_again():
    data = "message,model,label,label_fr,note\nIV,N380,invoice,facture,as in 1001\n"
    assert texts(cells, data, columns="label note", when="message") == ["as in 1001"]


def test_labels_of_parties_are_roles_too():
    data = "record,field,group,label\nConsignment,buyer,parties,Buyer\nParty,name,,Name\n"
    assert texts(labels, data) == ["Buyer", ("role", "buyer"), "Name"]


def test_title_hints_and_notes_of_a_mapping_table_are_texts():
    data = """
format: x/y
title: A title
basis: A basis
fields:
  a: {is: b, hint: Do this}
  c:
    is: d
    fields:
      e: {is: f, note: As it is}
      hint: g
"""
    assert texts(tables, data) == ["A title", "A basis", "Do this", "g", "As it is"]


def test_checks_and_converters_are_explained():
    assert "ISO 4217 alpha-3." in texts(docstrings, "", of="checks")
    assert len(texts(docstrings, "")) > 1
