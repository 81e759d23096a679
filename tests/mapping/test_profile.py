"""Profiles: merged by path into the block they belong to, pruned and ordered by the last grammar."""

import pytest

from gateway.mapping.outer import chains
from gateway.model import Address, Consignment, Document, GoodsItem, Party

from .conftest import ON, Desk

BASE = """
    format: own/base
    title: Base
    syntax: xml
    record: Consignment
    root: parcel
    fields:
      id: item_id
      party:
        is: consignor
        fields:
          name: name
          city: address.city
      goods:
        is: goods_items
        fields:
          text: description
          code/id: hs_code
          doc: {is: documents, fields: {no: id}}
"""


@pytest.fixture
def profile(folder):
    def made(rows, head="", grammar=""):
        folder.put("own/base.yaml", BASE)
        folder.put("own/p.yaml", "format: own/p\ntitle: P\nextends: own/base\n" + head + "fields:\n" + rows)
        if grammar:
            folder.put("own/p.csv", "path,min,max,kind,format,facets,wco_id,name\n" + grammar)
        return folder.registry()

    return made


def paths(registry):
    plan = registry.plan("own/p", ON)
    return [chain[-1].path for chain in chains(plan.document) if chain[-1].texts]


def test_row_of_the_profile_replaces_that_of_the_base(profile):
    table = Desk(profile("  id: mail_class\n").format("own/p", ON))
    assert table.read("<parcel><id>U</id></parcel>").mail_class == "U"


def test_row_finds_the_block_its_path_leads_into(profile):
    table = Desk(profile("  goods/origin: origin\n  party/post: address.postcode\n").format("own/p", ON))
    read = table.read("<parcel><party><post>1</post></party><goods><origin>PT</origin></goods></parcel>")
    assert (read.goods_items[0].origin, read.consignor.address.postcode) == ("PT", "1")


def test_blocks_are_merged_row_by_row(profile):
    table = Desk(profile("  goods:\n    is: goods_items\n    fields:\n      origin: origin\n").format("own/p", ON))
    read = table.read("<parcel><goods><text>x</text><origin>PT</origin></goods></parcel>")
    assert read.goods_items == (GoodsItem(description="x", origin="PT"),)


def test_null_removes_a_path_and_all_below_it(profile):
    assert paths(profile("  goods/doc: null\n  party: null\n")) == [
        "parcel/id",
        "parcel/goods/text",
        "parcel/goods/code/id",
    ]
    assert paths(profile("  goods/code: null\n")) == [
        "parcel/id", "parcel/party/name", "parcel/party/city", "parcel/goods/text", "parcel/goods/doc/no",
    ]  # fmt: skip


def test_removing_what_is_not_there_is_a_warning(profile):
    found = profile("  goods/colour: null\n").faults("own/p")
    assert [(f.code, f.severity, f.source.line) for f in found] == [("MAP130", "warning", 5)]


def test_result_is_pruned_and_ordered_by_the_last_grammar(profile):
    grammar = "".join(
        f"{line}\n"
        for line in (
            "parcel,1,1,group,,,,",
            "parcel/goods,0,unbounded,group,,,,",
            "parcel/goods/text,0,1,element,,,,",
            "parcel/id,0,1,element,,,,",
        )
    )
    registry = profile("  goods/origin: origin\n", head="grammar: own/p.csv\n", grammar=grammar)
    assert paths(registry) == ["parcel/goods/text", "parcel/id"]
    pruned = {f.values["path"] for f in registry.faults("own/p") if f.code == "MAP123"}
    assert pruned == {"parcel/party", "parcel/goods/code", "parcel/goods/doc", "parcel/goods/origin"}


def test_shared_block_is_pruned_where_the_grammar_lacks_a_row(faults):
    grammar = """
        parcel,1,1,group,,,,
        parcel/a,0,1,group,,,,
        parcel/a/name,0,1,element,,,,
        parcel/b,0,1,group,,,,
        parcel/b/name,0,1,element,,,,
        parcel/b/fax,0,1,element,,,,
    """
    rows = "a: {is: consignor, fields: &p {name: name, fax: contact_name}}\nb: {is: consignee, fields: *p}"
    assert [(f.code, f.values["path"]) for f in faults(rows, grammar=grammar)] == [("MAP123", "parcel/a/fax")]


def test_profile_of_a_profile(folder, profile):
    profile("  id: mail_class\n")
    folder.put("own/q.yaml", "format: own/q\ntitle: Q\nextends: own/p\nfields:\n  party: null\n")
    table = Desk(folder.registry().format("own/q", ON))
    assert "<id>U</id>" in table.write(Consignment(mail_class="U", consignor=Party(address=Address(city="X"))))


def test_unknown_base_is_a_fault(folder):
    folder.put("own/base.yaml", BASE)
    folder.put("own/p.yaml", "format: own/p\nextends: own/bas\nfields:\n  a: item_id\n")
    codes = [f.code for f in folder.registry().faults("own/p")]
    assert codes[0] == "MAP125"


def test_predicates_belong_to_the_path(folder):
    folder.put("own/base.yaml", BASE.replace("doc: {is: documents", "doc[t='A']: {is: documents"))
    folder.put("own/p.yaml", "format: own/p\nextends: own/base\nfields:\n  goods/doc[t='A']/name: name\n")
    table = Desk(folder.registry().format("own/p", ON))
    text = "<parcel><goods><doc><t>A</t><no>1</no><name>N</name></doc></goods></parcel>"
    assert table.read(text).goods_items[0].documents == (Document(id="1", name="N"),)
