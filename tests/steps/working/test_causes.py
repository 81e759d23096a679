"""One finding a cause: the reader's, which knows the element; what a check says of a value that is there stays."""

import re

import pytest

from gateway.findings import Finding
from gateway.steps.working.causes import once
from tests.steps.test_exchange import itmatt

NO_VALUE = Finding("SRC354", model_path="goods_items[1].value")
NO_NAME = Finding("SRC372", model_path="consignor.name")


@pytest.mark.parametrize(
    ("read", "found"),
    [
        (Finding("SRC264", model_path="goods_items[1].value"), NO_VALUE),
        (Finding("SRC253", model_path="consignor.name"), NO_NAME),
        (Finding("SRC253", model_path="consignor"), NO_NAME),
        (Finding("SRC253", model_path="goods_items"), NO_VALUE),
    ],
)
def test_what_could_not_be_read_is_not_missed_again(read, found):
    assert once((read,), (found,)) == (read,)


@pytest.mark.parametrize(
    ("read", "found"),
    [
        (Finding("SRC264", model_path="goods_items[2].value"), NO_VALUE),
        (Finding("SRC264", model_path="goods_items[1]"), Finding("SRC354", model_path="goods_items[11].value")),
        (Finding("SRC253", model_path="consignee.name"), NO_NAME),
        (Finding("SRC277", severity="info", model_path="consignor.name"), NO_NAME),
        (Finding("SRC254"), NO_NAME),
        (Finding("SRC256", model_path="item_id"), Finding("SRC301", model_path="item_id")),
    ],
)
def test_another_cause_is_told(read, found):
    assert once((read,), (found,)) == (read, found)


def codes(site, data):
    site.post(data)
    with site.gate() as gate:
        site.run(gate)
        assert site.states(gate) == {"quarantined": 1}
        return sorted(row["code"] for row in site.rows(gate, "finding") if row["severity"] == "error")


def test_an_amount_without_a_currency_is_one_finding(site):
    assert codes(site, re.sub(rb' currency="[A-Z]+"(?=>\d+)', b"", itmatt(1), count=1)) == ["SRC264"]


def test_a_party_without_a_name_is_one_finding(site):
    head, _, rest = itmatt(1).partition(b"<sender><name>")
    assert codes(site, head + b"<sender>" + rest.partition(b"</name>")[2]) == ["SRC253"]
