"""A partial record laid under another: what is said wins, parts are taken whole."""

from gateway.model import Address, Consignment, Party, Reference
from gateway.model.laying import laid_under


def test_what_the_sender_says_wins():
    said = laid_under(Consignment(export_country="CN"), Consignment(export_country="FR", nature="11"))
    assert (said.export_country, said.nature) == ("CN", "11")


def test_parts_are_taken_whole():
    upper = Consignment(consignor=Party(name="Example Shop"))
    lower = Consignment(consignor=Party(address=Address(country="FR")), declarant=Party(name="Example Broker"))
    said = laid_under(upper, lower)
    assert said.consignor == Party(name="Example Shop")
    assert said.declarant == lower.declarant


def test_a_list_is_a_part():
    mine, theirs = Reference(id="GB1"), Reference(id="GB2")
    assert laid_under(Consignment(authorisations=(mine,)), Consignment(authorisations=(theirs,))).authorisations == (
        mine,
    )
    assert laid_under(Consignment(), Consignment(authorisations=(theirs,))).authorisations == (theirs,)


def test_nothing_to_lay_leaves_the_record_itself():
    record = Consignment(item_id="RA123456785CN")
    assert laid_under(record, Consignment()) is record
