"""Requests are made of what was filed and what holds now; what cannot be declared is not taken for gone."""

from datetime import UTC, datetime
from decimal import Decimal

import msgspec
import pytest

from gateway.mapping.protocols import Filing
from gateway.mapping.registry import Registry
from gateway.model import Amount, Consignment, GoodsItem, Measure, Moment, Party
from gateway.steps.working.asking import filing, requested
from gateway.steps.working.filer import Filer
from gateway.steps.working.outcome import Asked, Declared

FILER = Filer(settings={"declarant-id": "GB123456789000", "location": "GBAUBELBFSBEL"})
WAS = Consignment(
    item_id="UA473124829PT",
    nature="11",
    consignor=Party(name="Loja Exemplo Lda"),
    consignee=Party(name="A. Receiver"),
    goods_items=(
        GoodsItem(
            description="Cotton T-shirt, men",
            hs_code="61091000",
            gross_mass=Measure(Decimal("0.3")),
            value=Amount(Decimal("12.50"), "GBP"),
        ),
    ),
)


@pytest.fixture(scope="module")
def registry():
    return Registry()


def worth(amount):
    goods = msgspec.structs.replace(WAS.goods_items[0], value=Amount(Decimal(amount), "GBP"))
    return msgspec.structs.replace(WAS, goods_items=(goods,))


@pytest.fixture(scope="module")
def ask(registry):
    def amend(now):
        declared = Declared(
            lrn="GW1-1",
            target="customs/uk/h7",
            attempt=1,
            written_at=datetime(2026, 9, 14, 10, tzinfo=UTC),
            roots=registry.roots,
            filer=FILER,
            record=msgspec.json.encode(WAS),
        )
        asked = Asked("customs/uk/amendment", "amend", declared, mrn="26GB1", reason="21", note="Corrected")
        request = filing(Filing("GW1-2", Moment("2026-09-15T10:00:00Z")), asked)
        return requested(asked, now, request, FILER, registry, registry)

    return amend


def codes(findings):
    return [finding.code for finding in findings]


def test_a_changed_value_is_asked_for(ask):
    record, found = ask(worth("13.00"))
    assert [each.pointer[-1].tag for each in record.amendments] == ["108"]
    assert "TGT505" not in codes(found)


def test_a_value_that_cannot_be_declared_holds_the_request_and_is_not_taken_for_gone(ask):
    """Money with four decimals is not written; without the value customs would be asked to delete the old one."""
    assert "TGT505" in codes(ask(worth("13.0001"))[1])


def test_nothing_is_asked_for_where_customs_would_see_no_change(ask):
    record, found = ask(WAS)
    assert record is None
    assert codes(found) == ["RTE143"]
