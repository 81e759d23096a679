"""Tables of carriers' JSON requests: what of real requests is carried and why the rest is not, both ways, units."""

import json
import posixpath
import re
from copy import deepcopy
from decimal import Decimal

import msgspec
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from lxml import etree

from gateway.mapping.law import asides
from gateway.mapping.registry import shipped
from tests.tables.conftest import ON, SETTINGS

TABLES = ("teleship", "asendia", "easyship")
REAL = {
    "teleship": ("fixtures/teleship-ShipmentRequest.json", "schemas/teleship-shipment_request.json"),
    "asendia": ("schemas/asendia-shipment_request.json",),
    "easyship": ("fixtures/easyship-ShipmentRequest.json", "schemas/easyship-shipment_request.json"),
}
# Of all values of the real requests: how many a row carries. The others are left aside by rows that say why.
CARRIED = {"teleship": (34, 51), "asendia": (58,), "easyship": (40, 49)}
QUIET = settings(deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])


@pytest.fixture(scope="session")
def table(desk):
    """A carrier's table at work."""
    return lambda name: desk(f"carrier/{name}-shipment")


def traces(found, data):
    """Each unit with its trace and its leaves."""
    for item, opening, raw in found.items(data):
        trace = found.format.trace_read(item, raw, opening)
        yield trace, list(found.format.syntax.leaves(item, opening, raw, found.format.plan))


def path(steps):
    return "/".join(name if number == 1 else f"{name}[{number}]" for name, number in steps)


@pytest.mark.parametrize("name", TABLES)
def test_every_value_of_a_real_request_is_carried_or_left_aside_with_a_reason(name, shared, table):
    plan = table(name).format.plan
    aside = asides(plan)
    notes = {
        line.split(":")[0].strip(): line
        for line in (shipped() / plan.file).read_text().splitlines()
        if "{note:" in line
    }
    assert len(notes) >= len({start.strip(" /") for start in aside}) / 4  # one row may stand in several blocks
    counts = []
    for file in REAL[name]:
        ((trace, leaves),) = traces(table(name), (shared / "carrier-apis" / file).read_bytes())
        carried = {posixpath.normpath(entry.message_path) for entry in trace.entries if entry.model_path}
        said = [path(leaf.steps) for leaf in leaves if leaf.text.strip()]
        rest = [one for one in said if one not in carried]
        assert [one for one in rest if not (re.sub(r"\[\d+\]", "", one) + " ").startswith(aside)] == []
        assert {finding.code for finding in trace.findings} <= {"SRC253", "SRC341", "SRC344", "SRC335"}
        counts.append(len(said) - len(rest))
    assert tuple(counts) == CARRIED[name]


def test_what_is_said_of_one_piece_is_no_line(shared, table):
    """Two pieces of 10 kg each and 20 dollars each, as the basis table of the feeds says."""
    ((trace, _),) = traces(
        table("easyship"), (shared / "carrier-apis/fixtures/easyship-ShipmentRequest.json").read_bytes()
    )
    (goods,) = trace.record.goods_items
    assert (goods.quantity, goods.unit_net_mass.value, goods.unit_price.amount) == (2, Decimal("10.0"), Decimal(20))
    assert goods.value is goods.net_mass is None
    ((trace, _),) = traces(
        table("teleship"), (shared / "carrier-apis/fixtures/teleship-ShipmentRequest.json").read_bytes()
    )
    (goods,) = trace.record.goods_items
    assert (goods.value.amount, goods.unit_price) == (Decimal("150.0"), None)
    assert goods.unit_net_mass.value * goods.quantity == trace.record.gross_mass.value


def written(found, request):
    """One request read and written back."""
    (reading,) = found.read(json.dumps(request).encode())
    return found.format.write(reading.record).text


def teleship():
    return json.loads((shipped() / "carrier/cases/teleship-shipment/every-element.in").read_text())


def test_kinds_come_back_as_the_grammar_says(table):
    request = teleship()
    request["weight"]["value"] = "0.10"
    request["commodities"][0]["hsCode"] = 611691
    request["commodities"][0]["value"]["amount"] = 0.1
    again = written(table("teleship"), request)
    assert '"value": 0.10\n' in again
    assert '"hsCode": "611691"' in again
    assert '"amount": 0.1,' in again
    assert json.loads(again)["commodities"][1] == {**request["commodities"][1]}


def test_an_exponent_is_a_number_and_a_code_is_not(table):
    data = json.dumps([teleship()]).replace('"quantity": 2', '"quantity": 2E1').replace('"MITTEN-M"', "1E3").encode()
    ((trace, leaves),) = traces(table("teleship"), data)
    goods = trace.record.goods_items[0]
    assert (goods.quantity, goods.sku) == (Decimal(20), "1E3")
    assert "2E1" in [leaf.text for leaf in leaves]
    assert [finding.code for finding in trace.findings] == ["SRC514"]


def test_members_stand_in_any_order_and_new_ones_are_told(table):
    request = dict(reversed(teleship().items()))
    (reading,) = table("teleship").read(json.dumps(request).encode())
    assert reading.exact
    (told,) = table("teleship").read(json.dumps(request | {"newcomer": {"a": 1}}).encode())
    assert [finding.code for finding in told.findings] == ["SRC255"]
    assert told.record == reading.record


def test_more_lines_than_the_request_has_are_not_cut(table):
    (reading,) = table("teleship").read(json.dumps(teleship()).encode())
    address = msgspec.structs.replace(reading.record.consignee.address, lines=("1", "2", "3"))
    consignee = msgspec.structs.replace(reading.record.consignee, address=address)
    record = msgspec.structs.replace(reading.record, consignee=consignee)
    assert [finding.code for finding in table("teleship").format.write(record).findings] == ["TGT511"]


@pytest.mark.parametrize("name", ["teleship", "asendia"])
def test_a_request_becomes_a_declaration_that_the_schema_takes(name, shared, table, desk, declare):
    """Values and weights of one piece count for the line."""
    data = (shipped() / f"carrier/cases/{name}-shipment/every-element.in").read_bytes()
    (reading,) = table(name).read(data)
    record, found = declare(reading.record, SETTINGS | {"commodity-padding": "zeros"})
    assert [finding.code for finding in found if finding.severity == "error"] == []
    schema = etree.XMLSchema(etree.parse(shared / "uk-cds/schemas/customs/wrapper_submit.xsd"))
    schema.assertValid(etree.fromstring(desk("customs/uk/h7").format.write(record).text.encode()))
    weights = [goods.gross_mass.value for goods in record.goods_items]
    assert sum(weights) == reading.record.gross_mass.value
    if name == "asendia":
        assert [goods.value.amount for goods in record.goods_items] == [Decimal("120.00"), Decimal("19.9")]


# the compiled reader and the twin

VALUES = st.sampled_from(
    [None, "", " x ", "x" * 80, 0, 1.5, -1, True, [], ["a"], ["a", "b"], {}, {"b": 1}, "EUR", "GB", "kg"]
)


@st.composite
def shaken(draw, request):
    """A request with some members exchanged, taken out, put in or doubled; nothing drawn is shared."""
    for _ in range(draw(st.integers(0, 3))):
        at = draw(st.sampled_from(list(objects(request))))
        name = draw(st.sampled_from([*sorted(at), "newcomer"]))
        at[name] = deepcopy(draw(st.sampled_from([draw(VALUES), [at.get(name)] * 2])))
        if draw(st.booleans()):
            del at[name]
    return request


def objects(value):
    """A request and every object in it."""
    if isinstance(value, dict):
        yield value
    for one in value.values() if isinstance(value, dict) else value if isinstance(value, list) else ():
        yield from objects(one)


@pytest.mark.parametrize("name", TABLES)
@settings(QUIET, max_examples=150)
@given(data=st.data())
def test_the_compiled_reader_agrees_with_the_twin(table, name, data):
    cases = json.loads((shipped() / f"carrier/cases/{name}-shipment/every-element.in").read_text())
    request = data.draw(shaken(cases[0] if isinstance(cases, list) else cases))
    found = table(name)
    raw = json.dumps(
        request, ensure_ascii=data.draw(st.booleans()), indent=data.draw(st.sampled_from([None, 1]))
    ).encode()
    for item, opening, own in found.items(raw):
        trace = found.format.trace_read(item, own, opening)
        compiled = found.format.reader(item.body, item.equals)
        if compiled is not None:
            assert trace.findings == ()
            assert compiled == trace.record


@pytest.mark.parametrize("name", TABLES)
def test_the_clean_path_is_compiled(name, table):
    readings = table(name).read((shipped() / f"carrier/cases/{name}-shipment/every-element.in").read_bytes())
    assert [reading.exact for reading in readings] == [True] * len(readings)


def test_recognised_by_their_members_alone(shared, registry):
    for name, files in REAL.items():
        for file in files:
            head = (shared / "carrier-apis" / file).read_bytes()[:65_536]
            assert registry.recognise(head, ON)[:1] == (f"carrier/{name}-shipment",)
    others = [p for p in (shared / "carrier-apis/schemas").glob("*.json") if p.name.split("-")[0] not in TABLES]
    assert len(others) > 10
    assert [p.name for p in others if registry.recognise(p.read_bytes()[:65_536], ON)] == []
