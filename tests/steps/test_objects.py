"""A partner sends JSON instead of XML: its requests go the same way, from the inbox to customs and back."""

import json
import re

import pytest

from gateway.mapping.registry import shipped
from gateway.steps.reading import intake, translate
from gateway.steps.repeating import operate
from gateway.steps.working.translation import perform
from tests.steps.site import Site

CARRIER = """\
partner: example-carrier
party: {name: Example Carrier, role: carrier, country: FI}
timezone: UTC
connections:
  feed: {environment: production, directory: PLACE/carrier, every: 1s}
sends:
  carrier/teleship-shipment: {from: out/*.json, complete: rename, after: move to done/}
"""
ROUTE = """\
- route: shipments-h7
  from: {role: carrier, format: carrier/teleship-shipment, when: {consignee.address.country: [GB]}}
  file: {with: uk-customs, as: customs/uk/h7}
  findings: {default: hold}
"""
WHOLE = (shipped() / "carrier/cases/teleship-shipment/every-element.in").read_text()


def shipment(number):
    """One request, its own number in it."""
    return WHOLE.replace("HL-2026-00417", f"HL-2026-{number:05}").replace("2026-11-", "2026-09-").strip()


@pytest.fixture
def carrier(tmp_path):
    place = Site(tmp_path)
    place.partner("example-carrier", CARRIER)
    routes = place.folder / "config/routes.yaml"
    routes.write_text(ROUTE + routes.read_text())
    return place


def states(site, gate):
    return {row["item_id"]: row["state"] for row in site.rows(gate, "item")}


def deadly(job):
    """A batch with the third shipment in it."""
    return b"HL-2026-00003" in job.data


def test_each_shipment_is_filed_and_a_broken_one_costs_no_other(carrier):
    shipments = [shipment(number) for number in range(1, 6)]
    shipments[2] = shipments[2].replace('"quantity": 2', '"quantity": NaN')
    data = f"[\n{', '.join(shipments)}\n]\n".encode()
    carrier.post(data, "day.json", "carrier")
    with carrier.gate() as gate:
        carrier.run(gate)
        assert states(carrier, gate) == {
            f"HL-2026-{number:05}": "quarantined" if number == 3 else "accepted" for number in range(1, 6)
        }
        assert "SRC506" in carrier.codes(gate, "item")
        assert carrier.violations(gate) == []
        (bad,) = [row for row in carrier.rows(gate, "item") if row["state"] == "quarantined"]
    assert data[bad["offset"] : bad["offset"] + bad["length"]].decode() == shipments[2]
    filed = b"".join(carrier.filed().values()).decode()
    assert len(carrier.filed()) == 4
    assert set(re.findall(r"<GrossMassMeasure[^>]*>(.*)</GrossMassMeasure>", filed)) == {"0.743", "0.197"}


def test_lines_and_single_objects_go_the_same_way(carrier):
    lines = [json.dumps(json.loads(shipment(number))) for number in (11, 12)]
    carrier.post("\n".join(lines).encode(), "lines.json", "carrier")
    carrier.post(shipment(13).encode(), "one.json", "carrier")
    with carrier.gate() as gate:
        carrier.run(gate)
        assert set(states(carrier, gate).values()) == {"accepted"}
    assert len(carrier.filed()) == 3


def test_a_batch_that_kills_its_worker_is_divided_until_one_shipment_is_left(carrier):
    data = f"[{', '.join(shipment(number) for number in range(1, 6))}]".encode()
    carrier.post(data, "day.json", "carrier")
    with carrier.gate() as gate:
        carrier.poll(gate)
        intake.intake(gate)
        for _ in range(30):
            for taken, bundle in translate.take(gate, 4):
                alive = [pair for pair in zip(taken, bundle.jobs, strict=True) if not deadly(pair[1])]
                for one, job in zip(taken, bundle.jobs, strict=True):
                    if deadly(job):
                        translate.lose(gate, one, "killed")
                if alive:
                    done = perform(type(bundle)(tuple(job for _, job in alive)))
                    translate.finish(gate, [one for one, _ in alive], done)
        carrier.run(gate)
        assert states(carrier, gate)["HL-2026-00003"] == "quarantined"
        assert sorted(states(carrier, gate).values()) == ["accepted"] * 4 + ["quarantined"]


def test_a_shipment_is_read_again_from_its_bytes_alone(carrier):
    broken = shipment(1).replace('"quantity": 2', '"quantity": "two"')
    carrier.post(f"[{broken}, {shipment(2)}]".encode(), "day.json", "carrier")
    with carrier.gate() as gate:
        carrier.run(gate)
        (item,) = carrier.ids(gate, "item", state="quarantined")
        (finding,) = [row for row in carrier.rows(gate, "finding") if row["code"] == "SRC260"]
        assert finding["path"] == "shipment/commodities/quantity"
        assert operate.retry(gate, item, "O:someone") == "quarantined"
        carrier.run(gate)
        assert states(carrier, gate)["HL-2026-00001"] == "quarantined"


@pytest.mark.parametrize(
    ("data", "code"), [(b"<shipment/>", "SRC501"), (b'{"a": 1}', "SRC205"), ("[{}]".encode("utf-16"), "SRC502")]
)
def test_a_file_that_is_none_of_it_is_refused_as_a_whole(carrier, data, code):
    carrier.post(data, "day.json", "carrier")
    with carrier.gate() as gate:
        carrier.run(gate)
        assert carrier.codes(gate) == {code}
        assert carrier.states(gate) == {}
