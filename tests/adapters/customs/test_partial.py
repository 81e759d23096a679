"""A record cut down to some of its facts: fields of parts and goods items, whole entries of other lists."""

from decimal import Decimal

from adapters.customs.partial import partial
from gateway.model import Address, Amount, Consignment, Document, GoodsItem, Identification, Party, Reference

WHOLE = Consignment(
    nature="11",
    consignee=Party(
        name="A. Receiver",
        ids=(Identification(kind="EORI", id="GB1"), Identification(kind="VAT", id="GB2")),
        address=Address(lines=("1 Example Street", "Flat 2"), city="Leeds", country="GB"),
    ),
    fiscal_references=(Reference(id="A", role="FR1"), Reference(id="B", role="FR2")),
    documents=(Document(kind="previous", type="ZZZZ", id="1"), Document(kind="previous", type="ZMCR", id="2")),
    goods_items=(
        GoodsItem(number=1, description="Tea", value=Amount(Decimal(1), "GBP")),
        GoodsItem(number=2, description="Mugs", additional_procedures=("1H7", "C07")),
    ),
    extension={"one": "1", "two": "2"},
)


def test_of_a_part_only_the_named_facts_stay():
    assert partial(WHOLE, ["consignee.address.city", "consignee.name"]) == Consignment(
        consignee=Party(name="A. Receiver", address=Address(city="Leeds"))
    )


def test_entries_of_a_list_stay_whole_so_that_they_are_still_told_apart():
    assert partial(WHOLE, ["consignee.ids[1].id"]).consignee == Party(ids=WHOLE.consignee.ids[:1])
    assert partial(WHOLE, ["documents[2].id"]).documents == WHOLE.documents[1:]
    assert partial(WHOLE, ["fiscal_references[1].id", "fiscal_references[2].role"]) == Consignment(
        fiscal_references=WHOLE.fiscal_references
    )


def test_a_list_that_is_written_as_one_value_stays_whole():
    assert partial(WHOLE, ["consignee.address.lines"]).consignee.address == Address(
        lines=("1 Example Street", "Flat 2")
    )


def test_goods_items_stay_fact_by_fact_with_their_number():
    cut = partial(WHOLE, ["goods_items[2].number", "goods_items[2].additional_procedures[2]"])
    assert cut == Consignment(goods_items=(GoodsItem(number=2, additional_procedures=("C07",)),))


def test_an_amount_is_one_fact_with_its_currency():
    cut = partial(WHOLE, ["goods_items[1].value.currency"])
    assert cut.goods_items == (GoodsItem(value=Amount(Decimal(1), "GBP")),)


def test_what_was_derived_becomes_a_fact():
    assert partial(WHOLE, ["goods_item_count"]) == Consignment(goods_item_count=2)


def test_of_an_extension_only_the_named_facts_stay():
    assert partial(WHOLE, ["extension.two"]) == Consignment(extension={"two": "2"})


def test_of_nothing_nothing_stays():
    assert partial(WHOLE, []) == Consignment()
