"""The published examples of the United Kingdom, read and written back; its notifications, read."""

import posixpath
import re
from collections import Counter

import pytest


@pytest.mark.parametrize("name", ["TT_IM067a.xml", "own/h7_postal_c07_f48_ioss.xml"])
def test_an_h7_comes_back_leaf_by_leaf(name, shared, desk, leaves):
    data = (shared / "uk-cds/samples" / name).read_bytes()
    (reading,) = desk("customs/uk/h7").read(data)
    assert reading.findings == ()
    assert leaves(desk("customs/uk/h7").format.write(reading.record).text.encode()) == leaves(data)


def test_a_bulk_declaration_comes_back_leaf_by_leaf(shared, desk, leaves):
    data = (shared / "uk-cds/samples/TT_IM072a.xml").read_bytes()
    (reading,) = desk("customs/uk/birds").read(data)
    assert reading.findings == ()
    assert leaves(desk("customs/uk/birds").format.write(reading.record).text.encode()) == leaves(data)


@pytest.mark.parametrize(("name", "derived"), [("amend_one_value.xml", {"GoodsItemQuantity"}), ("cancel.xml", set())])
def test_a_change_and_a_cancellation_come_back_with_derived_counts_only(name, derived, shared, desk, leaves):
    data = (shared / "uk-cds/samples/own" / name).read_bytes()
    (reading,) = desk("customs/uk/h7").read(data)
    written = desk("customs/uk/h7").format.write(reading.record).text.encode()
    before, after = Counter(leaves(data)), Counter(leaves(written))
    assert before - after == Counter()
    assert {path.rpartition("/")[2] for path, _ in after - before} == derived


def notifications(shared):
    found = sorted((shared / "uk-cds/samples/Example_DMS_notifications").glob("*.xml"))
    assert len(found) == 15
    return found + sorted((shared / "uk-cds/samples/own").glob("res*.xml"))


def test_every_value_of_the_notifications_is_carried(shared, desk, leaves):
    """Attributes say the form of a value beside them (`formatCode`, `currencyID`); the type name is what recognises."""
    for path in notifications(shared):
        data = path.read_bytes()
        (trace,) = desk("customs/uk/response").traces(data)
        carried = Counter(_plain(entry.message_path) for entry in trace.entries)
        values = Counter(way for way, _ in leaves(data) if "@" not in way and not way.endswith("/WCOTypeName"))
        assert values - carried == Counter(), path.name
        assert [finding.code for finding in trace.findings if finding.severity == "error"] == [], path.name


def test_amounts_of_a_tax_notification_keep_their_currency(shared, desk):
    data = (shared / "uk-cds/samples/Example_DMS_notifications/13_DMSTAX.xml").read_bytes()
    (reading,) = desk("customs/uk/response").read(data)
    taxes = reading.record.taxes
    assert [(tax.type, tax.goods_item, str(tax.amount.amount), tax.amount.currency) for tax in taxes] == [
        ("A00", 1, "270.00", "GBP"),
        ("B00", 1, "2054.00", "GBP"),
    ]


def _plain(path):
    """`Response/Declaration[2]/DutyTaxFee/../ID` as a path from the root without numbers and detours."""
    bare = re.sub(r"\[\d+\]", "", path)
    return posixpath.normpath(bare if bare.startswith("/") else f"/MetaData/{bare}")
