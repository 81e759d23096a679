"""What customs changed of a declaration is told value by value: what we had declared, what counts now."""

from datetime import date
from decimal import Decimal

import msgspec
import pytest

from adapters.customs.uk import AUTHORITY
from gateway.mapping.protocols import Filing
from gateway.mapping.registry import Registry
from gateway.model import (
    Address,
    Amendment,
    Amount,
    Consignment,
    Decision,
    Declaration,
    GoodsItem,
    Moment,
    Party,
    Step,
)
from gateway.steps.answering.changes import changes
from gateway.steps.answering.pointer import Trail

ON = date(2026, 9, 14)
SETTINGS = {"declarant-id": "GB123456789000", "location": "GBAUBELBFSBEL"}
SENT = Consignment(
    item_id="UA473124829PT",
    nature="11",
    consignor=Party(name="Loja Exemplo Lda", address=Address(city="Lisboa", country="PT", postcode="1000-001")),
    consignee=Party(name="A. Receiver", address=Address(city="Leeds", country="GB", postcode="LS1 1UR")),
    goods_items=(
        GoodsItem(description="Cotton T-shirt", hs_code="61091000", value=Amount(Decimal("12.50"), "GBP")),
        GoodsItem(description="Ceramic mug", hs_code="69120025", value=Amount(Decimal("8.00"), "GBP")),
    ),
)


@pytest.fixture(scope="module")
def trail():
    registry = Registry()
    filing = Filing("GW1-CHINA", Moment("2026-09-14T10:00:00Z"), target="customs/uk/h7")
    declared, _ = AUTHORITY.complete(SENT, filing, SETTINGS, ON)
    written = registry.format("customs/uk/h7", ON).trace_write(declared).entries
    return Trail("customs/uk/h7", SENT, declared, written, (), registry.format("upu/itmatt-1.5", ON).carriers)


def pointed(*steps, reason="16"):
    found = tuple(Step(section=section, number=number, tag=tag) for section, number, tag in steps)
    return Amendment(reason=reason, pointer=found)


def told(said, trail):
    return [(one.lead.reason.model_path, one.old, one.new) for one in changes(said, trail)]


def test_a_value_that_is_pointed_at_and_told_anew(trail):
    said = Decision(
        changes=(pointed(("42A", None, None), ("67A", None, None), ("68A", 2, "108")),),
        changed=Consignment(goods_items=(GoodsItem(number=2, value=Amount(Decimal("9.10"), "GBP")),)),
    )
    assert told(said, trail) == [("goods_items[2].value", "8.00 GBP", "9.10 GBP")]
    assert changes(said, trail)[0].lead.reason.code == "16"


def test_customs_exporter_and_importer_are_sender_and_recipient_where_nobody_else_declares(trail):
    said = Decision(
        changes=(pointed(("42A", None, None), ("57A", None, "R031")),),
        changed=Consignment(
            exporter=Party(name="Loja Exemplo SA"), importer=Party(address=Address(city="Leeds", postcode="LS1 9ZZ"))
        ),
    )
    assert told(said, trail) == [
        ("consignor.name", "Loja Exemplo Lda", "Loja Exemplo SA"),
        ("consignee.address.postcode", "LS1 1UR", "LS1 9ZZ"),
    ]


def test_what_is_pointed_at_and_not_told_any_more_is_gone(trail):
    said = Decision(
        changes=(pointed(("42A", None, None), ("57A", None, None), ("04A", None, "245")),),
        changed=Consignment(declaration=Declaration(function="9")),
    )
    assert ("consignor.address.postcode", "1000-001", "") in told(said, trail)


def test_a_party_that_was_declared_in_its_own_role_keeps_it(trail):
    other = Party(name="Example Export Ltd")
    declared = msgspec.structs.replace(trail.declared, exporter=other)
    said = Decision(changed=Consignment(exporter=Party(name="Example Exports Ltd")))
    assert told(said, trail._replace(declared=declared)) == [
        ("exporter.name", "Example Export Ltd", "Example Exports Ltd")
    ]
