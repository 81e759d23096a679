"""The simulated Danish administration writes what the table of its notifications reads."""

from datetime import UTC, datetime
from decimal import Decimal
from pathlib import Path

import pytest

from gateway.demo.answers import Case, Writer
from gateway.demo.reading import read
from gateway.demo.script import load
from gateway.demo.verdict import Fault
from gateway.mapping.registry import Registry
from gateway.model import Amount, Consignment, GoodsItem

SCRIPT, TEMPLATES = load(Path(__file__).parents[2] / "config" / "demo" / "dk-customs")
AT = datetime(2026, 9, 14, 10, 15, tzinfo=UTC)
GOODS = (GoodsItem(value=Amount(Decimal("110.00"), "DKK")), GoodsItem(value=Amount(Decimal("40.00"), "DKK")))
SAID = {
    "accepted": ("CWMACC", "accepted"),
    "rejected": ("CWMREJ", "rejected"),
    "controlled": ("CWMCTL", "under_control"),
    "taxed": ("CWMTAX", "duty_assessed"),
    "released": ("CWMROG", "released"),
    "cleared": ("CWMCLE", "cleared"),
}


@pytest.fixture(scope="module")
def form():
    return Registry().format("customs/dk/notification", AT.date())


@pytest.fixture
def answer(form):
    def of(say):
        faults = (Fault(SCRIPT.rules[0], 2),) if say == "rejected" else ()
        case = Case(Consignment(goods_items=GOODS), "DEMOABC", "26DK0000000000001R", faults)
        notification, text = Writer(TEMPLATES, 7, SCRIPT.tax_rate).write(case, say, AT)
        (record,) = read(form, text.encode())
        return notification, record

    return of


def test_every_answer_of_the_script_has_a_template():
    said = {answer.say for course in SCRIPT.courses for answer in (*course.answers, *SCRIPT.refused)}
    assert said == SAID.keys()


@pytest.mark.parametrize("say", SAID)
def test_each_answer_is_understood(say, answer):
    notification, record = answer(say)
    assert (record.code, record.outcome) == SAID[say]
    assert record.notification_id.replace("-", "") == notification
    assert (record.lrn, record.mrn) == ("DEMOABC", None if say == "rejected" else "26DK0000000000001R")
    assert record.issued_at.iso == "2026-09-14T10:15:00Z"


def test_a_rejection_points_into_the_administrations_own_model(answer):
    (reason,) = answer("rejected")[1].reasons
    assert reason.code == SCRIPT.rules[0].code
    assert reason.pointer[0].text.endswith("goodsItems[?(@.sequenceNumber == 2)].commodity.classification")


def test_duty_is_assessed_goods_item_by_goods_item(answer):
    taxes = answer("taxed")[1].taxes
    assert [(tax.goods_item, str(tax.amount.amount), tax.amount.currency) for tax in taxes] == [
        (1, "27.50", "DKK"),
        (2, "10.00", "DKK"),
    ]
